/** Provides rows of sign-in rounds, and who has signed. */

import type { NewRoomEntry, RoomSignal } from "@lectern/room";
import { sql } from "kysely";
import type { SigninRound } from "../../foundation/store/presence-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";

export type SigninCount = { readonly signed: number; readonly late: number };
/** Milliseconds since 1970. */
export type Signed = { readonly at: number; readonly late: boolean };

export type NewSignin = { readonly round: string; readonly participant: string; readonly late: boolean };

const NOBODY: SigninCount = { signed: 0, late: 0 };

export async function findRounds(db: Db, lessonId: string, refs: readonly string[]): Promise<Map<string, SigninRound>> {
  const rows = await db
    .selectFrom("signin_rounds")
    .selectAll()
    .where("lesson_id", "=", lessonId)
    .where("id", "in", [...new Set(refs)])
    .execute();
  return new Map(rows.map((round) => [round.id, round]));
}

export function openRounds(db: Db, lessonId: string): Promise<SigninRound[]> {
  return db
    .selectFrom("signin_rounds")
    .selectAll()
    .where("lesson_id", "=", lessonId)
    .where("closed_at", "is", null)
    .orderBy("id")
    .execute();
}

/** Who of these people has signed in these rounds, by `ROUND/PARTICIPANT`. */
export async function findSigned(db: Db, rounds: readonly string[], participants: readonly string[]): Promise<Map<string, Signed>> {
  const rows = await db
    .selectFrom("signins")
    .selectAll()
    .where("round_id", "=", sql<string>`any(${[...rounds]}::text[])`)
    .where("participant_id", "=", sql<string>`any(${[...participants]}::text[])`)
    .execute();
  return new Map(rows.map((row) => [`${row.round_id}/${row.participant_id}`, { at: row.at.getTime(), late: row.late }]));
}

/** Notes that participants of the lesson have signed, in one statement. Returns those that are noted now, as `ROUND/PARTICIPANT`. */
export async function insertSigned(db: Db, lessonId: string, signins: readonly NewSignin[], now: number): Promise<Set<string>> {
  const { rows } = await sql<{ round_id: string; participant_id: string }>`
    insert into signins (round_id, participant_id, at, late)
    select r.round, r.participant, ${new Date(now)}, r.late
    from jsonb_to_recordset(${JSON.stringify(signins)}::jsonb) as r(round text, participant text, late boolean)
    join participants on participants.id = r.participant and participants.lesson_id = ${lessonId}
    on conflict do nothing
    returning round_id, participant_id`.execute(db);
  return new Set(rows.map((row) => `${row.round_id}/${row.participant_id}`));
}

export async function countSigned(db: Db, rounds: readonly string[]): Promise<(round: string) => SigninCount> {
  if (rounds.length === 0) return () => NOBODY;
  const rows = await db
    .selectFrom("signins")
    .select((select) => [
      "round_id",
      select.fn.countAll<number>().as("signed"),
      select.fn.countAll<number>().filterWhere("late", "=", true).as("late"),
    ])
    .where("round_id", "in", [...new Set(rounds)])
    .groupBy("round_id")
    .execute();
  const counts = new Map(rows.map((row) => [row.round_id, { signed: Number(row.signed), late: Number(row.late) }]));
  return (round) => counts.get(round) ?? NOBODY;
}

/** Until when people are on time, and may sign. */
export function stateOf(
  { closed_at: closedAt, closes_at: closesAt, late_allowed: lateAllowed }: SigninRound,
  now: number,
): "open" | "late" | "closed" {
  if (closedAt !== null) return "closed";
  if (closesAt === null || now <= closesAt.getTime()) return "open";
  return lateAllowed ? "late" : "closed";
}

/** What everybody sees of a round: without its code. */
export function roundEntry(round: SigninRound): NewRoomEntry {
  const { id: ref, title, code, closed_at: closedAt, closes_at: closesAt, late_allowed: lateAllowed } = round;
  return {
    kind: "signin",
    to: "all",
    key: `signin/${ref}`,
    body: {
      ref,
      title,
      state: closedAt === null ? "open" : "closed",
      needsCode: code !== null,
      lateAllowed,
      closesAt: closesAt?.getTime() ?? null,
    },
  };
}

/** Staff see how many have signed, and the code that they show. */
export function roundSignal({ id, code, closed_at: closedAt }: SigninRound, { signed, late }: SigninCount): RoomSignal {
  return { kind: "signin", key: id, to: "staff", body: { signed, late, code: closedAt === null ? code : null } };
}

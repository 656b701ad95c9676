/**
 * Decides about sign-in rounds: staff open and close them, everybody signs once. A round with a time limit closes by itself, or notes from then on who is
 * late. Thousands sign within a second: each group of actions is one statement.
 */
import { type ActionOf, SIGN_IN } from "@lectern/room";
import { type Clock, systemClock } from "../../../platform/clock.ts";
import { newId } from "../../../platform/id.ts";
import { RateLimit } from "../../../platform/rate-limit.ts";
import { Refusal } from "../../../platform/refusal.ts";
import { attendanceText } from "../../foundation/messages/attendance-texts.ts";
import type { SigninRound } from "../../foundation/store/presence-tables.ts";
import type { Domain, Outcome, RequestedAction, RoomHandle, RoomView } from "../domain.ts";
import { actionSchema } from "../field-schemas.ts";
import {
  countSigned,
  findRounds,
  findSigned,
  insertSigned,
  openRounds,
  roundEntry,
  roundSignal,
  stateOf,
} from "./signin-rounds.ts";
import { SigninTimers } from "./signin-timers.ts";

const MAX_ROUNDS = 200;
/** A code has 10 000 values: a person who guesses gets no further than a few of them. */
const CODES_OF_PERSON = { burst: 5, perSecond: 1 / 30 };

type SigninBody = ActionOf<typeof SIGN_IN>;
type OpenBody = Extract<SigninBody, { action: "open" }>;
type SignBody = Extract<SigninBody, { action: "sign" }>;

type Live = { readonly timers: SigninTimers; readonly codes: RateLimit };

export function signinDomain(clock: Clock = systemClock): Domain<SigninBody> {
  const live: Live = { timers: new SigninTimers(clock), codes: new RateLimit(CODES_OF_PERSON, clock.monotonic) };
  return {
    kind: SIGN_IN.kind,
    body: actionSchema(SIGN_IN),
    decide: async (room, actions, handle) => {
      const outcomes: Outcome[] = [];
      for (let i = 0; i < actions.length; ) {
        const signs = signsFrom(actions, i);
        if (signs.length > 0) outcomes.push(...(await sign(room, signs, handle, live.codes)));
        else outcomes.push(await openOrClose(room, actions[i], handle, live));
        i += Math.max(1, signs.length);
      }
      return outcomes;
    },
    opened: async (room, handle) => {
      const rounds = await openRounds(room.trx, room.lessonId);
      const refs = rounds.map(({ id: ref }) => ref);
      const count = await countSigned(room.trx, refs);
      room.afterCommit(() => {
        for (const round of rounds) {
          handle.signal(roundSignal(round, count(round.id)));
          live.timers.begin(handle, round);
        }
      });
    },
    closed: (lessonId) => live.timers.closeRoom(lessonId),
  };
}

type Sign = RequestedAction<SignBody>;

/** The actions from a place on that sign. */
function signsFrom(actions: readonly RequestedAction<SigninBody>[], start: number): Sign[] {
  const signs: Sign[] = [];
  for (const { body, ...action } of actions.slice(start)) {
    if (body.action !== "sign") break;
    signs.push({ ...action, body });
  }
  return signs;
}

async function openOrClose(
  room: RoomView,
  action: RequestedAction<SigninBody> | undefined,
  handle: RoomHandle,
  { timers }: Live,
): Promise<Outcome> {
  if (action?.person.role !== "staff") return new Refusal("refused-by-rule", attendanceText("staff-only"));
  const { body } = action;
  if (body.action === "open") return await open(room, action, body, handle, timers);
  const round = (await findRounds(room.trx, room.lessonId, [body.ref])).get(body.ref);
  if (!round) return new Refusal("not-found", attendanceText("no-round"));
  return await close(room, action, round, handle, timers);
}

async function open(
  room: RoomView,
  { person }: RequestedAction<SigninBody>,
  { title = "", code, seconds, late = false }: OpenBody,
  handle: RoomHandle,
  timers: SigninTimers,
): Promise<Outcome> {
  const counted = room.trx.selectFrom("signin_rounds").select(({ fn }) => fn.countAll<number>().as("count"));
  const { count } = await counted.where("lesson_id", "=", room.lessonId).executeTakeFirstOrThrow();
  if (Number(count) >= MAX_ROUNDS) return new Refusal("conflict", attendanceText("too-many-rounds", { max: MAX_ROUNDS }));
  const round = await room.trx
    .insertInto("signin_rounds")
    .values({
      id: newId(),
      lesson_id: room.lessonId,
      title,
      code: code ?? null,
      late_allowed: late,
      opened_at: new Date(room.now),
      closes_at: seconds === undefined ? null : new Date(room.now + seconds * 1000),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await room.audit("signin.open", person, { ref: round.id, title, closesAt: round.closes_at, late });
  room.afterCommit(() => {
    handle.signal(roundSignal(round, { signed: 0, late: 0 }));
    timers.begin(handle, round);
  });
  return { entries: [roundEntry(round)], answer: { ref: round.id } };
}

async function close(
  room: RoomView,
  { person }: RequestedAction<SigninBody>,
  round: SigninRound,
  handle: RoomHandle,
  timers: SigninTimers,
): Promise<Outcome> {
  if (round.closed_at !== null) return { entries: [] };
  const closed = { ...round, closed_at: new Date(room.now) };
  await room.trx.updateTable("signin_rounds").set({ closed_at: closed.closed_at }).where("id", "=", round.id).execute();
  const { signed, late } = (await countSigned(room.trx, [round.id]))(round.id);
  await room.audit("signin.close", person, { ref: round.id, signed, late });
  await room.emit("room.signin.closed", { ref: round.id, title: round.title, signed, late });
  room.afterCommit(() => {
    timers.end(handle.lessonId, round.id);
    handle.signal(roundSignal(closed, { signed, late }));
  });
  return { entries: [roundEntry(closed)] };
}

async function sign(room: RoomView, actions: readonly Sign[], handle: RoomHandle, codes: RateLimit): Promise<Outcome[]> {
  const { trx, lessonId, now } = room;
  const refs = [...new Set(actions.map(({ body }) => body.ref))];
  const rounds = await findRounds(trx, lessonId, refs);
  const earlier = await findSigned(
    trx,
    refs,
    actions.map(({ person }) => person.id),
  );
  const fresh = new Map<string, { round: string; participant: string; late: boolean }>();
  const refused = actions.map(({ body, person }): Refusal | null => {
    const round = rounds.get(body.ref);
    if (!round) return new Refusal("not-found", attendanceText("no-round"));
    if (person.role === "watcher") return new Refusal("refused-by-rule", attendanceText("participants-only"));
    const key = `${round.id}/${person.id}`;
    if (earlier.has(key) || fresh.has(key)) return null;
    const state = stateOf(round, now);
    if (state === "closed") return new Refusal("closed", attendanceText("round-closed"));
    const wrong = wrongCode(round, body, person.id, codes);
    if (!wrong) fresh.set(key, { round: round.id, participant: person.id, late: state === "late" });
    return wrong;
  });
  const inserted = fresh.size === 0 ? new Set<string>() : await insertSigned(trx, lessonId, [...fresh.values()], now);
  if (inserted.size > 0) {
    const count = await countSigned(trx, refs);
    const signals = [...rounds.values()].map((round) => roundSignal(round, count(round.id)));
    room.afterCommit(() => {
      for (const signal of signals) handle.signal(signal);
    });
  }
  return actions.map(({ body, person }, i): Outcome => {
    const refusal = refused[i];
    if (refusal) return refusal;
    const key = `${body.ref}/${person.id}`;
    const signed = earlier.get(key) ?? (inserted.has(key) ? { at: now, late: fresh.get(key)?.late ?? false } : null);
    // A key of the API, or staff who have not joined.
    if (!signed) return new Refusal("refused-by-rule", attendanceText("participants-only"));
    return { entries: [], answer: { ref: body.ref, ...signed } };
  });
}

/** Null where the code is right, or none is asked for. */
function wrongCode({ id: ref, code }: SigninRound, body: SignBody, participant: string, codes: RateLimit): Refusal | null {
  if (code === null) return null;
  const wrong = new Refusal("wrong-code", attendanceText("wrong-code"));
  // A page that does not know whether its person has signed asks without a code.
  if (body.code === undefined) return wrong;
  const wait = codes.take([`${ref}/${participant}`]);
  if (wait > 0) return new Refusal("too-many", attendanceText("too-many-codes")).after(wait);
  return body.code.trim() === code ? null : wrong;
}

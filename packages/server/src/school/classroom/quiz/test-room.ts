/** A room with the domains of quizzes on a database, for tests: each group of actions is one transaction. */

import { RetainedEntries, type RoomAction, type RoomEntry, type RoomPerson, type RoomSignal } from "@lectern/room";
import { z } from "zod";
import type { ActionResult } from "../../../contracts/rooms/room-requests.ts";
import { ManualClock } from "../../../platform/clock.ts";
import { newId } from "../../../platform/id.ts";
import type { Database, Lesson } from "../../foundation/store/tables.ts";
import { commitGroup, type GroupAction, type GroupRoom, roomView } from "../commit-group.ts";
import type { Domain, RoomHandle } from "../domain.ts";
import { claimRoom } from "../entry-store.ts";
import { assertDeclared, assertDeclaredSignals } from "../test-declared-entries.ts";
import { quizDomains } from "./quiz-domains.ts";

export const TEACHER: RoomPerson = { id: newId(), name: "Teacher", role: "staff" };

export type TestRoom = Awaited<ReturnType<typeof openTestRoom>>;

/** @param check what the word lists say. Default: nothing */
export async function openTestRoom(
  db: Database,
  lesson: Lesson,
  clock = new ManualClock(),
  check = (_: string, text: string) => ({ action: "pass" as "pass" | "mask" | "refuse", text, reason: null }),
) {
  /** A fault that undoes its whole group. */
  const fault: Domain = { kind: "fault", body: z.unknown(), decide: () => Promise.reject(new Error("a fault")) };
  const domains = new Map([...quizDomains(check, clock), fault].map((domain) => [domain.kind, domain]));
  const claim = await claimRoom(db, lesson.id, "n/1", () => false);
  if (!("mine" in claim)) throw new Error("claimed by another");
  const signals: RoomSignal[] = [];
  const entries: RoomEntry[] = [];
  const acts: Promise<void>[] = [];
  const failing = { acts: false };
  let { head } = claim.mine;
  /** @param isKnown false: the group is stored, but the owner does not hear of it */
  const send = async (group: readonly GroupAction[], isKnown = true): Promise<readonly ActionResult[]> => {
    const done = await commitGroup(room, head, group);
    head = done.entries.at(-1)?.seq ?? head;
    assertDeclared(done.entries);
    entries.push(...done.entries);
    if (isKnown) for (const call of done.afterCommit) call();
    return done.results;
  };
  const handle: RoomHandle = {
    lessonId: lesson.id,
    signal: (signal) => signals.push(signal),
    act: (action) => {
      if (failing.acts) return Promise.reject(new Error("no database"));
      const act = send([{ person: null, action: { ...action, mediaTime: null } }]).then(() => {});
      acts.push(act);
      return act;
    },
  };
  const room: GroupRoom = {
    db,
    handle,
    domains,
    term: claim.mine,
    self: "n/1",
    retained: new RetainedEntries(),
    now: clock.utc,
    done: new Map(),
    lesson: { id: lesson.id, schoolId: lesson.school_id, title: lesson.title },
    people: () => new Set(),
  };
  const calls: (() => void)[] = [];
  await db.transaction().execute(async (trx) => {
    const view = roomView(
      room,
      trx,
      (call) => calls.push(call),
      () => {},
    );
    for (const domain of domains.values()) await domain.opened?.(view, handle);
  });
  for (const call of calls) call();
  const one = async (person: RoomPerson | null, kind: string, body: Record<string, unknown>, id = newId()) => {
    const [result] = await send([{ person, action: actionOf(kind, body, id) }]);
    if (!result) throw new Error("no result");
    return result;
  };
  return {
    clock,
    room,
    signals,
    entries,
    acts,
    failing,
    send,
    one,
    /** Opens a quiz, and returns its reference. */
    open: async (body: Record<string, unknown>): Promise<string> => {
      const result = await one(TEACHER, "quiz", { action: "open", ...body });
      if ("refused" in result) throw new Error(`${result.refused} ${result.detail}`);
      return String(result.body?.["ref"]);
    },
    /** The newest counts that were told. */
    tally: (ref: string) => signals.findLast(({ key }) => key === ref)?.body ?? null,
    close: () => {
      assertDeclaredSignals(signals);
      for (const domain of domains.values()) domain.closed?.(lesson.id);
    },
  };
}

export function actionOf(kind: string, body: Record<string, unknown>, id = newId()): RoomAction {
  return { id, kind, mediaTime: null, body };
}

export function student(id = newId()): RoomPerson {
  return { id, name: "Student", role: "member" };
}

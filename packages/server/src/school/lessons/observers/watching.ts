/** Opens a lesson for a watcher, and ends it when the watcher's time is over. */

import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { Refusal } from "../../../platform/refusal.ts";
import { hashSecret } from "../../../platform/secrets.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import type { Watcher } from "../../foundation/store/observer-tables.ts";
import type { Database, Db, Lesson, Participant } from "../../foundation/store/tables.ts";
import { activeLessons } from "../lesson-by-code.ts";

export type Watching = { readonly watcher: Watcher; readonly lesson: Lesson; readonly child: string | null };

/** @throws RefusalError not-found, watching-not-yet, watching-over, lesson-ended */
export async function findWatching(db: Db, secret: string, now: number): Promise<Watching> {
  const watcher = await db.selectFrom("watchers").selectAll().where("secret_hash", "=", hashSecret(secret)).executeTakeFirst();
  const lesson = watcher && (await activeLessons(db).where("lessons.id", "=", watcher.lesson_id).executeTakeFirst());
  if (!watcher || !lesson) throw new RefusalError("not-found", schoolText("no-watching"));
  const child = await childOf(db, watcher);
  if (watcher.revoked_at !== null || watcher.to_at.getTime() <= now || child === "gone") throw new RefusalError("watching-over");
  if (watcher.from_at.getTime() > now)
    throw new RefusalError(new Refusal("watching-not-yet").after((watcher.from_at.getTime() - now) / 1000));
  if (lesson.ended_by === "hand") throw new RefusalError("lesson-ended");
  return { watcher, lesson, child: child?.name ?? null };
}

async function childOf(db: Db, { child_id: id }: Watcher) {
  if (id === null) return null;
  const child = await db.selectFrom("users").select(["name", "disabled_at"]).where("id", "=", id).executeTakeFirst();
  return !child || child.disabled_at !== null ? "gone" : child;
}

/** The watcher as a participant of the lesson. Two devices of a watcher are one participant. */
export async function admitObserver(trx: Db, { watcher, lesson }: Watching): Promise<Participant> {
  const now = new Date();
  if (watcher.participant_id !== null) {
    const known = await trx
      .updateTable("participants")
      .set({ seen_at: now })
      .where("id", "=", watcher.participant_id)
      .returningAll()
      .executeTakeFirst();
    if (known?.removed_at) throw new RefusalError("removed-from-lesson");
    if (known) return known;
  }
  const participant = await trx
    .insertInto("participants")
    .values({
      id: newId(),
      lesson_id: lesson.id,
      name: watcher.name,
      role: "supervisor",
      by_code: false,
      seen_at: now,
      joined_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await trx
    .updateTable("watchers")
    .set({ participant_id: participant.id, opened_at: watcher.opened_at ?? now })
    .where("id", "=", watcher.id)
    .execute();
  return participant;
}

type WatchingEndOptions = {
  readonly db: Database;
  readonly streamRuleChanged: (app: string, name: string) => void;
};

/** A timer of Node.js waits no longer. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Has media workers fetch a lesson's rules again when a watcher's time is over. */
export class WatchingEnds {
  private readonly options: WatchingEndOptions;
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(options: WatchingEndOptions) {
    this.options = options;
  }

  /** Plans the ends of those who are watching: another process may have let them in. */
  async start(now = Date.now()): Promise<void> {
    const rows = await this.options.db
      .selectFrom("watchers")
      .innerJoin("lessons", "lessons.id", "watchers.lesson_id")
      .select(["watchers.id", "to_at", "stream_app", "stream_name"])
      .where("to_at", ">", new Date(now))
      .where("participant_id", "is not", null)
      .where("revoked_at", "is", null)
      .execute();
    for (const { id, to_at: to, ...lesson } of rows) this.plan(id, to, lesson);
  }

  plan(watcherId: string, to: Date, lesson: Pick<Lesson, "stream_app" | "stream_name">): void {
    if (this.timers.has(watcherId)) return;
    // A little later: the rule compares with the database's time.
    const wait = Math.min(to.getTime() - Date.now() + 200, MAX_TIMER_MS);
    const timer = setTimeout(() => {
      this.timers.delete(watcherId);
      this.options.streamRuleChanged(lesson.stream_app, lesson.stream_name);
    }, wait);
    this.timers.set(watcherId, timer.unref());
  }

  close(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }
}

/**
 * Updates the state of lessons from their streams: a lesson is live while its stream is published. This process holds the live
 * streams in memory and repeats each write to the database until it succeeds. So neither a restart of this process nor one of the
 * database loses a start or an end.
 */
import { lessonStreamOf, memberOf } from "../../access/policies/stream-policy.ts";
import type { Logger } from "../../platform/log.ts";
import { isDatabaseUnavailable } from "../../platform/store/database-errors.ts";
import type { Changes } from "../foundation/store/change.ts";
import { SYSTEM } from "../foundation/store/requester.ts";
import type { Database, Db, Lesson } from "../foundation/store/tables.ts";
import { EmptyLessons } from "./empty-lessons.ts";
import { endLesson, startLesson } from "./lesson-state.ts";
import { teachesLesson } from "./remove-participant.ts";
import { isTwoWay } from "./two-way.ts";

export type LiveStream = {
  readonly app: string;
  readonly name: string;
  readonly epoch: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
};

type PendingUpdate = {
  readonly app: string;
  readonly name: string;
  /** The stream that has ended; null where none has, or where this process did not see it. */
  readonly ended: LiveStream | null;
  /** Whether this process saw the current stream start. */
  readonly isNew: boolean;
};

const RETRY_AFTER_MS = 500;

export class LiveLessons {
  private readonly db: Database;
  private readonly changes: Changes;
  private readonly log: Logger;
  private readonly live = new Map<string, LiveStream>();
  /** Updates that are not written yet. */
  private readonly pending = new Map<string, PendingUpdate>();
  /** Their pages are their publishers, and close with them: a cut of everybody's network must not end a small lesson. */
  private readonly emptySmall: EmptyLessons;
  private working: Promise<void> | null = null;
  private timer: NodeJS.Timeout | null = null;
  private readonly isLeader: () => boolean;
  private closed = false;

  /**
   * @param live streams that are live now
   * @param isLeader whether this process runs the leader tasks; only the leader writes
   */
  constructor(db: Database, changes: Changes, log: Logger, live: readonly LiveStream[], isLeader: () => boolean) {
    this.db = db;
    this.changes = changes;
    this.log = log;
    this.isLeader = isLeader;
    this.emptySmall = new EmptyLessons((key) => {
      const [app = "", name = ""] = key.split("/");
      this.queue({ app, name, ended: null, isNew: false });
    });
    for (const stream of live) this.live.set(keyOf(stream), stream);
  }

  /** Compares all live streams with the database: after a restart, and when this process becomes the leader. */
  async start(): Promise<void> {
    const known = await this.db
      .selectFrom("lessons")
      .select(["stream_app", "stream_name"])
      .where("state", "=", "live")
      .where("started_by", "=", "publisher")
      .execute();
    for (const { stream_app: app, stream_name: name } of known) this.queue({ app, name, ended: null, isNew: false });
    for (const { app, name } of this.live.values()) this.queue({ app, name, ended: null, isNew: false });
  }

  /** A stream has started, or ended (null). */
  streamChanged(app: string, name: string, stream: LiveStream | null): void {
    const key = keyOf({ app, name });
    const before = this.live.get(key) ?? null;
    if (stream) this.live.set(key, stream);
    else this.live.delete(key);
    // Of several streams that ended before the write, webhooks know only the oldest one.
    const ended = this.pending.get(key)?.ended ?? before;
    if (before?.epoch !== stream?.epoch) this.queue({ app, name, ended, isNew: stream !== null });
  }

  isLive(app: string, name: string): boolean {
    return this.live.has(keyOf({ app, name }));
  }

  async close(): Promise<void> {
    this.closed = true;
    if (this.timer) clearTimeout(this.timer);
    await this.working;
    this.emptySmall.close();
  }

  private queue(update: PendingUpdate): void {
    if (!this.isLeader()) return;
    this.pending.set(keyOf(update), update);
    this.work();
  }

  private work(): void {
    if (this.closed || this.working || this.timer) return;
    this.working = this.writeAll().finally(() => {
      this.working = null;
      if (this.pending.size === 0 || this.closed) return;
      this.timer = setTimeout(() => {
        this.timer = null;
        this.work();
      }, RETRY_AFTER_MS);
    });
  }

  private async writeAll(): Promise<void> {
    for (const [key, update] of [...this.pending]) {
      const stream = this.live.get(key) ?? null;
      try {
        await this.write(update, stream);
        // The stream may have changed again during the write.
        const newer = this.pending.get(key);
        if (newer === update) this.pending.delete(key);
        else if (newer) this.pending.set(key, { ...newer, ended: stream });
      } catch (error) {
        this.log.warn({ stream: key, reason: String(error), retryAfterMs: RETRY_AFTER_MS }, "lesson state not written, retrying");
        // Without the database, the other writes would fail too.
        if (isDatabaseUnavailable(error)) return;
      }
    }
  }

  /** Whether the lesson's stream, or in a small lesson a member's, is live. */
  private isAnyLive(app: string, lessonStream: string): boolean {
    return [...this.live.values()].some((stream) => stream.app === app && lessonStreamOf(stream.name) === lessonStream);
  }

  private write({ app, name, ended, isNew }: PendingUpdate, stream: LiveStream | null): Promise<unknown> {
    return this.changes.transact(SYSTEM, async (change) => {
      const lesson = await change.trx
        .selectFrom("lessons")
        .selectAll()
        .where("stream_app", "=", app)
        .where("stream_name", "=", lessonStreamOf(name))
        .forUpdate()
        .executeTakeFirst();
      const emit = (event: "stream.started" | "stream.ended", epoch: string) =>
        change.emit(event, lesson?.school_id ?? null, { app, name, epoch, lessonId: lesson?.id ?? null });
      if (ended) await emit("stream.ended", ended.epoch);
      if (stream && isNew) await emit("stream.started", stream.epoch);
      if (!lesson) return { body: null };
      if (stream && lesson.ended_by !== "hand" && (await beginsLesson(change.trx, lesson, name)))
        await startLesson(change, lesson, "publisher");
      if (this.isOver(lesson, stream)) await endLesson(change, lesson, "publisher");
      return { body: null };
    });
  }

  /** A lesson that was started by hand is ended by hand. A small one goes on while anybody is there, and for a while after. */
  private isOver(lesson: Lesson, stream: LiveStream | null): boolean {
    const [app, name] = [lesson.stream_app, lesson.stream_name];
    const isEmpty = lesson.state === "live" && lesson.started_by === "publisher" && !stream && !this.isAnyLive(app, name);
    return isTwoWay(lesson) ? this.emptySmall.isLeft(keyOf({ app, name }), isEmpty) : isEmpty;
  }
}

/** The lesson's own stream begins it; in a small lesson, a teacher's does too. */
async function beginsLesson(db: Db, lesson: Lesson, name: string): Promise<boolean> {
  const member = memberOf(name);
  if (member === null) return true;
  if (!isTwoWay(lesson)) return false;
  const participants = db.selectFrom("participants").selectAll().where("id", "=", member).where("lesson_id", "=", lesson.id);
  const participant = await participants.executeTakeFirst();
  return participant !== undefined && (await teachesLesson(db, lesson, participant, "assist"));
}

function keyOf({ app, name }: { app: string; name: string }): string {
  return `${app}/${name}`;
}

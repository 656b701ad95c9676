/**
 * Updates the state of lessons from their streams: a publisher begins a lesson, and one that left ends it when it has been away for as long as the
 * school waits. This process holds the live streams in memory and repeats each write to the database until it succeeds; since when a publisher is
 * absent is in the database. So neither a restart of this process nor one of the database loses a start or an end.
 */
import { isExamStream, lessonStreamOf, memberOf } from "../../access/policies/stream-policy.ts";
import type { Logger } from "../../platform/log.ts";
import { isDatabaseUnavailable } from "../../platform/store/database-errors.ts";
import type { Change, Changes } from "../foundation/store/change.ts";
import { SYSTEM } from "../foundation/store/requester.ts";
import type { Database, Db, Lesson } from "../foundation/store/tables.ts";
import { endLesson, notePublisher, startLesson } from "./lesson-state.ts";
import { teachesLesson } from "./remove-participant.ts";
import { isSmallLesson } from "./small-lesson.ts";
import type { StreamControl } from "./stream-control.ts";

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

export type LiveLessonsOptions = {
  readonly db: Database;
  readonly changes: Changes;
  readonly log: Logger;
  /** Streams that are live now. */
  readonly live: readonly LiveStream[];
  /** Whether this process runs the leader tasks; only the leader writes. */
  readonly isLeader: () => boolean;
  readonly ruleChanged: StreamControl["ruleChanged"];
};

export class LiveLessons {
  private readonly options: LiveLessonsOptions;
  private readonly live = new Map<string, LiveStream>();
  /** Updates that are not written yet. */
  private readonly pending = new Map<string, PendingUpdate>();
  /** When lessons whose publishers are absent are looked at again, by their streams. */
  private readonly ends = new Map<string, NodeJS.Timeout>();
  private working: Promise<void> | null = null;
  private timer: NodeJS.Timeout | null = null;
  private closed = false;

  constructor(options: LiveLessonsOptions) {
    this.options = options;
    for (const stream of options.live) this.live.set(keyOf(stream), stream);
  }

  /** Compares all live streams with the database: after a restart, and when this process becomes the leader. */
  async start(): Promise<void> {
    const lessons = this.options.db.selectFrom("lessons").select(["stream_app", "stream_name"]);
    const known = await lessons.where("state", "=", "live").execute();
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

  liveStreams(): readonly LiveStream[] {
    return [...this.live.values()];
  }

  /** Since when, milliseconds since 1970; null: it is not live. */
  liveSince(app: string, name: string): number | null {
    return this.live.get(keyOf({ app, name }))?.startedAt ?? null;
  }

  async close(): Promise<void> {
    this.closed = true;
    if (this.timer) clearTimeout(this.timer);
    await this.working;
    for (const timer of this.ends.values()) clearTimeout(timer);
  }

  private queue(update: PendingUpdate): void {
    // Candidates of an examination begin no lesson, and thousands of them begin within a minute.
    if (!this.options.isLeader() || isExamStream(update.name)) return;
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
        this.options.log.warn(
          { stream: key, reason: String(error), retryAfterMs: RETRY_AFTER_MS },
          "lesson state not written, retrying",
        );
        // Without the database, the other writes would fail too.
        if (isDatabaseUnavailable(error)) return;
      }
    }
  }

  /** In a small lesson, each member's stream counts. */
  private isPublished(lesson: Lesson): boolean {
    const { stream_app: app, stream_name: name } = lesson;
    if (!isSmallLesson(lesson)) return this.live.has(keyOf({ app, name }));
    return [...this.live.values()].some((stream) => stream.app === app && lessonStreamOf(stream.name) === name);
  }

  private write({ app, name, ended, isNew }: PendingUpdate, stream: LiveStream | null): Promise<unknown> {
    return this.options.changes.transact(SYSTEM, async (change) => {
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
      const begins = stream && lesson.ended_by !== "hand" && (await beginsLesson(change.trx, lesson, name));
      const started = begins ? await startLesson(change, lesson, "publisher") : lesson;
      const after = started.state === "live" ? await this.review(change, started, ended) : started;
      if (after !== lesson) change.afterCommit(() => this.options.ruleChanged(after.stream_app, after.stream_name));
      return { body: null };
    });
  }

  /** Ends a live lesson whose publisher has been away for long enough. One that was started by hand is ended by hand. */
  private async review(change: Change, lesson: Lesson, ended: LiveStream | null): Promise<Lesson> {
    const key = keyOf({ app: lesson.stream_app, name: lesson.stream_name });
    clearTimeout(this.ends.get(key));
    this.ends.delete(key);
    const isByHand = lesson.started_by === "hand";
    const isPublished = this.isPublished(lesson);
    const hasLeft = ended !== null && (isSmallLesson(lesson) || ended.name === lesson.stream_name);
    // Nobody may have published yet to what a person has started, though a student on stage may have.
    if (isByHand && !isPublished && !hasLeft) return lesson;
    const noted = await notePublisher(change, lesson, isPublished);
    if (noted.publisher_left_at === null || isByHand) return noted;
    const schools = change.trx.selectFrom("schools").select("end_after_minutes").where("id", "=", lesson.school_id);
    const { end_after_minutes: minutes } = await schools.executeTakeFirstOrThrow();
    const waitMs = noted.publisher_left_at.getTime() + minutes * 60_000 - Date.now();
    if (waitMs <= 0) return await endLesson(change, noted, "publisher");
    this.ends.set(key, setTimeout(() => this.lookAgain(lesson), waitMs).unref());
    return noted;
  }

  private lookAgain({ stream_app: app, stream_name: name }: Lesson): void {
    this.queue({ app, name, ended: null, isNew: false });
  }
}

/** The lesson's own stream begins it; in a small lesson, a teacher's does too. */
async function beginsLesson(db: Db, lesson: Lesson, name: string): Promise<boolean> {
  const member = memberOf(name);
  if (member === null) return true;
  if (!isSmallLesson(lesson)) return false;
  const participants = db.selectFrom("participants").selectAll().where("id", "=", member).where("lesson_id", "=", lesson.id);
  const participant = await participants.executeTakeFirst();
  return participant !== undefined && (await teachesLesson(db, lesson, participant, "assist"));
}

function keyOf({ app, name }: { app: string; name: string }): string {
  return `${app}/${name}`;
}

/**
 * Keeps the states of lessons true to their streams: a lesson is live while somebody publishes its stream, and ends when the stream
 * has ended. What is live is held here in memory; what the database says is brought into line with it, again and again until it is
 * done, so that neither a restart of this process nor one of the database loses a beginning or an end.
 */
import type { Logger } from "../../platform/log.ts";
import { isDatabaseAway } from "../../platform/store/store.ts";
import { type Changes, SYSTEM } from "../store/change.ts";
import type { Database } from "../store/tables.ts";
import { endLesson, startLesson } from "./lesson.ts";

export type LiveStream = {
  readonly app: string;
  readonly name: string;
  readonly epoch: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
};

type News = {
  readonly app: string;
  readonly name: string;
  /** The stream that has ended; null where none has, or where this process did not see it. */
  readonly was: LiveStream | null;
  /** Whether the stream that is there now began before our eyes. */
  readonly isNew: boolean;
};

const AGAIN_MS = 500;

export class LiveLessons {
  private readonly db: Database;
  private readonly changes: Changes;
  private readonly log: Logger;
  private readonly live = new Map<string, LiveStream>();
  /** Streams of which the database has not heard yet. */
  private readonly news = new Map<string, News>();
  private working: Promise<void> | null = null;
  private timer: NodeJS.Timeout | null = null;
  private readonly onDuty: () => boolean;
  private closed = false;

  /**
   * @param now what is live at present
   * @param onDuty whether this process is the one that writes it down
   */
  constructor(db: Database, changes: Changes, log: Logger, now: readonly LiveStream[], onDuty: () => boolean) {
    this.db = db;
    this.changes = changes;
    this.log = log;
    this.onDuty = onDuty;
    for (const stream of now) this.live.set(keyOf(stream), stream);
  }

  /** Compares all that is live with what the database says, which is what a restart needs, and whoever takes this over. */
  async start(): Promise<void> {
    const said = await this.db
      .selectFrom("lessons")
      .select(["stream_app", "stream_name"])
      .where("state", "=", "live")
      .where("started_by", "=", "publisher")
      .execute();
    for (const { stream_app: app, stream_name: name } of said) this.heard({ app, name, was: null, isNew: false });
    for (const { app, name } of this.live.values()) this.heard({ app, name, was: null, isNew: false });
  }

  /** A stream has begun or ended. */
  streamChanged(app: string, name: string, stream: LiveStream | null): void {
    const key = keyOf({ app, name });
    const was = this.live.get(key) ?? null;
    if (stream) this.live.set(key, stream);
    else this.live.delete(key);
    // What has not been told yet is told first: the oldest that has ended is the one that webhooks have heard of.
    const untold = this.news.get(key);
    if (was?.epoch !== stream?.epoch) this.heard({ app, name, was: untold?.was ?? was, isNew: stream !== null });
  }

  isLive(app: string, name: string): boolean {
    return this.live.has(keyOf({ app, name }));
  }

  async close(): Promise<void> {
    this.closed = true;
    if (this.timer) clearTimeout(this.timer);
    await this.working;
  }

  private heard(news: News): void {
    if (!this.onDuty()) return;
    this.news.set(keyOf(news), news);
    this.work();
  }

  private work(): void {
    if (this.closed || this.working || this.timer) return;
    this.working = this.tellAll().finally(() => {
      this.working = null;
      if (this.news.size === 0 || this.closed) return;
      this.timer = setTimeout(() => {
        this.timer = null;
        this.work();
      }, AGAIN_MS);
    });
  }

  private async tellAll(): Promise<void> {
    for (const [key, news] of [...this.news]) {
      const stream = this.live.get(key) ?? null;
      try {
        await this.tell(news, stream);
        // It may have changed again while this was written.
        if (this.news.get(key) === news) this.news.delete(key);
        else if (this.news.has(key)) this.news.set(key, { ...(this.news.get(key) ?? news), was: stream });
      } catch (error) {
        this.log.warn({ stream: key, reason: String(error) }, "a lesson's state could not be written; it is tried again");
        // While the database is away, the others fail too.
        if (isDatabaseAway(error)) return;
      }
    }
  }

  private tell({ app, name, was, isNew }: News, stream: LiveStream | null): Promise<unknown> {
    return this.changes.transact(SYSTEM, async (change) => {
      const lesson = await change.trx
        .selectFrom("lessons")
        .selectAll()
        .where("stream_app", "=", app)
        .where("stream_name", "=", name)
        .forUpdate()
        .executeTakeFirst();
      const tell = (event: "stream.started" | "stream.ended", epoch: string) =>
        change.emit(event, lesson?.school_id ?? null, { app, name, epoch, lessonId: lesson?.id ?? null });
      if (was) await tell("stream.ended", was.epoch);
      if (stream && isNew) await tell("stream.started", stream.epoch);
      if (lesson && stream && lesson.ended_by !== "hand") await startLesson(change, lesson, "publisher");
      // One that was begun by hand ends by hand.
      if (lesson?.state === "live" && !stream && lesson.started_by === "publisher") await endLesson(change, lesson, "publisher");
      return { body: null };
    });
  }
}

function keyOf({ app, name }: { app: string; name: string }): string {
  return `${app}/${name}`;
}

/**
 * Sends stills of live lessons to their schools' own checks, at the schools' intervals, on the leader. The teacher is told of a picture that does
 * not pass; a refused one ends the stream. No answer changes nothing: a check that fails must not end lessons.
 */

import type { RoomPerson } from "../../../contracts/rooms/room-entry.ts";
import { newId } from "../../../platform/id.ts";
import type { Logger } from "../../../platform/log.ts";
import type { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import type { Database } from "../../foundation/store/tables.ts";
import type { RoomService } from "../rooms.ts";
import type { Checked } from "./check-answer.ts";
import { postCheck } from "./post-check.ts";

const POLL_MS = 1000;
/** Pictures that are made and asked about at once. Others wait for the next poll. */
const MAX_CHECKS = 16;
const SERVER: RoomPerson = { id: "", name: "", role: "staff" };

export type PictureChecksOptions = {
  readonly db: Database;
  readonly log: Logger;
  readonly storedSecrets: Pick<StoredSecrets, "decrypt">;
  readonly rooms: Pick<RoomService, "deed">;
  /** Only the leader asks. */
  readonly isLeader: () => boolean;
  readonly allowPrivate: () => boolean;
  /** The newest picture of a stream as a JPEG in base64; null: there is none. */
  readonly stillOf: (app: string, name: string) => Promise<string | null>;
  readonly endStream: (app: string, name: string) => Promise<boolean>;
};

type DueLesson = Awaited<ReturnType<typeof findLessons>>[number];

export class PictureChecks {
  private readonly options: PictureChecksOptions;
  /** When the last picture of a lesson was asked about, in milliseconds of the monotonic clock. */
  private readonly asked = new Map<string, number>();
  /** Lessons whose last picture has passed: their rooms need not hear of the next one that does. */
  private readonly passed = new Set<string>();
  private readonly running = new Map<string, Promise<void>>();
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | null = null;
  private polling: Promise<void> | null = null;

  constructor(options: PictureChecksOptions) {
    this.options = options;
  }

  start(): void {
    this.timer = setInterval(() => this.wake(), POLL_MS).unref();
  }

  async close(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    this.stopping.abort();
    await this.polling;
    await Promise.all(this.running.values());
  }

  private wake(): void {
    if (!this.options.isLeader() || this.stopping.signal.aborted) return;
    this.polling ??= this.poll(performance.now())
      .catch((error: unknown) => this.options.log.warn({ reason: String(error) }, "picture checks not readable, they wait"))
      .finally(() => {
        this.polling = null;
      });
  }

  /** Begins the checks that are due. @param now of the monotonic clock, in milliseconds */
  async poll(now: number): Promise<void> {
    const lessons = await findLessons(this.options.db);
    const live = new Set(lessons.map(({ id }) => id));
    for (const id of this.asked.keys()) if (!live.has(id)) this.asked.delete(id);
    for (const id of this.passed) if (!live.has(id)) this.passed.delete(id);
    const since = ({ id }: DueLesson) => this.asked.get(id) ?? Number.NEGATIVE_INFINITY;
    // Those that have waited longest come first.
    for (const lesson of lessons.toSorted((one, other) => since(one) - since(other))) {
      if (this.running.size >= MAX_CHECKS) return;
      if (this.running.has(lesson.id) || now - since(lesson) < lesson.interval_seconds * 1000) continue;
      this.asked.set(lesson.id, now);
      const check = this.check(lesson).finally(() => this.running.delete(lesson.id));
      this.running.set(lesson.id, check);
    }
  }

  /** Resolves when what has begun is done. */
  async idle(): Promise<void> {
    await Promise.all(this.running.values());
  }

  private async check(lesson: DueLesson): Promise<void> {
    const { rooms, endStream, log } = this.options;
    const { id: lessonId, stream_app: app, stream_name: name } = lesson;
    try {
      const checked = await this.ask(lesson);
      if (!checked) return;
      const hasPassed = checked.action === "pass" || checked.action === "mask";
      if (hasPassed && this.passed.has(lessonId)) return;
      await rooms.deed(lessonId, SERVER, {
        id: newId(),
        kind: "moderation",
        mediaTime: null,
        body: { action: "picture", checked },
      });
      if (hasPassed) this.passed.add(lessonId);
      else this.passed.delete(lessonId);
      if (checked.action === "refuse") await endStream(app, name);
    } catch (error) {
      log.warn({ lesson: lessonId, reason: String(error) }, "picture check failed");
    }
  }

  private async ask(lesson: DueLesson): Promise<Checked | null> {
    const { storedSecrets, stillOf, allowPrivate } = this.options;
    const { id: lessonId, school_id: schoolId, stream_app: app, stream_name: name } = lesson;
    const jpeg = await stillOf(app, name);
    if (jpeg === null) return null;
    const id = newId();
    const data = { lessonId, stream: { app, name }, jpeg };
    return await postCheck({
      id,
      event: "check.picture",
      url: lesson.url,
      allowPrivate: allowPrivate(),
      body: JSON.stringify({ id, event: "check.picture", at: new Date().toISOString(), schoolId, data }),
      secret: storedSecrets.decrypt("content_checks", lesson.check_id, lesson.secret) ?? "",
      signal: AbortSignal.any([this.stopping.signal, AbortSignal.timeout(lesson.deadline_ms)]),
    });
  }
}

/** Live lessons of schools that have pictures checked. */
async function findLessons(db: Database) {
  return await db
    .selectFrom("lessons")
    .innerJoin("content_checks", "content_checks.school_id", "lessons.school_id")
    .select(["lessons.id", "lessons.school_id", "lessons.stream_app", "lessons.stream_name"])
    .select(["content_checks.id as check_id", "content_checks.url", "content_checks.secret"])
    .select(["content_checks.deadline_ms", "content_checks.interval_seconds"])
    .where("lessons.state", "=", "live")
    .where("lessons.deleted_at", "is", null)
    .where("content_checks.kind", "=", "picture")
    .where("content_checks.enabled", "=", true)
    .execute();
}

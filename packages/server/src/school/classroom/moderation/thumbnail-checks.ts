/**
 * Sends stills of live lessons to their schools' own checks, at the schools' intervals. The teacher is told of a picture that does
 * not pass; a refused one ends the stream. No answer changes nothing: a check that fails must not end lessons.
 */

import type { RoomPerson } from "@lectern/room";
import { newId } from "../../../platform/id.ts";
import type { Logger } from "../../../platform/log.ts";
import type { AuditEntry } from "../../foundation/store/audit-log.ts";
import type { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import type { Database } from "../../foundation/store/tables.ts";
import type { Look, Turn, WorkItem, WorkKind } from "../../foundation/work/work-kind.ts";
import type { RoomService } from "../rooms.ts";
import type { Checked } from "./check-answer.ts";
import { postCheck } from "./post-check.ts";

/** Pictures that are made and asked about at once. */
const PLACES = { total: 16 };
const SERVER: RoomPerson = { id: "", name: "", role: "staff" };

export type ThumbnailChecksOptions = {
  readonly db: Database;
  readonly log: Logger;
  readonly storedSecrets: Pick<StoredSecrets, "decrypt">;
  readonly rooms: Pick<RoomService, "action">;
  readonly allowPrivate: () => boolean;
  /** The newest picture of a stream as a JPEG in base64; null: there is none. */
  readonly stillOf: (app: string, name: string) => Promise<string | null>;
  readonly endStream: (app: string, name: string) => Promise<boolean>;
};

type DueLesson = Awaited<ReturnType<typeof findLessons>>[number];

type Item = WorkItem & { readonly lesson: DueLesson };

/** When it asks is in memory alone: another process asks at once. */
export class ThumbnailChecks implements WorkKind<Item> {
  readonly name = "picture-checks";
  readonly places = PLACES;
  readonly restMs = 0;
  readonly failure = "thumbnail check failed";
  private readonly options: ThumbnailChecksOptions;
  /** When the last picture of a lesson was asked about, in milliseconds since 1970. */
  private readonly asked = new Map<string, number>();
  /** Lessons whose last picture has passed: their rooms need not hear of the next one that does. */
  private readonly passed = new Set<string>();

  constructor(options: ThumbnailChecksOptions) {
    this.options = options;
  }

  readonly isWokenBy = ({ action }: AuditEntry): boolean => action === "lesson.start" || action.startsWith("content-check.");

  /** Those that have waited longest come first. */
  readonly find = async ({ now, busy }: Look): Promise<Item[]> => {
    const lessons = await findLessons(this.options.db);
    const live = new Set(lessons.map(({ id }) => id));
    for (const id of this.asked.keys()) if (!live.has(id)) this.asked.delete(id);
    for (const id of this.passed) if (!live.has(id)) this.passed.delete(id);
    return lessons
      .filter(({ id }) => !busy.includes(id))
      .map((lesson) => {
        const { id, school_id: schoolId, interval_seconds: seconds } = lesson;
        // A clock that is set back must not stop the checks.
        const asked = Math.min(this.asked.get(id) ?? 0, now);
        return { id, schoolId, target: id, failures: 0, dueAt: asked + seconds * 1000, lesson };
      })
      .toSorted((one, other) => one.dueAt - other.dueAt);
  };

  readonly perform = async ({ id, lesson }: Item, { now, signal }: Turn): Promise<void> => {
    this.asked.set(id, now);
    await this.check(lesson, signal);
  };

  private async check(lesson: DueLesson, signal: AbortSignal): Promise<void> {
    const { rooms, endStream, log } = this.options;
    const { id: lessonId, stream_app: app, stream_name: name } = lesson;
    try {
      const checked = await this.ask(lesson, signal);
      if (!checked) return;
      const hasPassed = checked.action === "pass" || checked.action === "mask";
      if (hasPassed && this.passed.has(lessonId)) return;
      await rooms.action(lessonId, SERVER, {
        id: newId(),
        kind: "moderation",
        mediaTime: null,
        body: { action: "picture", checked },
      });
      if (hasPassed) this.passed.add(lessonId);
      else this.passed.delete(lessonId);
      if (checked.action === "refuse") await endStream(app, name);
    } catch (error) {
      log.warn({ lesson: lessonId, reason: String(error) }, "thumbnail check failed");
    }
  }

  private async ask(lesson: DueLesson, signal: AbortSignal): Promise<Checked | null> {
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
      signal: AbortSignal.any([signal, AbortSignal.timeout(lesson.deadline_ms)]),
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

/** Recordings: what the library tells of them, who may see which, and what the media workers must know. */
import type { SelectQueryBuilder } from "kysely";
import type { Actor } from "../../access/actor.ts";
import type { RecordingInfo } from "../../access/policies/recording-info.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { json } from "../../platform/store/store.ts";
import { visibleLessons } from "../lessons/lesson.ts";
import { type Changes, SYSTEM } from "../store/change.ts";
import type { Db, Recording, Tables } from "../store/tables.ts";

/** What the library tells of a recording, each time that its files are others. */
export type RecordingUpdate = {
  readonly id: string;
  readonly app: string;
  readonly name: string;
  readonly epoch: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly seconds: number;
  readonly bytes: number;
  readonly whole: boolean;
  readonly files: readonly string[];
};

/** Notes a recording, or what has changed of it. Gives whose it is when that is news, else undefined. */
export async function applyRecordingUpdate(
  changes: Changes,
  news: RecordingUpdate,
): Promise<{ readonly schoolId: string | null } | undefined> {
  const { body } = await changes.transact(SYSTEM, async (change) => {
    const { trx } = change;
    const known = await trx.selectFrom("recordings").selectAll().where("id", "=", news.id).forUpdate().executeTakeFirst();
    let schoolId = known?.school_id ?? null;
    const what = { seconds: news.seconds, bytes: news.bytes, whole: news.whole, files: json(news.files) };
    if (known) {
      const same = known.whole === news.whole && Number(known.bytes) === news.bytes && known.files.length === news.files.length;
      if (same) return { body: undefined };
      // What goes on is wanted, even if its beginning was thrown away.
      const again = known.whole && !news.whole ? { ...what, deleted_at: null } : what;
      await trx.updateTable("recordings").set(again).where("id", "=", news.id).execute();
    } else {
      const lesson = await trx
        .selectFrom("lessons")
        .selectAll()
        .where("stream_app", "=", news.app)
        .where("stream_name", "=", news.name)
        .executeTakeFirst();
      const { id, app, name, epoch } = news;
      schoolId = lesson?.school_id ?? null;
      const row = {
        ...{ id, app, name, epoch, ...what },
        school_id: schoolId,
        lesson_id: lesson?.id ?? null,
        title: lesson?.title ?? name,
        started_at: new Date(news.startedAt),
        published: true,
        chapters: json([]),
      };
      await trx.insertInto("recordings").values(row).execute();
      await change.emit("recording.started", row.school_id, recordingEventData(row));
    }
    if (news.whole && !known?.whole) {
      const row = await trx.selectFrom("recordings").selectAll().where("id", "=", news.id).executeTakeFirstOrThrow();
      await change.emit("recording.ready", row.school_id, { ...recordingEventData(row), seconds: news.seconds, bytes: news.bytes });
    }
    return { body: { schoolId } };
  });
  return body;
}

/** What a media worker must know of a recording; null when there is none. */
export async function recordingRule(db: Db, id: string): Promise<RecordingInfo | null> {
  const row = await db.selectFrom("recordings").selectAll().where("id", "=", id).executeTakeFirst();
  if (!row) return null;
  const { app, name, epoch, files, whole } = row;
  return {
    id,
    app,
    name,
    epoch,
    files,
    whole,
    open: row.deleted_at === null,
    signed: row.lesson_id !== null || row.school_id !== null,
  };
}

/** Recordings that somebody may see; or those in the bin that they could see before. Those who learn see what is published. */
export function visibleRecordings(db: Db, actor: Actor, inBin = false): SelectQueryBuilder<Tables, "recordings", Recording> {
  const all = db
    .selectFrom("recordings")
    .selectAll("recordings")
    .where("recordings.deleted_at", inBin ? "is not" : "is", null);
  if (actor.schoolId === null) return actor.role === "operator" ? all : all.where("recordings.id", "is", null);
  const ours = all.where("recordings.school_id", "=", actor.schoolId);
  if (actor.role === "administrator") return ours;
  const lessons = ours.where("recordings.lesson_id", "in", visibleLessons(db, actor).clearSelect().select("lessons.id"));
  return actor.role === "teacher" || actor.role === "assistant" ? lessons : lessons.where("recordings.published", "=", true);
}

/** @throws RefusalError no-such-recording */
export async function findRecording(db: Db, actor: Actor, id: string, inBin = false): Promise<Recording> {
  const recording = await visibleRecordings(db, actor, inBin).where("recordings.id", "=", id).executeTakeFirst();
  if (!recording) throw new RefusalError("no-such-recording");
  return recording;
}

/** What webhooks tell of one. */
export function recordingEventData(row: {
  readonly id: string;
  readonly title: string;
  readonly lesson_id: string | null;
  readonly app: string;
  readonly name: string;
}) {
  return { recordingId: row.id, title: row.title, lessonId: row.lesson_id, app: row.app, name: row.name };
}

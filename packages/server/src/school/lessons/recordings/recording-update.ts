/** Applies the library's updates of recorded files to the database, and emits the events of recordings. */
import { isExamStream, lessonStreamOf, memberOf } from "../../../access/policies/stream-policy.ts";
import type { RecordingUpdate } from "../../../contracts/recordings/recording-messages.ts";
import { json } from "../../../platform/store/store.ts";
import type { Change, Changes } from "../../foundation/store/change.ts";
import { SYSTEM } from "../../foundation/store/requester.ts";
import type { Db, Recording } from "../../foundation/store/tables.ts";
import { updateRow } from "../../foundation/store/update-row.ts";
import { namesOfMembers } from "./member-names.ts";
import { type PutTogether, putTogether } from "./recording-parts.ts";

/**
 * Adds a recording, or updates the size and state of a known one.
 * Returns the school that owns it, or undefined where nothing has changed.
 */
export async function applyRecordingUpdate(
  changes: Changes,
  update: RecordingUpdate,
): Promise<{ readonly schoolId: string | null } | undefined> {
  const { body } = await changes.transact(SYSTEM, async (change) => {
    const { trx } = change;
    const known = await trx.selectFrom("recordings").selectAll().where("id", "=", update.id).forUpdate().executeTakeFirst();
    const all = putTogether(known, update);
    if (known && !hasChanged(known, all)) return { body: undefined };
    const schoolId = known ? await updateFiles(change, known, all) : await addRecording(change, update, all);
    // Webhooks hear of no candidate's camera.
    if (all.whole && !known?.whole && !isExamStream(update.name)) await emitReady(change, update.id, all);
    return { body: { schoolId } };
  });
  return body;
}

function hasChanged(known: Pick<Recording, "whole" | "bytes" | "files">, all: PutTogether): boolean {
  return known.whole !== all.whole || Number(known.bytes) !== all.bytes || known.files.join() !== all.files.join();
}

async function updateFiles(change: Change, known: Recording, all: PutTogether): Promise<string | null> {
  const columns = fileColumns(all);
  // A recording that continues is wanted, even if its beginning was deleted.
  if (known.whole && !all.whole) await updateRow(change, "recordings", known, { ...columns, deleted_at: null });
  // What grows all the time is no reason to refuse a change of the title, so it has no version of its own.
  else await change.trx.updateTable("recordings").set(columns).where("id", "=", known.id).execute();
  return known.school_id;
}

async function addRecording(change: Change, update: RecordingUpdate, all: PutTogether): Promise<string | null> {
  if (isExamStream(update.name)) return await addOfCandidate(change.trx, update, all);
  const lesson = await change.trx
    .selectFrom("lessons")
    .selectAll()
    .where("stream_app", "=", update.app)
    .where("stream_name", "=", lessonStreamOf(update.name))
    .executeTakeFirst();
  // Whose track of a small lesson it is.
  const member = lesson && (await namesOfMembers(change.trx, [update.name])).get(update.name);
  const { id, app, name, epoch } = update;
  const row = {
    id,
    app,
    name,
    epoch,
    ...fileColumns(all),
    school_id: lesson?.school_id ?? null,
    lesson_id: lesson?.id ?? null,
    title: lesson ? [lesson.title, ...(member ? [member] : [])].join(" · ") : name,
    started_at: new Date(update.startedAt),
    published: true,
    chapters: json([]),
  };
  await change.trx.insertInto("recordings").values(row).execute();
  await change.emit("recording.started", row.school_id, recordingEventData(row));
  return row.school_id;
}

/** Of an attempt, whose id stands in the name of the member. Where it is deleted, the recording will be too. */
async function addOfCandidate(db: Db, update: RecordingUpdate, all: PutTogether): Promise<string | null> {
  const { id, app, name, epoch } = update;
  const exams = db.selectFrom("exams").select(["id", "school_id", "title"]).where("stream_name", "=", lessonStreamOf(name));
  const exam = await exams.executeTakeFirst();
  const attempts = db
    .selectFrom("exam_attempts")
    .select("id")
    .where("exam_id", "=", exam?.id ?? "");
  const attempt = await attempts.where("id", "=", memberOf(name)?.split("-")[0] ?? "").executeTakeFirst();
  await db
    .insertInto("recordings")
    .values({
      id,
      app,
      name,
      epoch,
      ...fileColumns(all),
      school_id: exam?.school_id ?? null,
      lesson_id: null,
      exam_id: exam?.id ?? null,
      attempt_id: attempt?.id ?? null,
      title: exam?.title ?? name,
      started_at: new Date(update.startedAt),
      published: false,
      chapters: json([]),
    })
    .execute();
  return exam?.school_id ?? null;
}

async function emitReady(change: Change, id: string, { seconds, bytes }: PutTogether): Promise<void> {
  const row = await change.trx.selectFrom("recordings").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
  await change.emit("recording.ready", row.school_id, { ...recordingEventData(row), seconds, bytes });
}

function fileColumns({ seconds, bytes, whole, files, parts }: PutTogether) {
  return { seconds, bytes, whole, files: json(files), parts: json(parts) };
}

/** The data of a recording's webhook events. */
export function recordingEventData(row: {
  readonly id: string;
  readonly title: string;
  readonly lesson_id: string | null;
  readonly app: string;
  readonly name: string;
}) {
  return { recordingId: row.id, title: row.title, lessonId: row.lesson_id, app: row.app, name: row.name };
}

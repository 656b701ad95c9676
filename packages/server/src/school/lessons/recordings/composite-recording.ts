/** Provides the composite recording of a small lesson: one recording in which everybody is seen and heard, made of everybody's own after the lesson. */
import { createHash } from "node:crypto";
import { plainName } from "../../../access/policies/stream-policy.ts";
import type { DownloadName, DownloadOrder } from "../../../contracts/recordings/download-messages.ts";
import { newId } from "../../../platform/id.ts";
import type { Db, Lesson, Recording } from "../../foundation/store/tables.ts";
import { namesOfMembers } from "./member-names.ts";

type ComposedLesson = Pick<Lesson, "id" | "school_id" | "stream_app" | "stream_name">;

/** Twelve characters, as of every stream; random ones practically never begin so. */
const EPOCH = "picture-";
const EPOCH_OF_ID = 4;
/** Clips, and pictures, have their id in the name of their file. */
const MADE_FILE = /-[0-9a-z]{26}\.flv$/;
const ID_BYTES = 20;

/** A clip of a picture has its epoch, and another id. */
export function isComposite({ id, epoch }: Pick<Recording, "id" | "epoch">): boolean {
  return epoch === epochOf(id);
}

function epochOf(recording: string): string {
  return `${EPOCH}${recording.slice(-EPOCH_OF_ID)}`;
}

/** By which its making is found, in every process. */
export function compositeName(lessonId: string): DownloadName {
  return {
    id: createHash("sha256").update(`picture of ${lessonId}`).digest().subarray(0, ID_BYTES).toString("base64url"),
    recording: lessonId,
  };
}

export type LessonRecordings = {
  /** The pictures, newest first, also those in the bin. */
  readonly pictures: readonly Recording[];
  /** What people published, without what is in the bin. */
  readonly tracks: readonly Recording[];
};

export async function recordingsOf(db: Db, lessonId: string): Promise<LessonRecordings> {
  const rows = await db
    .selectFrom("recordings")
    .selectAll()
    .where("lesson_id", "=", lessonId)
    .orderBy("started_at")
    .orderBy("id")
    .execute();
  const pictures = rows.filter(isComposite).sort((a, b) => b.created_at.getTime() - a.created_at.getTime());
  const tracks = rows.filter(
    (row) => row.deleted_at === null && !isComposite(row) && !row.files.some((file) => MADE_FILE.test(file)),
  );
  return { pictures, tracks };
}

/** Notes that a lesson's picture is wanted. Returns the recording that it becomes: another one where that of before was made. */
export async function wantComposite(
  db: Db,
  lesson: Pick<Lesson, "id" | "picture_id">,
  made: readonly Recording[],
): Promise<string> {
  const { id, picture_id: before } = lesson;
  const isNew = before === null || made.some((picture) => picture.id === before);
  const picture = isNew ? newId() : before;
  // No person changes the lesson by this: it has no version of its own.
  const update = db.updateTable("lessons").set({ picture_id: picture, picture_settled: false }).where("id", "=", id);
  const row = await update
    .where("picture_id", before === null ? "is" : "=", before)
    .returning("picture_id")
    .executeTakeFirst();
  if (row) return picture;
  // It was ordered at the same time.
  const other = await db.selectFrom("lessons").select("picture_id").where("id", "=", id).executeTakeFirst();
  return other?.picture_id ?? picture;
}

/** Notes that nothing is to be made any more, unless somebody orders it. */
export async function settleComposite(db: Db, lessonId: string): Promise<void> {
  await db.updateTable("lessons").set({ picture_settled: true }).where("id", "=", lessonId).execute();
}

/** @param tracks whole, at least one; @param result the recording that it becomes */
export async function compositeOrder(
  db: Db,
  lesson: ComposedLesson,
  tracks: readonly Recording[],
  result: string,
): Promise<DownloadOrder> {
  const begin = Math.min(...tracks.map(({ started_at }) => started_at.getTime()));
  const seconds = Math.max(...tracks.map((track) => (track.started_at.getTime() - begin) / 1000 + track.seconds));
  const byPerson = Map.groupBy(tracks, ({ name }) => plainName(name));
  const names = await namesOfMembers(db, [...byPerson.keys()]);
  const people = [...byPerson].map(([person, own]) => {
    const title = names.get(person);
    return { person, ...(title === undefined ? {} : { title }), recordings: own.map(({ files }) => files) };
  });
  const { id, recording } = compositeName(lesson.id);
  return {
    recording,
    owner: `lesson ${lesson.id}`,
    school: lesson.school_id,
    mark: null,
    seconds,
    bytes: tracks.reduce((sum, { bytes }) => sum + Number(bytes), 0),
    picture: { id, app: lesson.stream_app, name: lesson.stream_name, result, epoch: epochOf(result), people },
  };
}

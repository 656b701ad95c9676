/** The picture of a small lesson: one recording in which everybody is seen and heard, made of everybody's own after the lesson. */
import { createHash } from "node:crypto";
import { plainName } from "../../access/policies/stream-policy.ts";
import { newId } from "../../platform/id.ts";
import type { Db, Lesson, Recording } from "../store/tables.ts";
import type { DownloadName, DownloadOrder } from "./recording-library.ts";

type LessonOfPicture = Pick<Lesson, "id" | "school_id" | "stream_app" | "stream_name">;

/** Twelve characters, as of every stream; random ones practically never begin so. */
const EPOCH = "picture-";
const EPOCH_OF_ID = 4;
/** Clips, and pictures, have their id in the name of their file. */
const MADE_FILE = /-[0-9a-z]{26}\.flv$/;
const ID_BYTES = 20;

/** A clip of a picture has its epoch, and another id. */
export function isPicture({ id, epoch }: Pick<Recording, "id" | "epoch">): boolean {
  return epoch === epochOf(id);
}

function epochOf(recording: string): string {
  return `${EPOCH}${recording.slice(-EPOCH_OF_ID)}`;
}

/** By which its making is found, in every process. */
export function pictureName(lessonId: string): DownloadName {
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
  const pictures = rows.filter(isPicture).sort((a, b) => b.created_at.getTime() - a.created_at.getTime());
  const tracks = rows.filter(
    (row) => row.deleted_at === null && !isPicture(row) && !row.files.some((file) => MADE_FILE.test(file)),
  );
  return { pictures, tracks };
}

/** @param tracks whole, at least one */
export function pictureOrder(lesson: LessonOfPicture, tracks: readonly Recording[]): DownloadOrder {
  const result = newId();
  const begin = Math.min(...tracks.map(({ started_at }) => started_at.getTime()));
  const seconds = Math.max(...tracks.map((track) => (track.started_at.getTime() - begin) / 1000 + track.seconds));
  const people = [...Map.groupBy(tracks, ({ name }) => plainName(name))].map(([person, own]) => ({
    person,
    recordings: own.map(({ files }) => files),
  }));
  const { id, recording } = pictureName(lesson.id);
  return {
    ...{ recording, owner: `lesson ${lesson.id}`, school: lesson.school_id, mark: null, seconds },
    bytes: tracks.reduce((sum, { bytes }) => sum + Number(bytes), 0),
    picture: { id, app: lesson.stream_app, name: lesson.stream_name, result, epoch: epochOf(result), people },
  };
}

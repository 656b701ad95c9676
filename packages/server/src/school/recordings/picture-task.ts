/** Orders the picture of each small lesson that was recorded and is over, without anybody asking. Only the leader does. */
import type { Logger } from "../../platform/log.ts";
import { PeriodicWork } from "../../platform/periodic-work.ts";
import { TWO_WAY_MODES } from "../lessons/two-way.ts";
import type { Database } from "../store/tables.ts";
import { pictureOrder, recordingsOf } from "./lesson-picture.ts";
import type { RecordingLibrary } from "./recording-library.ts";

export type PictureTaskOptions = {
  readonly db: Database;
  readonly log: Logger;
  readonly isLeader: () => boolean;
  readonly recordings: Pick<RecordingLibrary, "orderDownload">;
};

const EVERY_MS = 10_000;
/** A lesson that ended longer ago has its picture, or people have decided. */
const ENDED_WITHIN_MS = 6 * 3600_000;
const MOST_AT_ONCE = 500;

/** To be started and closed. */
export function pictureTask({ db, log, isLeader, recordings }: PictureTaskOptions): PeriodicWork {
  /** Lessons whose picture was ordered, or cannot be made: who wants it again asks for it. */
  const ordered = new Set<string>();
  return new PeriodicWork({
    everyMs: EVERY_MS,
    isWanted: isLeader,
    log,
    failure: "pictures of lessons not ordered, trying again",
    work: async (now) => {
      const ended = await endedLessons(db, now);
      for (const id of ordered) if (!ended.some((lesson) => lesson.id === id)) ordered.delete(id);
      for (const lesson of ended) {
        if (ordered.has(lesson.id)) continue;
        const { pictures, tracks } = await recordingsOf(db, lesson.id);
        if (tracks.length === 0 || tracks.some(({ whole }) => !whole)) continue;
        // One recording is a picture already, and one that was deleted was not wanted.
        if (pictures.length === 0 && new Set(tracks.map(({ name }) => name)).size > 1) {
          const answer = await recordings.orderDownload(tracks[0]?.files ?? [], pictureOrder(lesson, tracks));
          if ("refused" in answer) {
            log.warn({ lesson: lesson.id, reason: answer.refused }, "picture of a lesson refused");
            // There may be room later.
            if (answer.refused === "disk-full" || answer.refused === "too-many") continue;
          }
        }
        ordered.add(lesson.id);
      }
    },
  });
}

/** Those of which nothing was recorded are left out: they are asked about every ten seconds, and most lessons are not recorded. */
async function endedLessons(db: Database, now: number) {
  return await db
    .selectFrom("lessons")
    .select(["id", "school_id", "stream_app", "stream_name"])
    .where("mode", "in", TWO_WAY_MODES)
    .where("state", "=", "ended")
    .where("deleted_at", "is", null)
    .where("ended_at", ">", new Date(now - ENDED_WITHIN_MS))
    .where(({ exists, selectFrom }) =>
      exists(selectFrom("recordings").select("recordings.id").whereRef("recordings.lesson_id", "=", "lessons.id")),
    )
    .orderBy("ended_at", "desc")
    .limit(MOST_AT_ONCE)
    .execute();
}

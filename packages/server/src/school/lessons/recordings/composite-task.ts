/**
 * Has the composite recording of each small lesson made that was recorded and is over, without anybody asking, and again where the node that was making it has
 * lost it.
 */

import type { DownloadRefused, DownloadState } from "../../../contracts/recordings/download-messages.ts";
import type { Logger } from "../../../platform/log.ts";
import type { Database } from "../../foundation/store/tables.ts";
import { soleItem, type WorkItem, type WorkKind } from "../../foundation/work/work-kind.ts";
import { SMALL_LESSON_MODES } from "../small-lesson.ts";
import { compositeName, compositeOrder, recordingsOf, settleComposite, wantComposite } from "./composite-recording.ts";
import type { RecordingLibrary } from "./recording-library.ts";

export type CompositeTaskOptions = {
  readonly db: Database;
  readonly log: Logger;
  readonly recordings: Pick<RecordingLibrary, "orderDownload" | "findDownload">;
};

type EndedLesson = Awaited<ReturnType<ReturnType<typeof endedLessons>["execute"]>>[number];

/** Pictures that are being made are asked about again after this. */
const REST_MS = 10_000;
/** A lesson that ended longer ago has its picture, or people have decided. */
const ENDED_WITHIN_MS = 6 * 3600_000;
const MOST_AT_ONCE = 500;

export function compositeRecordings({ db, log, recordings }: CompositeTaskOptions): WorkKind<WorkItem> {
  /** Settles what is made or cannot be, and orders what no node is making. */
  const look = async (lesson: EndedLesson): Promise<void> => {
    const { pictures, tracks } = await recordingsOf(db, lesson.id);
    const [first] = tracks;
    if (lesson.picture_id === null) {
      // One recording is a picture already, and one from before pictures were noted is there.
      if (pictures.length > 0 || new Set(tracks.map(({ name }) => name)).size < 2) return;
    } else if (pictures.some(({ id }) => id === lesson.picture_id)) return settleComposite(db, lesson.id);
    if (!first || tracks.some(({ whole }) => !whole)) return;
    const known = lesson.picture_id === null ? null : await recordings.findDownload(first.files, compositeName(lesson.id));
    if (known) return isHopeless(known) ? settleComposite(db, lesson.id) : undefined;
    const result = await wantComposite(db, lesson, pictures);
    const answer = await recordings.orderDownload(first.files, await compositeOrder(db, lesson, tracks, result));
    if (!("refused" in answer)) return;
    log.warn({ lesson: lesson.id, reason: answer.refused }, "composite recording refused");
    if (!mayHaveRoom(answer)) await settleComposite(db, lesson.id);
  };
  return {
    name: "lesson-pictures",
    places: { total: 1 },
    restMs: REST_MS,
    failure: "pictures of lessons not ordered, trying again",
    isWokenBy: ({ action }) => action === "lesson.end" || action === "lesson.restore",
    find: async ({ now, busy }) => {
      const isDue = busy.length === 0 && (await endedLessons(db, now).limit(1).executeTakeFirst()) !== undefined;
      return isDue ? [soleItem("turn", now)] : [];
    },
    perform: async (_, { now, signal }) => {
      for (const lesson of await endedLessons(db, now).orderBy("ended_at", "desc").limit(MOST_AT_ONCE).execute()) {
        if (signal.aborted) return;
        // A node that is gone makes no other lesson wait.
        await look(lesson).catch((error: unknown) =>
          log.warn({ lesson: lesson.id, reason: String(error) }, "composite recording not ordered, retrying"),
        );
      }
    },
  };
}

/** What was tried again, and has failed each time. */
function isHopeless(download: DownloadState): boolean {
  return download.state === "failed" && download.problem !== "disk-full" && download.problem !== "storage-away";
}

function mayHaveRoom({ refused }: DownloadRefused): boolean {
  return refused === "disk-full" || refused === "too-many";
}

/** Those of which nothing was recorded are left out: they are asked about again and again, and most lessons are not recorded. */
function endedLessons(db: Database, now: number) {
  return db
    .selectFrom("lessons")
    .select(["id", "school_id", "stream_app", "stream_name", "picture_id"])
    .where("mode", "in", SMALL_LESSON_MODES)
    .where("state", "=", "ended")
    .where("deleted_at", "is", null)
    .where("picture_settled", "=", false)
    .where("ended_at", ">", new Date(now - ENDED_WITHIN_MS))
    .where(({ exists, selectFrom }) =>
      exists(selectFrom("recordings").select("recordings.id").whereRef("recordings.lesson_id", "=", "lessons.id")),
    );
}

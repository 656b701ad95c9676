/** Imports a published recording of BigBlueButton into the library of this node: its video, its slides, and the log of its room for the school. */
import { rm } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { ImportedLesson, ImportedTo } from "../../contracts/recordings/imported-lesson.ts";
import type { Clock } from "../../platform/clock.ts";
import { newId } from "../../platform/id.ts";
import { directoriesOf } from "../files/directories.ts";
import type { FileKeys } from "../files/file-keys.ts";
import { materialsOf } from "../materials/material-files.ts";
import { readPublished } from "./published-lesson.ts";
import { roomOf } from "./published-room.ts";
import { makeSlides } from "./published-slides.ts";
import { hasRecording, makeVideo, recordVideo } from "./published-video.ts";

type ImportOptions = {
  readonly folder: string;
  readonly dataDir: string;
  readonly keys: FileKeys;
  /** ffmpeg. */
  readonly command: string;
  readonly clock: Clock;
  /** Of ffmpeg behind this process, 0 to 19. */
  readonly niceness: number;
  readonly school: string | null;
  readonly course: string | null;
  /** The lesson that it became before; null: it is new, or its recording is missing. */
  readonly find: (externalId: string) => Promise<ImportedTo | null>;
  /** Adds the lesson to the school. */
  readonly add: (lesson: ImportedLesson) => Promise<ImportedTo>;
  readonly onProgress: (share: number) => void;
};

type ImportResult = {
  readonly lessonId: string;
  readonly known: boolean;
  readonly title: string;
  readonly leftOut: readonly string[];
};

/** No video could be made; with what ffmpeg said. */
class ImportFailure extends Error {
  override readonly name = "ImportFailure";
}

/** @throws NotPublished, ImportFailure */
export async function importPublished(options: ImportOptions): Promise<ImportResult> {
  const { dataDir, command, clock, niceness, keys, onProgress, school, course } = options;
  const lesson = await readPublished(resolve(options.folder));
  const externalId = `bigbluebutton:${lesson.id}`;
  const { record } = directoriesOf(dataDir);
  const before = await options.find(externalId);
  const { title, leftOut } = lesson;
  if (before && (await hasRecording(record, before))) return { lessonId: before.lessonId, known: true, title, leftOut };
  const work = join(dataDir, "imports-work", newId());
  let materials: readonly string[] = [];
  try {
    let said = "";
    const onFailure = (reason: string): void => {
      said = reason;
    };
    const video = await makeVideo(lesson, { command, folder: work, clock, niceness, onProgress, onFailure });
    if (typeof video === "string") throw new ImportFailure(`${basename(lesson.folder)}: ${video}${said === "" ? "" : `\n${said}`}`);
    let to = before;
    if (!to) {
      const slides = await makeSlides(lesson, dataDir);
      materials = [...slides.values()].map(({ id }) => id);
      to = await options.add({
        externalId,
        title,
        startedAt: lesson.startedAt,
        endedAt: lesson.startedAt + Math.round(lesson.seconds * 1000),
        school,
        course,
        materials: [...slides.values()],
        entries: roomOf(lesson, slides),
      });
      materials = [];
    }
    await recordVideo(video, lesson, to, { record, keys });
    return { lessonId: to.lessonId, known: false, title, leftOut };
  } finally {
    await rm(work, { recursive: true, force: true });
    // The school did not take them.
    for (const id of materials) await rm(join(materialsOf(dataDir), id), { recursive: true, force: true });
  }
}

/** Runs `lectern import-lessons FOLDER…`: published recordings of BigBlueButton become lessons of the running server, with video, slides, board and chat. */

import { importPublished } from "../../library/bigbluebutton/import-published.ts";
import { fileKeys } from "../../library/files/file-keys.ts";
import { systemClock } from "../../platform/clock.ts";
import { type ConfigSources, loadConfig } from "../../platform/config/load.ts";
import { callServer } from "../ipc/admin-socket.ts";
import { encryptionSecrets } from "./server-secrets.ts";

export type ImportLessonsOptions = {
  readonly folders: readonly string[];
  /** Its short name; undefined: the only one. */
  readonly school: string | undefined;
  /** An id; undefined: none. */
  readonly course: string | undefined;
};

const PERCENT_STEP = 10;
/** Lessons come before, and a person waits. */
const BEHIND_THE_SERVER = 10;

/** Goes on behind a folder that fails. @returns the exit code: 1 where one has failed */
export async function importLessons(sources: ConfigSources, { folders, school, course }: ImportLessonsOptions): Promise<number> {
  const config = loadConfig(sources);
  const { dataDir, encryption } = config;
  const keys = fileKeys({ atRest: () => encryption.atRest, secrets: () => encryptionSecrets(config) });
  const ofSchool = school ?? null;
  let failed = 0;
  for (const folder of folders) {
    let shown = 0;
    const onProgress = (share: number): void => {
      const percent = Math.floor((share * 100) / PERCENT_STEP) * PERCENT_STEP;
      if (percent > shown) process.stderr.write(`lectern: ${folder}: ${percent} %\n`);
      shown = Math.max(shown, percent);
    };
    try {
      const { lessonId, known, title, leftOut } = await importPublished({
        folder,
        dataDir,
        keys,
        command: "ffmpeg",
        clock: systemClock,
        niceness: BEHIND_THE_SERVER,
        school: ofSchool,
        course: course ?? null,
        onProgress,
        find: async (externalId) => {
          const answer = await callServer(dataDir, "findImportedLesson", { school: ofSchool, externalId });
          return answered(answer, dataDir).found;
        },
        add: async (lesson) => answered(await callServer(dataDir, "addImportedLesson", lesson), dataDir),
      });
      process.stdout.write(`${lessonId}\t${known ? "was imported before" : "imported"}\t${title}\n`);
      for (const what of known ? [] : leftOut) process.stderr.write(`lectern: ${folder}: left out: ${what}\n`);
    } catch (error) {
      failed++;
      process.stderr.write(`lectern: ${folder}: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
  if (failed < folders.length) process.stderr.write("lectern: recordings appear in their lessons within half a minute\n");
  return failed === 0 ? 0 : 1;
}

/** @throws Error where no server runs */
function answered<Answer>(answer: Answer | null, dataDir: string): Answer {
  if (answer === null) throw new Error(`no server runs with ${dataDir}: start it first`);
  return answer;
}

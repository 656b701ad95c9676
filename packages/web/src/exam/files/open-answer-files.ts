/** Opens what holds the photos and recordings of an attempt, with the fields that take them: a page without such questions loads none of it, and one with them needs no network later. */
import { serverClock } from "@lectern/player/server-clock";
import { loadOwnFile } from "../attempt/exam-calls.ts";
import type { Entered } from "../attempt/exam-types.ts";
import { AnswerFiles, type FileHooks } from "./answer-files.ts";
import { loadFileFields } from "./file-fields.tsx";
import { openFileStore } from "./file-store.ts";
import type { PieceDoor } from "./send-file.ts";

type Opened = { readonly entered: Entered; readonly door: PieceDoor; readonly hooks: FileHooks };

export async function openAnswerFiles({ entered: { attempt, token }, door, hooks }: Opened): Promise<AnswerFiles> {
  await loadFileFields();
  const files = new AnswerFiles({
    attempt: attempt.id,
    store: await openFileStore(),
    door,
    fetchFile: (id) => loadOwnFile(attempt.examId, token, id),
    now: () => serverClock.now(),
    elapsed: () => serverClock.elapsed(),
    random: Math.random,
    ...hooks,
  });
  await files.start();
  return files;
}

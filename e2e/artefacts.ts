/** Keeps what servers said during a test file, and pictures of pages, where the end of a failed run shows them: in .cache/artefacts. */
import { appendFileSync, mkdirSync } from "node:fs";
import { basename, join } from "node:path";

export const ARTEFACTS = join(import.meta.dirname, "../.cache/artefacts");

/** The folder of a test file. */
export const artefactsOf = (file: string): string => join(ARTEFACTS, basename(file, ".test.ts"));

/** The folder of the test file that this process runs. */
function ownFolder(): string {
  const folder = artefactsOf(process.argv[1] ?? "unknown");
  mkdirSync(folder, { recursive: true });
  return folder;
}

export function keepLog(said: string): void {
  appendFileSync(join(ownFolder(), "servers.log"), said);
}

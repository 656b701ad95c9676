/** Provides names of recorded files: `YYYYMMDD-HHMMSS-mmm.flv`, the start in UTC. The name of a clip ends with its recording's id. */
import { readdir } from "node:fs/promises";
import { indexPath } from "./disk.ts";
import { uploadStatePath } from "./upload-state.ts";

const CLIP = /-[0-9a-z]{26}\.flv$/;
const INDEX_SUFFIX = indexPath("");

/** `YYYYMMDD-HHMMSS-mmm`, UTC. */
export function recordingFileName(utc: number): string {
  return new Date(utc).toISOString().replace(/[-:]/g, "").replace("T", "-").replace(".", "-").slice(0, 19);
}

/** The start of a file by its name, milliseconds since 1970; 0 for any other name. */
export function startTimeOf(path: string): number {
  const [, year, month, day, hour, minute, second, ms] =
    /(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-(\d{3})(?:-[0-9a-z]+)?\.flv$/.exec(path) ?? [];
  return year ? Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`) : 0;
}

export function isClip(file: string): boolean {
  return CLIP.test(file);
}

/** Names of a folder's FLV files, including those that are only in the object storage; empty without such a folder. */
export async function listFlvFiles(folder: string): Promise<string[]> {
  const names = new Set(await readdir(folder).catch(() => []));
  const indexed = [...names].filter((name) => name.endsWith(INDEX_SUFFIX)).map((name) => name.slice(0, -INDEX_SUFFIX.length));
  const remote = indexed.filter((name) => !names.has(name) && names.has(uploadStatePath(name)));
  return [...names].filter((name) => name.endsWith(".flv")).concat(remote);
}

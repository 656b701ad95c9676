/**
 * Reads files of the folder of a published recording of BigBlueButton. The folder comes from another machine: a link in it that leads outside is no file of
 * it, nor is what is no file, such as a pipe that nobody writes to, and none is longer than a recording has.
 */
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";

/** Days of drawing and chat take a few megabytes. */
const MAX_TEXT_BYTES = 64 * 1024 * 1024;
const MAX_PICTURE_BYTES = 64 * 1024 * 1024;

export type PublishedFiles = {
  /** Where a file is, without links; null: the folder has none. */
  readonly find: (...parts: readonly string[]) => Promise<string | null>;
  /** Names in a part of the folder; none where it is missing. */
  readonly names: (...parts: readonly string[]) => Promise<readonly string[]>;
  /** Without NUL, which no database takes; null: there is no such file. */
  readonly text: (...parts: readonly string[]) => Promise<string | null>;
};

export function publishedFiles(folder: string): PublishedFiles {
  const find = async (...parts: readonly string[]): Promise<string | null> => {
    const [root, path] = await Promise.all([realpath(folder), realpath(join(folder, ...parts))]).catch(() => [null, null]);
    if (root === null || path === null) return null;
    return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep) ? path : null;
  };
  return {
    find,
    names: async (...parts) => {
      const path = await find(...parts);
      return path === null ? [] : await readdir(path).catch(() => []);
    },
    text: async (...parts) => {
      const path = await find(...parts);
      const bytes = path === null ? null : await readSmall(path, MAX_TEXT_BYTES);
      return bytes === null ? null : bytes.toString("utf8").replaceAll("\0", "");
    },
  };
}

/** A picture of a slide; null: there is none. @param path as `find` gives it */
export function readPicture(path: string): Promise<Buffer | null> {
  return readSmall(path, MAX_PICTURE_BYTES);
}

async function readSmall(path: string, maxBytes: number): Promise<Buffer | null> {
  // To open a pipe would wait for who writes to it.
  const stats = await stat(path).catch(() => null);
  return stats?.isFile() && stats.size <= maxBytes ? await readFile(path) : null;
}

/** Reads ranges of recorded files, and writes buffers completely. */
import type { Stats } from "node:fs";
import { type FileHandle, open, stat, statfs } from "node:fs/promises";

/** Where recorded files are read from: the disk, or the disk and an object storage. */
export type ByteSource = {
  /**
   * A range of a file; shorter at its end, null when there is no such file.
   * @param into buffer for the bytes; the result is a view of it
   * @throws Error when an existing file cannot be read
   */
  readonly read: (path: string, from: number, to: number, into?: Buffer) => Promise<Buffer | null>;
  /** Another text after each change of a file on the disk, and for a file that replaces it; null when the disk has no such file. */
  readonly version: (path: string) => Promise<string | null>;
};

export const DISK: ByteSource = {
  read: async (path, from, to, into) => {
    const file = await openIfThere(path);
    if (!file) return null;
    try {
      const end = Number.isFinite(to) ? to : (await file.stat()).size;
      return await readFrom(file, from, into?.subarray(0, end - from) ?? Buffer.allocUnsafe(Math.max(0, end - from)));
    } finally {
      await file.close();
    }
  },
  version: async (path) => {
    try {
      return versionOf(await stat(path));
    } catch (error) {
      return ifMissing(error);
    }
  },
};

/** The version of a file: which file it is, and its last change. */
export function versionOf({ dev, ino, size, ctimeMs }: Stats): string {
  return `${dev}:${ino}:${size}:${ctimeMs}`;
}

/** Path of a file's index. */
export function indexPath(path: string): string {
  return `${path}.index`;
}

/** Bytes that are free for this process; null when the system does not tell, or there is no such folder. */
export async function freeBytes(directory: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(directory);
    return bavail * bsize;
  } catch {
    return null;
  }
}

/** Fills the buffer or reads to the end of the file: a single read may return less. */
export async function readFrom(file: FileHandle, at: number, into: Buffer): Promise<Buffer> {
  let read = 0;
  while (read < into.length) {
    const { bytesRead } = await file.read(into, read, into.length - read, at + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return into.subarray(0, read);
}

/** Writes all bytes: a single write may take fewer. */
export async function writeAll(file: FileHandle, bytes: Buffer, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at + done);
    done += bytesWritten;
  }
}

async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, "r");
  } catch (error) {
    return ifMissing(error);
  }
}

function ifMissing(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
  throw error;
}

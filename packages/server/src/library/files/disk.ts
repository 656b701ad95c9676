/** Bytes of recorded files: where they are read from, and how they are written whole. */
import { type FileHandle, open } from "node:fs/promises";

/** What recorded files are read from: this machine's disk, or more than that. */
export type ByteSource = {
  /**
   * The bytes from one place up to another; fewer where the file is shorter, null where there is none.
   * @param into memory for them, of which what is given is a part
   * @throws Error where they are there and cannot be read
   */
  readonly read: (path: string, from: number, to: number, into?: Buffer) => Promise<Buffer | null>;
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
};

/** The index of a file stands beside it. */
export function indexPath(path: string): string {
  return `${path}.index`;
}

/** Fills the memory, as far as the file goes: a read may give less than it is asked for. */
export async function readFrom(file: FileHandle, at: number, into: Buffer): Promise<Buffer> {
  let read = 0;
  while (read < into.length) {
    const { bytesRead } = await file.read(into, read, into.length - read, at + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return into.subarray(0, read);
}

/** A write may take less than it is given. */
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
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

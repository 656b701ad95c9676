/**
 * Reads files through descriptors that stay open between reads, a bounded number of them. A file that was removed or replaced is not read any
 * more: its path is checked at least every second, and a descriptor that nobody uses is closed, because the disk keeps the space of a removed
 * file while a descriptor is open.
 */
import { close, fstat, open, read, type Stats, stat } from "node:fs";
import { type ByteSource, DISK, versionOf } from "./disk.ts";

export type OpenFilesOptions = {
  /** Descriptors that stay open; default 256. */
  readonly maxFiles?: number;
  /** A descriptor that is not used for so long is closed; default 10 s. */
  readonly idleMs?: number;
};

type OpenFile = {
  readonly path: string;
  readonly descriptor: number;
  readonly device: number;
  readonly inode: number;
  /** Reads in progress: the descriptor is closed after them. */
  readers: number;
  checkedAt: number;
  usedAt: number;
  isDropped: boolean;
};

const MAX_FILES = 256;
const IDLE_MS = 10_000;
/** A file that was removed or replaced may be read for so long. */
export const VERIFY_MS = 1000;

export class OpenFiles implements ByteSource {
  /** In the order of their last use. */
  private readonly files = new Map<string, OpenFile>();
  private readonly opening = new Map<string, Promise<OpenFile | null>>();
  private readonly maxFiles: number;
  private readonly idleMs: number;
  private timer: NodeJS.Timeout | null = null;

  constructor({ maxFiles = MAX_FILES, idleMs = IDLE_MS }: OpenFilesOptions = {}) {
    this.maxFiles = maxFiles;
    this.idleMs = idleMs;
  }

  /** Descriptors that are open for later reads. */
  get size(): number {
    return this.files.size;
  }

  async read(path: string, from: number, to: number, into?: Buffer): Promise<Buffer | null> {
    // A whole file is read once, not again and again.
    if (!Number.isFinite(to)) return await DISK.read(path, from, to, into);
    const file = await this.acquire(path);
    if (!file) return null;
    try {
      return await fill(file.descriptor, from, into?.subarray(0, to - from) ?? Buffer.allocUnsafe(Math.max(0, to - from)));
    } catch (error) {
      // The next read opens the file again: the disk may have come back as another one.
      this.drop(file);
      throw error;
    } finally {
      file.readers--;
      closeUnused(file);
    }
  }

  async version(path: string): Promise<string | null> {
    const found = await statOf(path);
    const file = this.files.get(path);
    if (file && isSame(file, found)) file.checkedAt = performance.now();
    else if (file) this.drop(file);
    return found && versionOf(found);
  }

  /** Closes all descriptors, after the reads in progress. */
  close(): void {
    for (const file of this.files.values()) this.drop(file);
  }

  /** The open file, with one reader more; null when there is no such file. */
  private async acquire(path: string): Promise<OpenFile | null> {
    const known = this.files.get(path);
    if (known && performance.now() - known.checkedAt >= VERIFY_MS) await this.version(path);
    for (;;) {
      const file = this.files.get(path);
      if (file) return this.use(file);
      const opened = await (this.opening.get(path) ?? this.open(path));
      if (!opened) return null;
      // Another reader may have dropped it meanwhile.
      if (!opened.isDropped) return this.use(opened);
    }
  }

  private use(file: OpenFile): OpenFile {
    file.readers++;
    file.usedAt = performance.now();
    this.files.delete(file.path);
    this.files.set(file.path, file);
    return file;
  }

  private open(path: string): Promise<OpenFile | null> {
    const opening = openFile(path)
      .then((file) => {
        if (file) this.keep(file);
        return file;
      })
      .finally(() => this.opening.delete(path));
    this.opening.set(path, opening);
    return opening;
  }

  private keep(file: OpenFile): void {
    this.files.set(file.path, file);
    for (const oldest of this.files.values()) {
      if (this.files.size <= this.maxFiles) break;
      this.drop(oldest);
    }
    this.timer ??= this.closeLater();
  }

  private drop(file: OpenFile): void {
    if (file.isDropped) return;
    file.isDropped = true;
    this.files.delete(file.path);
    closeUnused(file);
  }

  private closeLater(): NodeJS.Timeout {
    return setTimeout(() => this.closeIdle(), this.idleMs).unref();
  }

  /** Looks at the files that were not used for the longest time only. */
  private closeIdle(): void {
    const before = performance.now() - this.idleMs;
    for (const oldest of this.files.values()) {
      if (oldest.usedAt > before) break;
      this.drop(oldest);
    }
    this.timer = this.files.size > 0 ? this.closeLater() : null;
  }
}

function closeUnused(file: OpenFile): void {
  // Nothing was written, so an error of the close loses nothing.
  if (file.isDropped && file.readers === 0) close(file.descriptor, () => {});
}

function isSame({ device, inode }: OpenFile, found: Stats | null): boolean {
  return found !== null && found.dev === device && found.ino === inode;
}

async function openFile(path: string): Promise<OpenFile | null> {
  const descriptor = await new Promise<number | null>((resolve, reject) => {
    open(path, "r", (error, opened) => (error ? (error.code === "ENOENT" ? resolve(null) : reject(error)) : resolve(opened)));
  });
  if (descriptor === null) return null;
  const checkedAt = performance.now();
  const { dev: device, ino: inode } = await new Promise<Stats>((resolve, reject) => {
    fstat(descriptor, (error, found) => {
      if (!error) return resolve(found);
      close(descriptor, () => reject(error));
    });
  });
  return { path, descriptor, device, inode, readers: 0, checkedAt, usedAt: checkedAt, isDropped: false };
}

function statOf(path: string): Promise<Stats | null> {
  return new Promise((resolve, reject) => {
    stat(path, (error, found) => (error ? (error.code === "ENOENT" ? resolve(null) : reject(error)) : resolve(found)));
  });
}

/** Fills the buffer or reads to the end of the file: a single read may return less. */
async function fill(descriptor: number, at: number, into: Buffer): Promise<Buffer> {
  let done = 0;
  while (done < into.length) {
    const bytes = await new Promise<number>((resolve, reject) => {
      read(descriptor, into, done, into.length - done, at + done, (error, count) => (error ? reject(error) : resolve(count)));
    });
    if (bytes === 0) break;
    done += bytes;
  }
  return into.subarray(0, done);
}

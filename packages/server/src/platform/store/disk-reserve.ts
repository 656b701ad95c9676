/**
 * Keeps room on the disk of the embedded database: a file beside it that is made shorter when the disk is full, so that alarms can be written then
 * of all times. It is made shorter by little at a time: a recorder begins a file only where there is more room than one step.
 */
import { randomBytes } from "node:crypto";
import { open, stat, statfs, truncate } from "node:fs/promises";
import { dirname } from "node:path";

/** Room for some dozens of alarms, each with what is told about it. */
const RESERVE_BYTES = 4 * 1024 * 1024;
/** What one alarm needs at most: new pages of its tables, of their indexes and of the write-ahead log. */
const STEP_BYTES = 256 * 1024;
/** The reserve is filled only while the disk has so much besides. */
const LEAST_FREE_BYTES = 64 * 1024 * 1024;
const FILL_EVERY_MS = 60_000;

export class DiskReserve {
  private readonly path: string;
  private readonly freeBytes: () => Promise<number>;
  private timer: NodeJS.Timeout | undefined;

  /** @param path of the file; @param freeBytes of its disk */
  constructor(path: string, freeBytes: () => Promise<number> = () => freeOf(path)) {
    this.path = path;
    this.freeBytes = freeBytes;
  }

  /** Fills it from now on, whenever the disk has room. */
  keep(): void {
    this.timer = setInterval(() => {
      // What cannot be kept now is tried again.
      void this.fill().catch(() => {});
    }, FILL_EVERY_MS).unref();
  }

  close(): void {
    clearInterval(this.timer);
  }

  async fill(): Promise<void> {
    const kept = await this.size();
    const missing = RESERVE_BYTES - kept;
    if (missing <= 0 || (await this.freeBytes()) < LEAST_FREE_BYTES + missing) return;
    const file = await open(this.path, "a", 0o600);
    try {
      // A file system that compresses would keep no room for zeros.
      for (let left = missing; left > 0; left -= STEP_BYTES) await file.appendFile(randomBytes(Math.min(left, STEP_BYTES)));
    } finally {
      await file.close();
    }
  }

  /** Gives some of the room back. Returns the bytes that are left then; null: there was none. */
  async release(): Promise<number | null> {
    const kept = await this.size();
    if (kept === 0) return null;
    const left = Math.max(0, kept - STEP_BYTES);
    await truncate(this.path, left);
    return left;
  }

  private async size(): Promise<number> {
    return await stat(this.path).then(
      ({ size }) => size,
      () => 0,
    );
  }
}

async function freeOf(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(dirname(path));
  return bavail * bsize;
}

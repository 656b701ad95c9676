/**
 * Closes files that can no longer be written, because the disk is full or fails. Closing needs a little room for the end of the index, so it
 * is tried until it works. Only the path is kept in memory, not the stream. Files of a process that ends are repaired at the next start.
 */
import { rm } from "node:fs/promises";
import { indexPath } from "../files/disk.ts";
import type { FileKeys } from "../files/file-keys.ts";
import { closeBroken } from "../files/repair.ts";

const RETRY_MS = 5000;

export class BrokenFiles {
  private readonly now: () => number;
  private readonly keys: FileKeys;
  private readonly waiting = new Map<string, () => void>();
  private triedAt = 0;

  /** @param now monotonic milliseconds */
  constructor(now: () => number, keys: FileKeys) {
    this.now = now;
    this.keys = keys;
  }

  /** Closes a file behind its last complete frame, now or later; removes it when it has none. @param onClosed not called for a removed file */
  async close(path: string, onClosed: () => void): Promise<void> {
    this.waiting.set(path, onClosed);
    await this.tryOne(path, onClosed);
  }

  /** Tries again, every few seconds. */
  async work(): Promise<void> {
    if (this.waiting.size === 0 || this.now() - this.triedAt < RETRY_MS) return;
    this.triedAt = this.now();
    for (const [path, onClosed] of [...this.waiting]) await this.tryOne(path, onClosed);
  }

  private async tryOne(path: string, onClosed: () => void): Promise<void> {
    try {
      const outcome = await closeBroken(path, "full", this.keys);
      if (outcome === "no-index") for (const file of [path, indexPath(path)]) await rm(file, { force: true });
      this.waiting.delete(path);
      if (outcome !== "empty" && outcome !== "no-index") onClosed();
    } catch {
      // The disk has no room for the end, or fails.
    }
  }
}

/**
 * What lies in the object storage, as if it were on the disk: pieces of files are fetched when they are read, and kept on the disk for all
 * processes of this machine. Each piece is fetched once, whoever reads it at the same moment; the one behind it is fetched ahead.
 */
import { readdir, rm, stat, utimes } from "node:fs/promises";
import { join, relative } from "node:path";
import { writeWhole } from "../../platform/write-whole.ts";
import { type ByteSource, DISK } from "../files/disk.ts";
import type { ObjectStore } from "./object-store.ts";

export type PieceCacheOptions = {
  readonly store: Pick<ObjectStore, "read">;
  /** Where pieces are kept. */
  readonly directory: string;
  /** What is named relative to it in the storage; what lies elsewhere is on the disk only. */
  readonly root: string;
};

/** What is there cannot be read at present. */
export class StorageAway extends Error {}

/** About ten seconds of a lesson. */
const PIECE_BYTES = 2 * 1024 * 1024;
/** What was not there is not asked for again so soon. */
const MISSING_MS = 5000;
const MOST_MISSING = 10_000;
/** A piece that is read is noted to be in use this seldom. */
const TOUCH_MS = 60_000;

export class PieceCache implements ByteSource {
  private readonly options: PieceCacheOptions;
  private readonly fetching = new Map<string, Promise<Buffer | null>>();
  private readonly missing = new Map<string, number>();
  private readonly touched = new Map<string, number>();

  constructor(options: PieceCacheOptions) {
    this.options = options;
  }

  async read(path: string, from: number, to: number, into?: Buffer): Promise<Buffer | null> {
    const own = await DISK.read(path, from, to, into);
    const key = relative(this.options.root, path);
    if (own || key.startsWith("..")) return own;
    const parts: Buffer[] = [];
    for (let number = Math.floor(from / PIECE_BYTES); number * PIECE_BYTES < to; number++) {
      const start = number * PIECE_BYTES;
      const [first, last] = [Math.max(0, from - start), Math.min(PIECE_BYTES, to - start)];
      const part = await this.part(key, number, first, last);
      if (!part) return null;
      parts.push(part);
      // The file ends here.
      if (part.length < last - first) break;
      if (to - start < 2 * PIECE_BYTES) this.ahead(key, number + 1);
    }
    // Nearly everything that is read lies in one piece.
    return parts.length === 1 ? (parts[0] ?? null) : Buffer.concat(parts);
  }

  /** Forgets the pieces of a file. */
  async remove(path: string): Promise<void> {
    await rm(join(this.options.directory, relative(this.options.root, path)), { recursive: true, force: true });
  }

  /** Bytes of a piece, from its own beginning; fewer where it is shorter. */
  private async part(key: string, number: number, from: number, to: number): Promise<Buffer | null> {
    const path = this.pathOf(key, number);
    const kept = await DISK.read(path, from, to);
    if (kept) {
      this.touch(path);
      return kept;
    }
    return (await this.fetchOnce(key, number))?.subarray(from, to) ?? null;
  }

  private async fetchOnce(key: string, number: number): Promise<Buffer | null> {
    const path = this.pathOf(key, number);
    const known = this.fetching.get(path);
    if (known) return await known;
    const missed = this.missing.get(key);
    if (missed !== undefined && performance.now() - missed < MISSING_MS) return null;
    const fetching = this.fetchPiece(key, number, path).finally(() => this.fetching.delete(path));
    this.fetching.set(path, fetching);
    return await fetching;
  }

  private pathOf(key: string, number: number): string {
    return join(this.options.directory, key, String(number));
  }

  private async fetchPiece(key: string, number: number, path: string): Promise<Buffer | null> {
    // Since this was looked for, somebody else may have fetched it.
    const kept = await DISK.read(path, 0, PIECE_BYTES);
    if (kept) return kept;
    const bytes = await this.options.store.read(key, number * PIECE_BYTES, (number + 1) * PIECE_BYTES).catch((error: unknown) => {
      throw new StorageAway("the storage does not answer", { cause: error });
    });
    if (!bytes) {
      if (this.missing.size >= MOST_MISSING) this.missing.clear();
      this.missing.set(key, performance.now());
      return null;
    }
    this.missing.delete(key);
    // A full disk makes it slower, not impossible.
    await writeWhole(path, bytes).catch(() => {});
    return bytes;
  }

  private ahead(key: string, number: number): void {
    void this.part(key, number, 0, 1).catch(() => {});
  }

  private touch(path: string): void {
    const now = Date.now();
    if (now - (this.touched.get(path) ?? 0) < TOUCH_MS) return;
    if (this.touched.size >= MOST_MISSING) this.touched.clear();
    this.touched.set(path, now);
    void utimes(path, now / 1000, now / 1000).catch(() => {});
  }
}

/** What can be fetched again. */
export type Kept = { readonly path: string; readonly bytes: number; readonly usedAt: number };

/** All pieces that are kept, and when they were last read, milliseconds since 1970. */
export async function keptPieces(directory: string): Promise<Kept[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const kept = await Promise.all(
    files.map((path) =>
      stat(path).then(
        ({ size, mtimeMs }) => ({ path, bytes: size, usedAt: mtimeMs }),
        () => null,
      ),
    ),
  );
  return kept.filter((one) => one !== null);
}

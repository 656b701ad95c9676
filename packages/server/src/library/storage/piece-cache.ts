/**
 * Reads files in the object storage as if they were on the disk. Files are fetched in pieces on demand; a cache on the disk serves all
 * processes of this machine. Concurrent readers of a piece share one request, and the following piece is prefetched.
 */
import { readdir, rm, stat, utimes } from "node:fs/promises";
import { join, relative } from "node:path";
import { writeAtomically } from "../../platform/write-atomically.ts";
import { type ByteSource, DISK } from "../files/disk.ts";
import type { ObjectStore } from "./object-store.ts";

export type PieceCacheOptions = {
  readonly store: Pick<ObjectStore, "read">;
  /** The directory of the cache. */
  readonly directory: string;
  /** Keys of objects are paths relative to this directory; files outside it are only on the disk. */
  readonly root: string;
  /** Reads what is on the disk; default: `DISK`. */
  readonly disk?: ByteSource;
};

/** The object storage does not answer. */
export class StorageUnreachable extends Error {}

/** About ten seconds of a lesson. */
const PIECE_BYTES = 2 * 1024 * 1024;
/** A missing object is not requested again within this time. */
const MISSING_MS = 5000;
const MAX_REMEMBERED = 10_000;
/** The last use of a piece is written to the disk at most this often. */
const TOUCH_MS = 60_000;

export class PieceCache implements ByteSource {
  private readonly options: PieceCacheOptions;
  private readonly disk: ByteSource;
  private readonly fetching = new Map<string, Promise<Buffer | null>>();
  private readonly missing = new Map<string, number>();
  private readonly touched = new Map<string, number>();

  constructor(options: PieceCacheOptions) {
    this.options = options;
    this.disk = options.disk ?? DISK;
  }

  version(path: string): Promise<string | null> {
    return this.disk.version(path);
  }

  async read(path: string, from: number, to: number, into?: Buffer): Promise<Buffer | null> {
    const own = await this.disk.read(path, from, to, into);
    const key = relative(this.options.root, path);
    if (own || key.startsWith("..")) return own;
    const parts: Buffer[] = [];
    for (let number = Math.floor(from / PIECE_BYTES); number * PIECE_BYTES < to; number++) {
      const start = number * PIECE_BYTES;
      const [first, last] = [Math.max(0, from - start), Math.min(PIECE_BYTES, to - start)];
      const part = await this.part(key, number, first, last);
      if (!part) return null;
      parts.push(part);
      // The end of the file.
      if (part.length < last - first) break;
      if (to - start < 2 * PIECE_BYTES) this.prefetch(key, number + 1);
    }
    // Nearly every read lies within one piece.
    return parts.length === 1 ? (parts[0] ?? null) : Buffer.concat(parts);
  }

  /** Removes the cached pieces of a file. */
  async remove(path: string): Promise<void> {
    await rm(join(this.options.directory, relative(this.options.root, path)), { recursive: true, force: true });
  }

  /** A range within a piece; shorter at the end of the file. */
  private async part(key: string, number: number, from: number, to: number): Promise<Buffer | null> {
    const path = this.pathOf(key, number);
    const kept = await this.disk.read(path, from, to);
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
    // Another process may have fetched it meanwhile.
    const kept = await this.disk.read(path, 0, PIECE_BYTES);
    if (kept) return kept;
    const bytes = await this.options.store.read(key, number * PIECE_BYTES, (number + 1) * PIECE_BYTES).catch((error: unknown) => {
      throw new StorageUnreachable("the storage does not answer", { cause: error });
    });
    if (!bytes) {
      if (this.missing.size >= MAX_REMEMBERED) this.missing.clear();
      this.missing.set(key, performance.now());
      return null;
    }
    this.missing.delete(key);
    // Without room on the disk the piece is fetched again next time.
    await writeAtomically(path, bytes).catch(() => {});
    return bytes;
  }

  private prefetch(key: string, number: number): void {
    void this.part(key, number, 0, 1).catch(() => {});
  }

  private touch(path: string): void {
    const now = Date.now();
    if (now - (this.touched.get(path) ?? 0) < TOUCH_MS) return;
    if (this.touched.size >= MAX_REMEMBERED) this.touched.clear();
    this.touched.set(path, now);
    void utimes(path, now / 1000, now / 1000).catch(() => {});
  }
}

/** A cached piece. */
export type CachedPiece = { readonly path: string; readonly bytes: number; readonly usedAt: number };

/** All cached pieces of a directory. `usedAt`: milliseconds since 1970. */
export async function cachedPieces(directory: string): Promise<CachedPiece[]> {
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

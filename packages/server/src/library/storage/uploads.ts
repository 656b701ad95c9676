/**
 * Brings recorded files to the object storage while they are being written. The first part of a file is sent last, since its duration and
 * key frames are written at its beginning when it is closed; all other parts go as soon as they are full. What was sent is noted beside the
 * file, so that a new process goes on where the last one was.
 *
 * A file's note outlives its copy on this disk: it says that the storage has it.
 */
import { readFile, rm, stat } from "node:fs/promises";
import { relative } from "node:path";
import type { Logger } from "../../platform/log.ts";
import { writeWhole } from "../../platform/write-whole.ts";
import { DISK, indexPath } from "../files/disk.ts";
import { readLines } from "../files/index-lines.ts";
import { type ObjectStore, type UploadedPart, UploadGone } from "./object-store.ts";

export type UploadsOptions = {
  readonly store: ObjectStore;
  /** Names in the storage are relative to it. */
  readonly root: string;
  readonly log: Logger;
  /** All of a file is in the storage. */
  readonly onStored: () => void;
  /** It fails, or works again. */
  readonly onTrouble: (error: Error | null) => void;
};

/** What is noted beside a file. */
type Note =
  | { readonly upload: string | null; readonly parts: readonly UploadedPart[] }
  | { readonly stored: { readonly bytes: number; readonly at: number } };

type Job = { readonly path: string; tries: number; notBefore: number };

/** S3 wants at least 5 MiB of each part but the last, and at most 10 000 parts. */
const PART_BYTES = 8 * 1024 * 1024;
const FLV_TYPE = "video/x-flv";
const INDEX_TYPE = "application/x-ndjson";
const LOOK_EVERY_MS = 2000;
const FILES_AT_ONCE = 3;
const RETRY_FROM_MS = 1000;
const RETRY_TO_MS = 60_000;
const END_WITHIN_BYTES = 4096;

export class Uploads {
  private readonly options: UploadsOptions;
  private readonly jobs = new Map<string, Job>();
  private working: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | null = null;
  private troubled = false;
  private closed = false;

  constructor(options: UploadsOptions) {
    this.options = options;
    this.plan(LOOK_EVERY_MS);
  }

  /** Files that are not wholly in the storage yet. */
  get waiting(): number {
    return this.jobs.size;
  }

  /** Takes a file, until all of it is in the storage. */
  take(path: string): void {
    if (!this.jobs.has(path)) this.jobs.set(path, { path, tries: 0, notBefore: 0 });
  }

  /** Takes a file out of the storage. What was sent of it is forgotten. */
  async remove(path: string): Promise<void> {
    this.jobs.delete(path);
    await this.working;
    const key = this.keyOf(path);
    const note = await readNote(path);
    if (note && "upload" in note && note.upload) await this.options.store.abortUpload(key, note.upload);
    await this.options.store.remove(key);
    await this.options.store.remove(indexPath(key));
    await rm(notePath(path), { force: true });
  }

  async close(): Promise<void> {
    this.closed = true;
    if (this.timer) clearTimeout(this.timer);
    await this.working;
  }

  private plan(delay: number): void {
    this.timer = setTimeout(() => {
      this.working = this.work().finally(() => {
        if (!this.closed) this.plan(LOOK_EVERY_MS);
      });
    }, delay);
    this.timer.unref();
  }

  private async work(): Promise<void> {
    const due = [...this.jobs.values()].filter(({ notBefore }) => performance.now() >= notBefore);
    const lane = async (): Promise<void> => {
      for (let job = due.shift(); job && !this.closed; job = due.shift()) await this.tryJob(job);
    };
    await Promise.all(Array.from({ length: FILES_AT_ONCE }, lane));
  }

  private async tryJob(job: Job): Promise<void> {
    try {
      if (await this.send(job.path)) {
        this.jobs.delete(job.path);
        this.options.onStored();
      }
      job.tries = 0;
      if (this.troubled) this.options.onTrouble(null);
      this.troubled = false;
    } catch (error) {
      job.notBefore = performance.now() + Math.min(RETRY_TO_MS, RETRY_FROM_MS * 2 ** job.tries++);
      const reason = error instanceof Error ? error : new Error(String(error));
      this.options.log.warn(
        { file: job.path, tries: job.tries, reason: String(reason) },
        "a file could not be stored; it is tried again",
      );
      if (!this.troubled) this.options.onTrouble(reason);
      this.troubled = true;
    }
  }

  /** Sends what there is. True when nothing more will come. */
  private async send(path: string): Promise<boolean> {
    const note = (await readNote(path)) ?? { upload: null, parts: [] };
    if ("stored" in note) return true;
    const size = await sizeOf(path);
    // Somebody has taken it away.
    if (size === null) return true;
    const end = await endOf(path);
    if (end === null && size < 2 * PART_BYTES) return false;
    if (end !== null && end <= PART_BYTES) {
      await this.options.store.put(this.keyOf(path), await whole(path, 0, end), FLV_TYPE);
    } else {
      try {
        await this.sendParts(path, note, size, end);
      } catch (error) {
        if (!(error instanceof UploadGone)) throw error;
        await this.begunAnew(path, end);
      }
    }
    if (end === null) return false;
    await this.options.store.put(
      indexPath(this.keyOf(path)),
      await whole(indexPath(path), 0, Number.POSITIVE_INFINITY),
      INDEX_TYPE,
    );
    const stored = await this.options.store.size(this.keyOf(path));
    if (stored !== end) {
      await writeNote(path, { upload: null, parts: [] });
      throw new Error(`the storage has ${stored ?? "none"} of ${end} bytes`);
    }
    await writeNote(path, { stored: { bytes: end, at: Date.now() } });
    return true;
  }

  private async sendParts(path: string, note: Extract<Note, { parts: unknown }>, size: number, end: number | null): Promise<void> {
    const { store } = this.options;
    const key = this.keyOf(path);
    const upload = note.upload ?? (await store.beginUpload(key, FLV_TYPE));
    // A file that was mended after a crash may be shorter than what was sent of it.
    let parts = note.parts.filter(({ to }) => end === null || to <= end);
    if (note.upload === null || parts.length < note.parts.length) await writeNote(path, { upload, parts });
    const sendPart = async (number: number, to: number): Promise<void> => {
      const from = (number - 1) * PART_BYTES;
      if (this.closed || parts.some((part) => part.number === number && part.to === to)) return;
      const etag = await store.uploadPart(key, upload, number, await whole(path, from, to));
      parts = [...parts.filter((part) => part.number !== number), { number, etag, from, to }];
      await writeNote(path, { upload, parts });
    };
    const full = Math.floor((end ?? size) / PART_BYTES);
    for (let number = 2; number <= full; number++) await sendPart(number, number * PART_BYTES);
    if (end === null) return;
    if (end > full * PART_BYTES) await sendPart(full + 1, end);
    await sendPart(1, PART_BYTES);
    if (this.closed) throw new Error("the process ends");
    await store.completeUpload(
      key,
      upload,
      [...parts].sort((a, b) => a.number - b.number),
    );
  }

  /** The storage does not know an upload: it was completed before that was noted, or must be begun anew. */
  private async begunAnew(path: string, end: number | null): Promise<void> {
    if (end !== null && (await this.options.store.size(this.keyOf(path))) === end) return;
    await writeNote(path, { upload: null, parts: [] });
    throw new Error("the storage has forgotten what was sent; it is sent again");
  }

  private keyOf(path: string): string {
    return relative(this.options.root, path);
  }
}

/** What says beside a file that the storage has it, or how much of it. */
export function notePath(path: string): string {
  return `${path}.upload`;
}

/** Bytes of a file that is wholly in the storage; null when it is not. */
export async function storedBytes(path: string): Promise<number | null> {
  const note = await readNote(path);
  return note && "stored" in note ? note.stored.bytes : null;
}

async function readNote(path: string): Promise<Note | null> {
  const text = await readFile(notePath(path), "utf8").catch(() => null);
  if (text === null) return null;
  try {
    const note = JSON.parse(text) as Partial<Record<"stored" | "parts", unknown>> | null;
    return note?.stored || Array.isArray(note?.parts) ? (note as Note) : null;
  } catch {
    return null;
  }
}

async function writeNote(path: string, note: Note): Promise<void> {
  await writeWhole(notePath(path), JSON.stringify(note));
}

async function sizeOf(path: string): Promise<number | null> {
  return await stat(path).then(
    ({ size }) => size,
    () => null,
  );
}

/** How many bytes a file has that is closed; null while it is written. */
async function endOf(path: string): Promise<number | null> {
  const size = await sizeOf(indexPath(path));
  if (size === null) return null;
  const from = Math.max(0, size - END_WITHIN_BYTES);
  const tail = await DISK.read(indexPath(path), from, size);
  if (!tail) return null;
  const line = tail.lastIndexOf(0x0a, tail.length - 2) + 1;
  const last = readLines(tail.subarray(line), from + line).at(-1)?.line;
  return last?.k === "end" ? last.at : null;
}

async function whole(path: string, from: number, to: number): Promise<Buffer> {
  const bytes = await DISK.read(path, from, to);
  if (!bytes || (Number.isFinite(to) && bytes.length < to - from)) throw new Error("the file is shorter than it was");
  return bytes;
}

/**
 * Uploads recorded files to the object storage while they are being written. The first part of a file is sent last, because closing the
 * file writes its duration and key frames at its beginning; every other part is sent as soon as it is full. A file beside it lists
 * the parts that were sent, so that a new process resumes the upload.
 */
import { rm, stat } from "node:fs/promises";
import { relative } from "node:path";
import type { Logger } from "../../platform/log.ts";
import { DISK, indexPath } from "../files/disk.ts";
import { readLines } from "../files/index-lines.ts";
import { readUploadState, type UploadState, uploadStatePath, writeUploadState } from "../files/upload-state.ts";
import { type ObjectStore, UploadGone } from "./object-store.ts";

export type UploadsOptions = {
  readonly store: ObjectStore;
  /** Keys of objects are paths relative to this directory. */
  readonly root: string;
  readonly log: Logger;
  /** A file is completely in the storage. */
  readonly onStored: () => void;
  /** Uploads fail, or work again (null). */
  readonly onFailure: (error: Error | null) => void;
};

type Job = { readonly path: string; tries: number; notBefore: number };

/** S3 requires at least 5 MiB for every part but the last, and allows 10 000 parts. */
const PART_BYTES = 8 * 1024 * 1024;
const FLV_TYPE = "video/x-flv";
const INDEX_TYPE = "application/x-ndjson";
const POLL_MS = 2000;
const FILES_AT_ONCE = 3;
const RETRY_FROM_MS = 1000;
const RETRY_TO_MS = 60_000;
const END_WITHIN_BYTES = 4096;

export class Uploads {
  private readonly options: UploadsOptions;
  private readonly jobs = new Map<string, Job>();
  private working: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | null = null;
  private failing = false;
  private closed = false;

  constructor(options: UploadsOptions) {
    this.options = options;
    this.schedule(POLL_MS);
  }

  /** Files that are not completely in the storage yet. */
  get waiting(): number {
    return this.jobs.size;
  }

  /** Uploads a file until it is completely in the storage. */
  enqueue(path: string): void {
    if (!this.jobs.has(path)) this.jobs.set(path, { path, tries: 0, notBefore: 0 });
  }

  /** Stores the index of a file again that is completely in the storage. */
  async indexChanged(path: string): Promise<void> {
    const state = await readUploadState(path);
    if (!state || !("stored" in state)) return;
    const index = await readExactly(indexPath(path), 0, Number.POSITIVE_INFINITY);
    await this.options.store.put(indexPath(this.keyOf(path)), index, INDEX_TYPE);
  }

  /** Removes a file from the storage, with its unfinished upload. */
  async remove(path: string): Promise<void> {
    this.jobs.delete(path);
    await this.working;
    const key = this.keyOf(path);
    const state = await readUploadState(path);
    if (state && "upload" in state && state.upload) await this.options.store.abortUpload(key, state.upload);
    await this.options.store.remove(key);
    await this.options.store.remove(indexPath(key));
    await rm(uploadStatePath(path), { force: true });
  }

  async close(): Promise<void> {
    this.closed = true;
    if (this.timer) clearTimeout(this.timer);
    await this.working;
  }

  private schedule(delay: number): void {
    this.timer = setTimeout(() => {
      this.working = this.work().finally(() => {
        if (!this.closed) this.schedule(POLL_MS);
      });
    }, delay);
    this.timer.unref();
  }

  private async work(): Promise<void> {
    const due = [...this.jobs.values()].filter(({ notBefore }) => performance.now() >= notBefore);
    const worker = async (): Promise<void> => {
      for (let job = due.shift(); job && !this.closed; job = due.shift()) await this.tryJob(job);
    };
    await Promise.all(Array.from({ length: FILES_AT_ONCE }, worker));
  }

  private async tryJob(job: Job): Promise<void> {
    try {
      if (await this.send(job.path)) {
        this.jobs.delete(job.path);
        this.options.onStored();
      }
      job.tries = 0;
      if (this.failing) this.options.onFailure(null);
      this.failing = false;
    } catch (error) {
      job.notBefore = performance.now() + Math.min(RETRY_TO_MS, RETRY_FROM_MS * 2 ** job.tries++);
      const reason = error instanceof Error ? error : new Error(String(error));
      this.options.log.warn({ file: job.path, tries: job.tries, reason: String(reason) }, "recording upload failed, retrying");
      if (!this.failing) this.options.onFailure(reason);
      this.failing = true;
    }
  }

  /** Sends what the file has so far. True when the file is complete in the storage. */
  private async send(path: string): Promise<boolean> {
    const state = (await readUploadState(path)) ?? { upload: null, parts: [] };
    if ("stored" in state) return true;
    const size = await sizeOf(path);
    // The file was removed meanwhile.
    if (size === null) return true;
    const end = await endOf(path);
    if (end === null && size < 2 * PART_BYTES) return false;
    if (end !== null && end <= PART_BYTES) {
      await this.options.store.put(this.keyOf(path), await readExactly(path, 0, end), FLV_TYPE);
    } else {
      try {
        await this.sendParts(path, state, size, end);
      } catch (error) {
        if (!(error instanceof UploadGone)) throw error;
        await this.restartUpload(path, end);
      }
    }
    if (end === null) return false;
    await this.options.store.put(
      indexPath(this.keyOf(path)),
      await readExactly(indexPath(path), 0, Number.POSITIVE_INFINITY),
      INDEX_TYPE,
    );
    const stored = await this.options.store.size(this.keyOf(path));
    if (stored !== end) {
      await writeUploadState(path, { upload: null, parts: [] });
      throw new Error(`the storage has ${stored ?? "none"} of ${end} bytes`);
    }
    await writeUploadState(path, { stored: { bytes: end, at: Date.now() } });
    return true;
  }

  private async sendParts(
    path: string,
    state: Extract<UploadState, { parts: unknown }>,
    size: number,
    end: number | null,
  ): Promise<void> {
    const { store } = this.options;
    const key = this.keyOf(path);
    const upload = state.upload ?? (await store.beginUpload(key, FLV_TYPE));
    // Repairing a file after a crash can make it shorter than what was sent.
    let parts = state.parts.filter(({ to }) => end === null || to <= end);
    if (state.upload === null || parts.length < state.parts.length) await writeUploadState(path, { upload, parts });
    const sendPart = async (number: number, to: number): Promise<void> => {
      const from = (number - 1) * PART_BYTES;
      if (this.closed || parts.some((part) => part.number === number && part.to === to)) return;
      const etag = await store.uploadPart(key, upload, number, await readExactly(path, from, to));
      parts = [...parts.filter((part) => part.number !== number), { number, etag, from, to }];
      await writeUploadState(path, { upload, parts });
    };
    const full = Math.floor((end ?? size) / PART_BYTES);
    for (let number = 2; number <= full; number++) await sendPart(number, number * PART_BYTES);
    if (end === null) return;
    if (end > full * PART_BYTES) await sendPart(full + 1, end);
    await sendPart(1, PART_BYTES);
    if (this.closed) throw new Error("the process is shutting down");
    await store.completeUpload(
      key,
      upload,
      [...parts].sort((a, b) => a.number - b.number),
    );
  }

  /** The storage does not know an upload: it was completed and its state not saved, or it must be restarted. */
  private async restartUpload(path: string, end: number | null): Promise<void> {
    if (end !== null && (await this.options.store.size(this.keyOf(path))) === end) return;
    await writeUploadState(path, { upload: null, parts: [] });
    throw new Error("the storage dropped the upload; it starts again");
  }

  private keyOf(path: string): string {
    return relative(this.options.root, path);
  }
}

async function sizeOf(path: string): Promise<number | null> {
  return await stat(path).then(
    ({ size }) => size,
    () => null,
  );
}

/** The size in bytes of a closed file; null while it is being written. */
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

async function readExactly(path: string, from: number, to: number): Promise<Buffer> {
  const bytes = await DISK.read(path, from, to);
  if (!bytes || (Number.isFinite(to) && bytes.length < to - from)) throw new Error("the file became shorter");
  return bytes;
}

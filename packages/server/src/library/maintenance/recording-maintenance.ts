/**
 * Maintains recorded files: reports recordings from their files, repairs files that a dead process left open, uploads them, cuts clips, and
 * removes time-shift files beyond their window. One process of a machine runs it.
 */

import { readdir, rm, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import type { FoundRecording } from "../../contracts/recordings/recording-messages.ts";
import { RequestAddress } from "../../live/http/request-address.ts";
import { newId } from "../../platform/id.ts";
import type { Logger } from "../../platform/log.ts";
import { type Catalog, FINAL_REASONS } from "../catalog/catalog.ts";
import { writeClip } from "../files/clip.ts";
import { DISK, indexPath } from "../files/disk.ts";
import { listFlvFiles, recordingFileName } from "../files/file-names.ts";
import { repair } from "../files/repair.ts";
import type { TimedSegment } from "../files/timeline.ts";
import { storedBytes } from "../files/upload-state.ts";
import { previewFolderOf } from "../replay/previews.ts";
import { recordedRange } from "../replay/recorded-file-door.ts";
import { timelineSpans } from "../replay/room-spans.ts";
import { cachedPieces } from "../storage/piece-cache.ts";
import type { Storage } from "../storage/storage.ts";
import { Uploads } from "../storage/uploads.ts";
import { rotateFileKey } from "./file-key-rotation.ts";
import { ShiftFiles } from "./shift-files.ts";

export type RecordingMaintenanceOptions = {
  readonly catalog: Catalog;
  readonly log: Logger;
  readonly timeShift: () => { readonly windowSeconds: number; readonly maxBytes: number };
  readonly isLive: (app: string, name: string, epoch: string) => boolean;
  /** The object storage; null when none is configured. */
  readonly storage: MaintainedStorage | null;
  /** Bound of the cache of pieces and previews on the disk, bytes. */
  readonly cacheBytes: () => number;
  /** Receives each recording; called again until it succeeds. */
  readonly onRecording: (recording: FoundRecording) => Promise<void>;
};

export type MaintainedStorage = Storage & {
  /** Uploads fail, or work again (null). */
  readonly onFailure: (error: Error | null) => void;
};

type Folder = { readonly path: string; readonly app: string; readonly name: string };

const SWEEP_MS = 30_000;
/**
 * Recordings that grow and are looked at in one sweep: the size that the database has of each is half a minute old with fewer, and older with more. Each takes
 * 6 ms, most of it for the database: a thousand candidates' cameras took a fifth of a core.
 */
const GROWING_OF_SWEEP = 200;
const RETRY_MS = 1000;

export class RecordingMaintenance {
  private readonly options: RecordingMaintenanceOptions;
  /** Recordings to inspect, with their folders. */
  private readonly waiting = new Map<string, string>();
  /** Recordings that were incomplete at the last inspection, with their folders. */
  private readonly growing = new Map<string, string>();
  /** Files that need no repair, until they are removed. */
  private readonly checked = new Set<string>();
  private readonly shiftFiles = new ShiftFiles((path) => this.checked.has(path));
  private working: Promise<void> | null = null;
  private readonly timer: NodeJS.Timeout;
  private readonly uploads: Uploads | null;
  private trimming: Promise<void> | null = null;
  private closed = false;
  /** What the keys of all files begin with, as far as this process has seen. */
  private keysBy: string | null = null;

  constructor(options: RecordingMaintenanceOptions) {
    this.options = options;
    const { storage, catalog, log } = options;
    const onStored = () =>
      void this.trimCache().catch((error: unknown) => log.warn({ reason: String(error) }, "cache eviction failed, retrying"));
    this.uploads = storage && new Uploads({ ...storage, root: catalog.directories.record, log, onStored });
    this.timer = setInterval(() => void this.sweep(), SWEEP_MS);
    this.timer.unref();
  }

  /** Repairs files that an earlier process left open, and inspects every recording. */
  async start(): Promise<void> {
    await this.sweep();
    for (const { path } of await foldersOf(this.options.catalog.directories.record)) {
      for (const file of await listFlvFiles(path)) {
        const header = await this.options.catalog.header(join(path, file));
        if (!header?.recording) continue;
        this.enqueue(header.recording, path);
        this.uploads?.enqueue(join(path, file));
      }
    }
  }

  /** The recorder opened or closed a file. */
  recorded(recording: string, path: string): void {
    this.enqueue(recording, join(path, ".."));
    this.uploads?.enqueue(path);
  }

  /** A stream ended: its recordings are complete now. */
  streamEnded(app: string, name: string): void {
    const folder = join(this.options.catalog.directories.record, app, name);
    for (const [recording, path] of this.growing) if (path === folder) this.enqueue(recording, path);
  }

  /** Finds files that were put there, repairs those that a dead process left open, and trims time-shift and caches. */
  async sweep(): Promise<void> {
    try {
      const { record, shift } = this.options.catalog.directories;
      for (const folder of await foldersOf(record)) await this.repairFolder(folder);
      await this.rotateKeys();
      const shifted = await foldersOf(shift);
      this.shiftFiles.keepOnly(new Set(shifted.map(({ path }) => path)));
      for (const folder of shifted) await this.shiftFiles.take(folder.path, await this.repairFolder(folder));
      await this.trimTimeShift();
      await this.trimCache();
      this.enqueueGrowing();
    } catch (error) {
      this.options.log.warn({ reason: String(error) }, "recording maintenance failed, retrying");
    }
  }

  /**
   * Cuts a clip as a recording of its own, from the key frame before `from` to the end of the segment at `to`. Null when the range is
   * empty.
   * @param files of the recording; @param from seconds; @param to seconds
   */
  async clip(files: readonly string[], from: number, to: number): Promise<FoundRecording | null> {
    const { catalog } = this.options;
    const timeline = await catalog.recording(files, true);
    let number = timeline.at(from);
    while (number > 0 && !timeline.segment(number)?.independent) number--;
    const groups: TimedSegment[][] = [];
    for (; number < timeline.length && timeline.startOf(number) < to; number++) {
      const segment = timeline.segment(number);
      const group = groups.at(-1);
      if (!segment) continue;
      if (group && group[0]?.file === segment.file) group.push(segment);
      else groups.push([segment]);
    }
    const line = groups[0]?.[0]?.file.line;
    if (!line) return null;
    const recording = newId();
    const folder = join(catalog.directories.record, line.app, line.name);
    for (const [i, group] of groups.entries()) {
      const path = join(folder, `${recordingFileName(group[0]?.utc ?? 0)}-${recording}.flv`);
      await writeClip(group, { path, recording, number: i, key: catalog.keys.create() });
      this.uploads?.enqueue(path);
    }
    return await this.inspect(recording, folder);
  }

  /** A range of a recorded file, for another node; null: there is no such file. */
  async read(address: string): Promise<Buffer | null> {
    const range = recordedRange(new RequestAddress(address));
    return range && (await DISK.read(join(this.options.catalog.directories.record, range.path), range.from, range.to));
  }

  /** Deletes files permanently, here and in the storage. */
  async remove(files: readonly string[]): Promise<void> {
    const { catalog, storage } = this.options;
    for (const file of files) {
      const path = join(catalog.directories.record, file);
      // If the storage fails, the caller tries again from the beginning.
      await this.uploads?.remove(path);
      await storage?.cache.remove(path);
      await storage?.cache.remove(indexPath(path));
      await this.removeFile(path);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.timer);
    await this.uploads?.close();
    await this.working;
  }

  /** Running recordings have grown: those are next that have waited longest. */
  private enqueueGrowing(): void {
    for (const [recording, folder] of [...this.growing].slice(0, GROWING_OF_SWEEP)) {
      this.growing.delete(recording);
      this.growing.set(recording, folder);
      this.enqueue(recording, folder);
    }
  }

  private enqueue(recording: string, folder: string): void {
    this.waiting.set(recording, folder);
    this.working ??= this.work().finally(() => {
      this.working = null;
    });
  }

  private async work(): Promise<void> {
    while (!this.closed) {
      const next = this.waiting.entries().next().value;
      if (!next) return;
      const [recording, folder] = next;
      this.waiting.delete(recording);
      try {
        await this.report(recording, folder);
      } catch (error) {
        this.options.log.warn({ recording, reason: String(error) }, "recording report failed, retrying");
        if (!this.waiting.has(recording)) this.waiting.set(recording, folder);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
      }
    }
  }

  private async report(recording: string, folder: string): Promise<void> {
    const seen = await this.inspect(recording, folder);
    if (!seen) return;
    if (seen.whole) this.growing.delete(recording);
    else this.growing.set(recording, folder);
    await this.options.onRecording(seen);
  }

  /** Describes a recording by its files; null when it has none. */
  private async inspect(recording: string, folder: string): Promise<FoundRecording | null> {
    const { catalog } = this.options;
    const headers = await Promise.all(
      (await listFlvFiles(folder)).map(async (file) => ({
        path: join(folder, file),
        line: await catalog.header(join(folder, file)),
      })),
    );
    const own = headers.flatMap(({ path, line }) => (line?.recording === recording ? [{ path, line }] : []));
    own.sort((a, b) => a.line.number - b.line.number || a.line.sequence - b.line.sequence);
    const first = own[0]?.line;
    if (!first) return null;
    const files = own.map(({ path }) => relative(catalog.directories.record, path));
    const timeline = await catalog.recording(files, true);
    const sizes = await Promise.all(timeline.files.map(({ path, end }) => end?.at ?? sizeOf(path)));
    const { app, name, epoch } = first;
    const last = timeline.files.at(-1);
    const reason = last?.end?.reason;
    const whole = reason !== undefined && (FINAL_REASONS.has(reason) || !this.options.isLive(app, name, last?.line.epoch ?? epoch));
    return {
      id: recording,
      app,
      name,
      epoch,
      startedAt: first.utc,
      seconds: timeline.duration,
      bytes: sizes.reduce((sum, size) => sum + size, 0),
      whole,
      files,
      epochs: [...new Set(own.map(({ line }) => line.epoch))],
      spans: timelineSpans(timeline).map(({ at, length }) => [at, at + length]),
    };
  }

  /** Returns the names of the folder's files. */
  private async repairFolder(folder: Folder): Promise<string[]> {
    const names = await listFlvFiles(folder.path);
    for (const file of names) {
      const path = join(folder.path, file);
      if (this.checked.has(path)) continue;
      const outcome = await repair(path, this.options.catalog.keys);
      if (outcome === "whole") this.checked.add(path);
      if (outcome === "mended" || outcome === "empty")
        this.options.log.warn({ file: path, outcome }, "truncated recording file repaired");
      else if (outcome !== "whole") continue;
      const header = await this.options.catalog.header(path);
      if (!header?.recording) continue;
      // A whole file that nobody has told of was put there: a copy, or an import.
      this.enqueue(header.recording, folder.path);
      if (outcome === "whole") this.uploads?.enqueue(path);
    }
    return names;
  }

  /** Removes time-shift files that are too old, and the oldest files of all streams beyond `maxBytes`. */
  private async trimTimeShift(): Promise<void> {
    const { windowSeconds, maxBytes } = this.options.timeShift();
    for (const path of this.shiftFiles.expired({ oldest: Date.now() - windowSeconds * 1000, maxBytes }))
      await this.removeFile(path);
  }

  /** After a change of the server's secrets. A file that fails is tried again in the next sweep. */
  private async rotateKeys(): Promise<void> {
    const { keys, directories } = this.options.catalog;
    const prefix = keys.prefix();
    if (prefix === null || prefix === this.keysBy) return;
    let [rotated, failed] = [0, 0];
    for (const root of [directories.record, directories.shift])
      for (const { path: folder } of await foldersOf(root))
        for (const file of await listFlvFiles(folder)) {
          const path = join(folder, file);
          try {
            if (!(await rotateFileKey(path, keys))) continue;
            rotated++;
            await this.uploads?.indexChanged(path);
          } catch (error) {
            failed++;
            this.options.log.error({ file: path, reason: String(error) }, "key of a recorded file not encrypted again");
          }
        }
    if (rotated > 0) this.options.log.info({ rotated, failed }, "keys of recorded files encrypted again");
    if (failed === 0) this.keysBy = prefix;
  }

  private async removeFile(path: string): Promise<void> {
    this.checked.delete(path);
    await rm(path, { force: true });
    await rm(indexPath(path), { force: true });
    await rm(previewFolderOf(this.options.catalog.directories, path), { recursive: true, force: true });
  }

  /** Evicts the least recently used files that can be fetched or made again. */
  private trimCache(): Promise<void> {
    this.trimming ??= this.evictOldest().finally(() => {
      this.trimming = null;
    });
    return this.trimming;
  }

  private async evictOldest(): Promise<void> {
    const { storage, catalog, cacheBytes } = this.options;
    const { record, pieces, previews } = catalog.directories;
    const files = [...(await cachedPieces(pieces)), ...(await cachedPieces(previews))];
    for (const { path } of storage ? await foldersOf(record) : []) {
      for (const name of await listFlvFiles(path)) {
        const file = join(path, name);
        const { size, mtimeMs, atimeMs } = await stat(file).catch(() => ({ size: 0, mtimeMs: 0, atimeMs: 0 }));
        if (size > 0 && (await storedBytes(file)) !== null)
          files.push({ path: file, bytes: size, usedAt: Math.max(mtimeMs, atimeMs) });
      }
    }
    files.sort((a, b) => a.usedAt - b.usedAt);
    let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    for (const file of files) {
      if (bytes <= cacheBytes()) return;
      bytes -= file.bytes;
      await rm(file.path, { force: true });
    }
  }
}

async function sizeOf(path: string): Promise<number> {
  return await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

/** `APP/NAME` below a directory. */
async function foldersOf(directory: string): Promise<Folder[]> {
  const found: Folder[] = [];
  for (const app of await namesIn(directory))
    for (const name of await namesIn(join(directory, app))) found.push({ path: join(directory, app, name), app, name });
  return found;
}

async function namesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

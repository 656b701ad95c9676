/**
 * Keeps the house of what is recorded: looks at the files of recordings and tells what they are, mends what a dead process has left, and
 * takes away what is kept for time-shift only and too old or too much. One process of a machine does it.
 */
import { readdir, rm, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { newId } from "../../platform/id.ts";
import type { Logger } from "../../platform/log.ts";
import { type Catalog, flvFilesOf, LAST_REASONS, utcOf } from "../catalog.ts";
import { writeClip } from "../files/clip.ts";
import { indexPath } from "../files/disk.ts";
import { repair } from "../files/repair.ts";
import type { TimedSegment } from "../files/timeline.ts";
import { fileName } from "../recorder/recorder.ts";
import { previewsOf } from "../replay/previews.ts";
import { keptPieces } from "../storage/piece-cache.ts";
import type { Storage } from "../storage/storage.ts";
import { storedBytes, Uploads } from "../storage/uploads.ts";

/** A recording, as its files say. */
export type InspectedRecording = {
  readonly id: string;
  readonly app: string;
  readonly name: string;
  /** Of its first file; a lesson whose teacher was away for a while has several. */
  readonly epoch: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly seconds: number;
  readonly bytes: number;
  /** Nothing will come behind it any more. */
  readonly whole: boolean;
  /** In order, below the recordings' directory. */
  readonly files: readonly string[];
};

export type RecordingMaintenanceOptions = {
  readonly catalog: Catalog;
  readonly log: Logger;
  readonly shift: () => { readonly windowSeconds: number; readonly maxBytes: number };
  readonly isLive: (app: string, name: string, epoch: string) => boolean;
  /** Where recordings go besides the disk; null: nowhere. */
  readonly storage: KeptElsewhere | null;
  /** How much may be kept on the disk of what can be fetched or made again. */
  readonly cacheBytes: () => number;
  /** Must be told until it has succeeded. */
  readonly onRecording: (recording: InspectedRecording) => Promise<void>;
};

/** The object storage. */
export type KeptElsewhere = Storage & {
  /** Nothing can be stored, or it can again. */
  readonly onTrouble: (error: Error | null) => void;
};

type Folder = { readonly path: string; readonly app: string; readonly name: string };

const SWEEP_MS = 30_000;
const AGAIN_MS = 1000;

export class RecordingMaintenance {
  private readonly options: RecordingMaintenanceOptions;
  /** Recordings that are to be looked at, with the folder that they are in. */
  private readonly waiting = new Map<string, string>();
  /** Recordings that were not whole when they were looked at. */
  private readonly growing = new Map<string, string>();
  /** Files that need no second look. */
  private readonly mended = new Set<string>();
  private looking: Promise<void> | null = null;
  private readonly timer: NodeJS.Timeout;
  private readonly uploads: Uploads | null;
  private shrinking: Promise<void> | null = null;
  private closed = false;

  constructor(options: RecordingMaintenanceOptions) {
    this.options = options;
    const { storage, catalog, log } = options;
    const onStored = () =>
      void this.shrinkCache().catch((error: unknown) => log.warn({ reason: String(error) }, "the cache could not be looked after"));
    this.uploads = storage && new Uploads({ ...storage, root: catalog.directories.record, log, onStored });
    this.timer = setInterval(() => void this.sweep(), SWEEP_MS);
    this.timer.unref();
  }

  /** Mends what was left from before, and looks at all recordings that there are. */
  async start(): Promise<void> {
    await this.sweep();
    for (const { path } of await foldersOf(this.options.catalog.directories.record)) {
      for (const file of await flvFilesOf(path)) {
        const header = await this.options.catalog.header(join(path, file));
        if (!header?.recording) continue;
        this.take(header.recording, path);
        this.uploads?.take(join(path, file));
      }
    }
  }

  /** A file of a recording was begun, or is whole. */
  recorded(recording: string, path: string): void {
    this.take(recording, join(path, ".."));
    this.uploads?.take(path);
  }

  /** A stream is over: what was recorded of it will not go on. */
  streamEnded(app: string, name: string): void {
    const folder = join(this.options.catalog.directories.record, app, name);
    for (const [recording, path] of this.growing) if (path === folder) this.take(recording, path);
  }

  /** Mends what a process has left that has died. */
  async sweep(): Promise<void> {
    try {
      const { record, shift } = this.options.catalog.directories;
      for (const folder of await foldersOf(record)) await this.mend(folder);
      const shifted = await foldersOf(shift);
      for (const folder of shifted) await this.mend(folder);
      await this.shrink(shifted);
      await this.shrinkCache();
      // What goes on has become longer and larger.
      for (const [recording, path] of this.growing) this.take(recording, path);
    } catch (error) {
      this.options.log.warn({ reason: String(error) }, "recorded files could not be looked after; it is tried again");
    }
  }

  /**
   * A piece of a recording as a recording of its own, from the key frame before to the end of the segment after. Gives what it is; null
   * when there is nothing there.
   * @param files of the recording; @param from seconds; @param to seconds
   */
  async clip(files: readonly string[], from: number, to: number): Promise<InspectedRecording | null> {
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
      const path = join(folder, `${fileName(group[0]?.utc ?? 0)}-${recording}.flv`);
      await writeClip(group, { path, recording, number: i });
      this.uploads?.take(path);
    }
    return await this.see(recording, folder);
  }

  /** Takes files away, for good. */
  async remove(files: readonly string[]): Promise<void> {
    const { catalog, storage } = this.options;
    for (const file of files) {
      const path = join(catalog.directories.record, file);
      // What the storage does not let go of is tried again as a whole.
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
    await this.looking;
  }

  private take(recording: string, folder: string): void {
    this.waiting.set(recording, folder);
    this.looking ??= this.work().finally(() => {
      this.looking = null;
    });
  }

  private async work(): Promise<void> {
    while (!this.closed) {
      const next = this.waiting.entries().next().value;
      if (!next) return;
      const [recording, folder] = next;
      this.waiting.delete(recording);
      try {
        await this.look(recording, folder);
      } catch (error) {
        this.options.log.warn({ recording, reason: String(error) }, "a recording could not be noted; it is tried again");
        if (!this.waiting.has(recording)) this.waiting.set(recording, folder);
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS).unref());
      }
    }
  }

  private async look(recording: string, folder: string): Promise<void> {
    const seen = await this.see(recording, folder);
    if (!seen) return;
    if (seen.whole) this.growing.delete(recording);
    else this.growing.set(recording, folder);
    await this.options.onRecording(seen);
  }

  /** What the files of a recording say; null when there are none. */
  private async see(recording: string, folder: string): Promise<InspectedRecording | null> {
    const { catalog } = this.options;
    const headers = await Promise.all(
      (await flvFilesOf(folder)).map(async (file) => ({
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
    const whole = reason !== undefined && (LAST_REASONS.has(reason) || !this.options.isLive(app, name, last?.line.epoch ?? epoch));
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
    };
  }

  private async mend(folder: Folder): Promise<void> {
    for (const file of await flvFilesOf(folder.path)) {
      const path = join(folder.path, file);
      if (this.mended.has(path)) continue;
      const outcome = await repair(path);
      if (outcome === "whole" || outcome === "no-index") this.mended.add(path);
      if (outcome !== "mended" && outcome !== "empty") continue;
      this.options.log.warn({ file: path, outcome }, "a file that was cut off was mended");
      const header = await this.options.catalog.header(path);
      if (header?.recording) this.take(header.recording, folder.path);
    }
  }

  /** What is kept for time-shift alone goes when it is too old, and the oldest of all streams when it is too much. */
  private async shrink(folders: readonly Folder[]): Promise<void> {
    const { windowSeconds, maxBytes } = this.options.shift();
    const oldest = Date.now() - windowSeconds * 1000;
    const files: { readonly path: string; readonly bytes: number; readonly changed: number }[] = [];
    for (const { path } of folders) {
      for (const file of await flvFilesOf(path)) {
        const { size, mtimeMs } = await stat(join(path, file)).catch(() => ({ size: 0, mtimeMs: 0 }));
        files.push({ path: join(path, file), bytes: size, changed: mtimeMs });
      }
    }
    files.sort((a, b) => utcOf(a.path) - utcOf(b.path));
    let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    for (const file of files) {
      if (file.changed >= oldest && bytes <= maxBytes) continue;
      bytes -= file.bytes;
      this.mended.delete(file.path);
      await this.removeFile(file.path);
    }
  }

  private async removeFile(path: string): Promise<void> {
    await rm(path, { force: true });
    await rm(indexPath(path), { force: true });
    await rm(previewsOf(this.options.catalog.directories, path), { recursive: true, force: true });
  }

  /** Of what can be fetched or made again, the disk keeps what was used last. */
  private shrinkCache(): Promise<void> {
    this.shrinking ??= this.forgetOldest().finally(() => {
      this.shrinking = null;
    });
    return this.shrinking;
  }

  private async forgetOldest(): Promise<void> {
    const { storage, catalog, cacheBytes } = this.options;
    const { record, pieces, previews } = catalog.directories;
    const files = [...(await keptPieces(pieces)), ...(await keptPieces(previews))];
    for (const { path } of storage ? await foldersOf(record) : []) {
      for (const name of await flvFilesOf(path)) {
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

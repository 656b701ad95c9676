/**
 * Finds recorded files and caches their indexes and timelines in bounded memory. All processes of a machine read the same files: what one
 * process writes, the others see within `REFRESH_MS`; that a recorded file was removed, repaired or replaced, within `VERIFY_MS`.
 */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { LibraryDirectories } from "../files/directories.ts";
import { type ByteSource, DISK, indexPath } from "../files/disk.ts";
import { type FileKeys, NO_FILE_KEYS } from "../files/file-keys.ts";
import { isClip, listFlvFiles, startTimeOf } from "../files/file-names.ts";
import { type FileLine, readLines } from "../files/index-lines.ts";
import { fileVersion, IndexedFile } from "../files/indexed-file.ts";
import { VERIFY_MS } from "../files/open-files.ts";
import { Timeline } from "../files/timeline.ts";

/** Of all cached indexes together. */
const MAX_INDEX_BYTES = 64 * 1024 * 1024;
/** The index of a file that is still being written is read again after this time. */
const REFRESH_MS = 250;
const HEADER_BYTES = 4096;
/** Files that begin earlier and may reach into the wanted time: one of the recording and one of the time-shift. */
const EARLIER_FILES = 2;
/** Files of a stream that are searched for an earlier recording. */
const NEWEST_FILES = 50;
const MAX_HEADERS = 20_000;
/** Streams whose files are remembered for `REFRESH_MS`. */
const MAX_EPOCHS = 500;
/** A lesson whose teacher returns within this time stays one recording. */
const MAX_BREAK_MS = 3600 * 1000;

/** A recording that continues: of the same epoch by another process, or of an earlier epoch of the same lesson. */
export type EarlierRecording = {
  readonly recording: string;
  /** How many files it has. */
  readonly files: number;
  /** The sequence number that it continues with; or what is recorded for certain, milliseconds since 1970. */
  readonly next: number | { readonly recordedUntil: number };
};

/** After a file that ended for one of these reasons, its recording does not continue in the same epoch. */
export const FINAL_REASONS: ReadonlySet<string> = new Set(["ended", "stopped"]);

type Opened = {
  readonly file: IndexedFile;
  /** Of the complete file; null while it is being written. */
  version: string | null;
  refreshedAt: number;
};

/** validMs: how long the answer is good for; without an end while the files are being read. */
type KnownTimeline = { readonly at: number; readonly value: Promise<Timeline>; validMs: number };

type Timed<T> = { readonly at: number; readonly value: T };

export class Catalog {
  readonly directories: LibraryDirectories;
  readonly keys: FileKeys;
  private readonly source: ByteSource;
  /** In the order of their last use. */
  private readonly opened = new Map<string, Opened>();
  private readonly opening = new Map<string, Promise<IndexedFile | null>>();
  /** Timelines of recordings by their lists of files. */
  private timelines = new WeakMap<readonly string[], KnownTimeline>();
  private readonly epochs = new Map<string, Timed<Promise<Timeline>>>();
  private readonly listed = new Map<string, Timed<Promise<string[]>>>();
  private readonly headers = new Map<string, FileLine>();

  /** @param source where files are read from; a file that is being written is always on the disk. @param keys of encrypted files */
  constructor(directories: LibraryDirectories, source: ByteSource = DISK, keys: FileKeys = NO_FILE_KEYS) {
    this.keys = keys;
    this.directories = directories;
    this.source = source;
  }

  /**
   * The files of a recording. Missing and unreadable files are skipped.
   * @param paths relative to the recordings' directory
   * @param fresh reads the index of a growing file again, however recently it was read
   */
  recording(paths: readonly string[], fresh = false): Promise<Timeline> {
    const now = performance.now();
    const known = fresh ? undefined : this.timelines.get(paths);
    if (known && now - known.at < known.validMs) return known.value;
    const absolute = paths.map((path) => join(this.directories.record, path));
    const before = known?.value.catch(() => null) ?? null;
    const value = Promise.all([this.timeline(absolute, true, fresh), before]).then(([read, last]) => unlessChanged(last, read));
    // Requests that come meanwhile get the same answer.
    const entry: KnownTimeline = { at: now, value, validMs: Number.POSITIVE_INFINITY };
    this.timelines.set(paths, entry);
    value.then(
      ({ ended }) => {
        entry.validMs = ended ? VERIFY_MS : REFRESH_MS;
      },
      () => {
        entry.validMs = 0;
      },
    );
    return value;
  }

  /** All files of a stream's epoch: recording and time-shift. @param since skips files that end earlier, milliseconds since 1970 */
  async epoch(app: string, name: string, epoch: string, since: number): Promise<Timeline> {
    const paths = await recent(this.listed, `${app}/${name}`, () => this.pathsOf(app, name));
    const from = paths.findIndex((path) => startTimeOf(path) >= since);
    // Earlier files may reach into the wanted time.
    const wanted = paths.slice(Math.max(0, (from < 0 ? paths.length : from) - EARLIER_FILES));
    return await recent(this.epochs, `${epoch} ${wanted[0]}`, async () => {
      const lines = await Promise.all(wanted.map(async (path) => ({ path, line: await this.header(path) })));
      // The list of files says which of them were removed.
      return await this.timeline(lines.filter(({ line }) => line?.epoch === epoch).map(({ path }) => path));
    });
  }

  /**
   * The recording of an epoch that another process began; null when there is none.
   * @param continues a recording of an earlier epoch that ended less than `MAX_BREAK_MS` ago continues, too: it is one lesson
   */
  async earlierRecording(app: string, name: string, epoch: string, continues: boolean): Promise<EarlierRecording | null> {
    const paths = (await this.pathsOf(app, name)).filter((path) => path.startsWith(this.directories.record));
    const headers = await Promise.all(paths.slice(-NEWEST_FILES).map(async (path) => ({ path, line: await this.header(path) })));
    const newest = headers.findLast(({ line }) => line !== null && line.recording !== null && (continues || line.epoch === epoch));
    const file = newest && (await this.file(newest.path));
    if (!file || file.line.recording === null) return null;
    const before = { recording: file.line.recording, files: file.line.number + 1 };
    const reason = file.end?.reason ?? "";
    if (file.line.epoch === epoch) {
      if (FINAL_REASONS.has(reason)) return null;
      return { ...before, next: file.end?.sequence ?? file.segment(file.length - 1)?.sequence ?? file.line.sequence };
    }
    const { mtimeMs } = await stat(indexPath(file.path));
    return reason === "stopped" || Date.now() - mtimeMs > MAX_BREAK_MS ? null : { ...before, next: 0 };
  }

  /** Every file of a stream, in the order of its start. Clips are copies and are left out. */
  private async pathsOf(app: string, name: string): Promise<string[]> {
    const folders = [this.directories.record, this.directories.shift].map((directory) => join(directory, app, name));
    const found = await Promise.all(
      folders.map(async (folder) => (await listFlvFiles(folder)).filter((file) => !isClip(file)).map((file) => join(folder, file))),
    );
    return found.flat().sort((a, b) => startTimeOf(a) - startTimeOf(b));
  }

  /** The first line of a file's index; null when there is none. */
  async header(path: string): Promise<FileLine | null> {
    const known = this.headers.get(path);
    if (known) return known;
    const bytes = await DISK.read(indexPath(path), 0, HEADER_BYTES).catch(() => null);
    const line = bytes && readLines(bytes, 0)[0]?.line;
    if (line?.k !== "file") return null;
    this.headers.set(path, line);
    for (const oldest of this.headers.keys()) {
      if (this.headers.size <= MAX_HEADERS) break;
      this.headers.delete(oldest);
    }
    return line;
  }

  /** @param verify looks whether complete files were removed or replaced; @param fresh reads growing files again */
  private async timeline(paths: readonly string[], verify = false, fresh = false): Promise<Timeline> {
    const files = await Promise.all(paths.map((path) => this.file(path, verify, fresh)));
    return new Timeline(files.filter((file) => file !== null));
  }

  private async file(path: string, verify = false, fresh = false): Promise<IndexedFile | null> {
    const now = performance.now();
    const known = this.opened.get(path);
    if (!known) return await (this.opening.get(path) ?? this.open(path));
    // Least recently used first.
    this.opened.delete(path);
    this.opened.set(path, known);
    if (known.file.end) return !verify || (await this.isUnchanged(path, known)) ? known.file : await this.file(path);
    if (!fresh && now - known.refreshedAt < REFRESH_MS) return known.file;
    known.refreshedAt = now;
    await known.file.refresh();
    return known.file;
  }

  /** Forgets a complete file that was changed since it was opened. */
  private async isUnchanged(path: string, known: Opened): Promise<boolean> {
    const version = await fileVersion(path, this.source);
    // The file was being written when it was opened.
    known.version ??= version;
    if (version === known.version) return true;
    if (this.opened.get(path) === known) this.opened.delete(path);
    return false;
  }

  private open(path: string): Promise<IndexedFile | null> {
    const opening = IndexedFile.open(path, this.source, this.keys)
      .then((file) => {
        if (file) this.opened.set(path, { file, version: file.end && file.version, refreshedAt: performance.now() });
        this.trim();
        return file;
      })
      .finally(() => this.opening.delete(path));
    this.opening.set(path, opening);
    return opening;
  }

  private trim(): void {
    let bytes = 0;
    for (const { file } of this.opened.values()) bytes += file.memoryBytes;
    if (bytes <= MAX_INDEX_BYTES) return;
    for (const [path, { file }] of this.opened) {
      if (bytes <= MAX_INDEX_BYTES) break;
      bytes -= file.memoryBytes;
      this.opened.delete(path);
    }
    // Timelines hold indexes, too.
    this.timelines = new WeakMap();
    this.epochs.clear();
  }
}

/** The timeline that is known, where it has the same files in the same state: what is cached for it stays valid. */
function unlessChanged(known: Timeline | null, other: Timeline): Timeline {
  return known?.ended && known.length === other.length && known.version === other.version ? known : other;
}

/** What was read less than `REFRESH_MS` ago, or is being read; else reads it. Remembers no failure. */
function recent<T>(known: Map<string, Timed<Promise<T>>>, key: string, read: () => Promise<T>): Promise<T> {
  const now = performance.now();
  const found = known.get(key);
  if (found && now - found.at < REFRESH_MS) return found.value;
  const value = read();
  known.delete(key);
  known.set(key, { at: now, value });
  const oldest = known.size > MAX_EPOCHS ? known.keys().next().value : undefined;
  if (oldest !== undefined) known.delete(oldest);
  value.catch(() => {
    if (known.get(key)?.value === value) known.delete(key);
  });
  return value;
}

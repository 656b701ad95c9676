/**
 * Which files there are, and their indexes, kept in memory as far as there is room. All processes of a machine read the same files; what
 * one writes, the others read a moment later.
 */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { type ByteSource, DISK, indexPath } from "./files/disk.ts";
import { type FileLine, readLines } from "./files/index-lines.ts";
import { IndexedFile } from "./files/indexed-file.ts";
import { Timeline } from "./files/timeline.ts";
import type { Before } from "./recorder/recorder.ts";
import { notePath } from "./storage/uploads.ts";

export type Directories = {
  readonly record: string;
  readonly shift: string;
  /** What can be made or fetched again. */
  readonly pieces: string;
  readonly previews: string;
};

/** Indexes in memory, all together. */
const MOST_BYTES = 64 * 1024 * 1024;
/** A file that is still written is read on when it was not for so long. */
const REFRESH_MS = 250;
const HEADER_BYTES = 4096;
/** One that is recorded, and one that is kept for time-shift. */
const FILES_BEFORE = 2;
/** Files that are looked at to find those of what is live. */
const NEWEST_FILES = 50;
/** The name of a clip ends with its recording's id. */
const CLIP = /-[0-9a-z]{26}\.flv$/;
const MOST_HEADERS = 20_000;
/** A lesson whose teacher comes back within this is one recording. */
const BREAK_MS = 3600 * 1000;
const INDEX_SUFFIX = indexPath("");

/** Behind a file that ended so, its recording does not go on in the same epoch. */
export const LAST_REASONS: ReadonlySet<string> = new Set(["ended", "stopped"]);

export function directoriesOf(dataDir: string): Directories {
  return {
    record: join(dataDir, "recordings"),
    shift: join(dataDir, "timeshift"),
    pieces: join(dataDir, "cache/pieces"),
    previews: join(dataDir, "cache/previews"),
  };
}

export class Catalog {
  readonly directories: Directories;
  private readonly source: ByteSource;
  private readonly opened = new Map<string, { readonly file: IndexedFile; lookedAt: number }>();
  private readonly headers = new Map<string, FileLine>();

  /** @param source what files are read from; what is being written is on the disk */
  constructor(directories: Directories, source: ByteSource = DISK) {
    this.directories = directories;
    this.source = source;
  }

  /**
   * The files of a recording. Those that are gone, or are none, are passed over.
   * @param paths below the recordings' directory
   * @param fresh what is still written is read on, even if it was a moment ago
   */
  async recording(paths: readonly string[], fresh = false): Promise<Timeline> {
    return this.timeline(
      paths.map((path) => join(this.directories.record, path)),
      fresh,
    );
  }

  /** All that is kept of a stream's epoch, recorded or not. @param since files that end before are of no interest, milliseconds since 1970 */
  async epoch(app: string, name: string, epoch: string, since: number): Promise<Timeline> {
    const paths = await this.pathsOf(app, name);
    const from = paths.findIndex((path) => utcOf(path) >= since);
    // Those before may reach into the time that is wanted.
    const wanted = paths.slice(Math.max(0, (from < 0 ? paths.length : from) - FILES_BEFORE));
    const lines = await Promise.all(wanted.map(async (path) => ({ path, line: await this.header(path) })));
    return this.timeline(lines.filter(({ line }) => line?.epoch === epoch).map(({ path }) => path));
  }

  /**
   * What another process has recorded of an epoch; null when nothing.
   * @param goesOn what was recorded of an earlier epoch, a little while ago, goes on too: it is one lesson
   */
  async before(app: string, name: string, epoch: string, goesOn: boolean): Promise<Before | null> {
    const paths = (await this.pathsOf(app, name)).filter((path) => path.startsWith(this.directories.record));
    const headers = await Promise.all(paths.slice(-NEWEST_FILES).map(async (path) => ({ path, line: await this.header(path) })));
    const newest = headers.findLast(({ line }) => line !== null && line.recording !== null && (goesOn || line.epoch === epoch));
    const file = newest && (await this.file(newest.path));
    if (!file || file.line.recording === null) return null;
    const before = { recording: file.line.recording, files: file.line.number + 1 };
    const reason = file.end?.reason ?? "";
    if (file.line.epoch === epoch) {
      if (LAST_REASONS.has(reason)) return null;
      return { ...before, next: file.end?.sequence ?? file.segment(file.length - 1)?.sequence ?? file.line.sequence };
    }
    const { mtimeMs } = await stat(indexPath(file.path));
    return reason === "stopped" || Date.now() - mtimeMs > BREAK_MS ? null : { ...before, next: 0 };
  }

  /** Every file of a stream, by when it begins. Clips are copies of others, and are left out. */
  private async pathsOf(app: string, name: string): Promise<string[]> {
    const folders = [this.directories.record, this.directories.shift].map((directory) => join(directory, app, name));
    const found = await Promise.all(
      folders.map(async (folder) =>
        (await flvFilesOf(folder)).filter((file) => !CLIP.test(file)).map((file) => join(folder, file)),
      ),
    );
    return found.flat().sort((a, b) => utcOf(a) - utcOf(b));
  }

  /** What the first line of a file's index says; null when there is none. */
  async header(path: string): Promise<FileLine | null> {
    const known = this.headers.get(path);
    if (known) return known;
    const bytes = await DISK.read(indexPath(path), 0, HEADER_BYTES).catch(() => null);
    const line = bytes && readLines(bytes, 0)[0]?.line;
    if (line?.k !== "file") return null;
    this.headers.set(path, line);
    for (const oldest of this.headers.keys()) {
      if (this.headers.size <= MOST_HEADERS) break;
      this.headers.delete(oldest);
    }
    return line;
  }

  private async timeline(paths: readonly string[], fresh = false): Promise<Timeline> {
    const files = await Promise.all(paths.map((path) => this.file(path, fresh)));
    return new Timeline(files.filter((file) => file !== null));
  }

  private async file(path: string, fresh = false): Promise<IndexedFile | null> {
    const now = performance.now();
    const known = this.opened.get(path);
    if (known) {
      // The newest stand last.
      this.opened.delete(path);
      this.opened.set(path, known);
      if (known.file.end || (!fresh && now - known.lookedAt < REFRESH_MS)) return known.file;
      known.lookedAt = now;
      await known.file.refresh();
      return known.file;
    }
    const file = await IndexedFile.open(path, this.source);
    if (!file) return null;
    this.opened.set(path, { file, lookedAt: now });
    this.shrink();
    return file;
  }

  private shrink(): void {
    let bytes = 0;
    for (const { file } of this.opened.values()) bytes += file.weight;
    for (const [path, { file }] of this.opened) {
      if (bytes <= MOST_BYTES) return;
      bytes -= file.weight;
      this.opened.delete(path);
    }
  }
}

/** Names of the FLV files of a folder, those too that are only in the storage; none where there is no such folder. */
export async function flvFilesOf(folder: string): Promise<string[]> {
  const names = new Set(await readdir(folder).catch(() => []));
  const indexed = [...names].filter((name) => name.endsWith(INDEX_SUFFIX)).map((name) => name.slice(0, -INDEX_SUFFIX.length));
  const remote = indexed.filter((name) => !names.has(name) && names.has(notePath(name)));
  return [...names].filter((name) => name.endsWith(".flv")).concat(remote);
}

/** When a file begins, by its name; 0 when it has another name. */
export function utcOf(path: string): number {
  const [, year, month, day, hour, minute, second, ms] =
    /(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-(\d{3})(?:-[0-9a-z]+)?\.flv$/.exec(path) ?? [];
  return year ? Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`) : 0;
}

/**
 * Knows the files of the time-shift window, and which of them are to be deleted. It asks the disk once for a file that is not written any more:
 * a server with many streams has tens of thousands of files, and to ask for each of them every half minute holds the process up.
 */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { startTimeOf } from "../files/file-names.ts";

type ShiftFile = {
  readonly path: string;
  /** Milliseconds since 1970, as are all times here. */
  readonly startedAt: number;
  readonly bytes: number;
  readonly changedAt: number;
  /** It is not written any more. */
  readonly isFinal: boolean;
};

export type ShiftLimits = {
  /** Files that were not changed since then are too old. */
  readonly oldest: number;
  /** Bound of all files, bytes; the oldest are deleted first. */
  readonly maxBytes: number;
};

export class ShiftFiles {
  private readonly folders = new Map<string, ReadonlyMap<string, ShiftFile>>();
  private readonly isClosed: (path: string) => boolean;
  private questions = 0;

  /** @param isClosed whether a file is not written any more */
  constructor(isClosed: (path: string) => boolean) {
    this.isClosed = isClosed;
  }

  /** How often the disk was asked for a file. */
  get asked(): number {
    return this.questions;
  }

  /** Takes the present files of one folder. */
  async take(folder: string, names: readonly string[]): Promise<void> {
    const before = this.folders.get(folder);
    const files = new Map<string, ShiftFile>();
    for (const name of names) {
      const known = before?.get(name);
      files.set(name, known?.isFinal ? known : await this.ask(join(folder, name)));
    }
    if (files.size > 0) this.folders.set(folder, files);
    else this.folders.delete(folder);
  }

  /** Forgets folders that are gone. @param folders those that there are */
  keepOnly(folders: ReadonlySet<string>): void {
    for (const folder of this.folders.keys()) if (!folders.has(folder)) this.folders.delete(folder);
  }

  /** The files that are to be deleted, the oldest first. */
  expired({ oldest, maxBytes }: ShiftLimits): string[] {
    let bytes = 0;
    let isAnyOld = false;
    for (const files of this.folders.values()) {
      for (const file of files.values()) {
        bytes += file.bytes;
        isAnyOld ||= file.changedAt < oldest;
      }
    }
    if (!isAnyOld && bytes <= maxBytes) return [];
    const all = [...this.folders.values()].flatMap((files) => [...files.values()]);
    all.sort((a, b) => a.startedAt - b.startedAt);
    const expired: string[] = [];
    for (const file of all) {
      if (file.changedAt >= oldest && bytes <= maxBytes) continue;
      bytes -= file.bytes;
      expired.push(file.path);
    }
    return expired;
  }

  private async ask(path: string): Promise<ShiftFile> {
    this.questions++;
    // Asked before the size: a file that is closed meanwhile is asked for once more.
    const isFinal = this.isClosed(path);
    const { size, mtimeMs } = await stat(path).catch(() => ({ size: 0, mtimeMs: 0 }));
    return { path, startedAt: startTimeOf(path), bytes: size, changedAt: mtimeMs, isFinal };
  }
}

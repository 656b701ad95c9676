/** Joins consecutive files to one timeline: segments in order, without duplicates, with their durations. */
import { lastIndexWhere } from "./binary-search.ts";
import { type IndexedFile, type StoredSegment, secondsOf } from "./indexed-file.ts";

type Run = {
  readonly file: IndexedFile;
  /** Number of its first segment in the timeline. */
  readonly first: number;
  /** Its segments without those that the next file repeats. */
  readonly count: number;
  /** Discontinuities of earlier files and gaps, added to its own. */
  readonly discontinuities: number;
};

export type TimedSegment = StoredSegment & {
  /** Its number in the timeline, from 0. */
  readonly number: number;
  /** Seconds. */
  readonly duration: number;
  /** Discontinuity sequence number: configuration changes and gaps so far. */
  readonly discontinuities: number;
};

export class Timeline {
  readonly files: readonly IndexedFile[];
  private readonly runs: readonly Run[];
  /** Number of complete segments. */
  readonly length: number;
  /** Changes when a file is added, removed or replaced. */
  readonly version: string;

  /** @param files in any order; files of an epoch are ordered by sequence, epochs by time. What two nodes have recorded may overlap. */
  constructor(files: readonly IndexedFile[]) {
    this.files = withoutCovered(
      [...files].sort((a, b) => (a.line.epoch === b.line.epoch ? a.line.sequence - b.line.sequence : a.line.utc - b.line.utc)),
    );
    const runs: Run[] = [];
    for (const [i, file] of this.files.entries()) {
      const next = this.files[i + 1];
      const whole = file.endOf(file.length - 1) ? file.length : file.length - 1;
      const count = next?.line.epoch === file.line.epoch ? countBefore(file, whole, next.line.sequence) : whole;
      const before = runs.at(-1);
      if (count > 0)
        runs.push({
          file,
          first: before ? before.first + before.count : 0,
          count,
          discontinuities: before ? discontinuitiesAfter(before, file) : 0,
        });
    }
    this.runs = runs;
    this.version = this.files.map((file) => file.version).join(" ");
    const last = runs.at(-1);
    this.length = last ? last.first + last.count : 0;
  }

  /** Seconds from the start of the first to the end of the last segment. */
  get duration(): number {
    return this.length === 0 ? 0 : this.startOf(this.length - 1) + this.durationOf(this.length - 1);
  }

  /** True when the last file is closed. */
  get ended(): boolean {
    return this.files.at(-1)?.end !== null;
  }

  get target(): number {
    return Math.max(1, ...this.files.map((file) => file.target));
  }

  segment(number: number): TimedSegment | null {
    const run = this.runOf(number);
    const stored = run?.file.segment(number - run.first);
    if (!run || !stored) return null;
    return { ...stored, number, duration: this.durationOf(number), discontinuities: stored.discontinuity + run.discontinuities };
  }

  /** Start of a segment, seconds of media from the first one; gaps do not count. */
  startOf(number: number): number {
    let seconds = 0;
    for (const run of this.runs) {
      if (number < run.first) break;
      const place = Math.min(number - run.first, run.count);
      const first = run.file.segment(0)?.seconds ?? 0;
      if (place < run.count) return seconds + (run.file.segment(place)?.seconds ?? first) - first;
      seconds += this.endOf(run) - first;
    }
    return seconds;
  }

  /** Number of the segment at a time, seconds from the beginning; the last one beyond the end. */
  at(seconds: number): number {
    return lastIndexWhere(this.length, (number) => this.startOf(number) <= seconds);
  }

  /** Number of the segment that was live at a time, milliseconds since 1970; 0 for earlier times. */
  atUtc(utc: number): number {
    return lastIndexWhere(this.length, (number) => (this.segment(number)?.utc ?? 0) <= utc);
  }

  /** Number of a segment by its name; -1 when it is not in the timeline. */
  find(epoch: string, term: number, msn: number): number {
    for (const { file, first, count } of this.runs) {
      if (file.line.epoch !== epoch) continue;
      const place = msn - (file.segment(0)?.msn ?? 0);
      const segment = place >= 0 && place < count ? file.segment(place) : null;
      if (segment?.msn === msn && segment.term === term) return first + place;
    }
    return -1;
  }

  private durationOf(number: number): number {
    const run = this.runOf(number);
    const segment = run?.file.segment(number - run.first);
    if (!run || !segment) return 0;
    const next = number - run.first + 1 < run.count ? run.file.segment(number - run.first + 1) : null;
    return Math.max(0, (next ? next.seconds : this.endOf(run)) - segment.seconds);
  }

  /** End of a run's last segment, seconds of the epoch. */
  private endOf({ file, count }: Run): number {
    const behind = file.segment(count);
    if (behind) return behind.seconds;
    const context = file.segment(count - 1)?.context;
    const { end } = file;
    if (!end || !context) return file.segment(count - 1)?.seconds ?? 0;
    return end.end ? secondsOf(end.end, context, end.time) : end.time / 1000;
  }

  private runOf(number: number): Run | undefined {
    return this.runs.findLast(({ first, count }) => number >= first && number < first + count);
  }
}

/** Without closed files of which an earlier one has all: a node that stood still went on with a recording that another had taken over. */
function withoutCovered(sorted: readonly IndexedFile[]): IndexedFile[] {
  const kept: IndexedFile[] = [];
  for (const file of sorted) {
    const before = kept.at(-1);
    const isCovered = before?.line.epoch === file.line.epoch && file.end !== null && file.end.sequence < endOf(before);
    if (!isCovered) kept.push(file);
  }
  return kept;
}

/** Sequence number behind what is certainly in a file. */
function endOf(file: IndexedFile): number {
  return file.end?.sequence ?? file.segment(file.length - 1)?.sequence ?? file.line.sequence;
}

/** The discontinuities to add to those of the next file, so that each counts once. */
function discontinuitiesAfter({ file, count, discontinuities }: Run, next: IndexedFile): number {
  const end = file.segment(count)?.sequence ?? file.end?.sequence ?? -1;
  if (file.line.epoch === next.line.epoch) return end === next.line.sequence ? discontinuities : discontinuities + 1;
  return discontinuities + (file.segment(count - 1)?.discontinuity ?? 0) + 1 - (next.segment(0)?.discontinuity ?? 0);
}

/** Counts the complete segments of a file before a sequence number. */
function countBefore(file: IndexedFile, whole: number, sequence: number): number {
  for (let place = whole; place > 0; place--) if ((file.segment(place - 1)?.sequence ?? 0) < sequence) return place;
  return 0;
}

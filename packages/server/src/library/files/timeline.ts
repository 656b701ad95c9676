/** Files that follow on each other as one: their segments in order, none twice, and how long each lasts. */
import { lastIndexWhere } from "./binary-search.ts";
import { type IndexedFile, type StoredSegment, secondsOf } from "./indexed-file.ts";

type Run = {
  readonly file: IndexedFile;
  /** The number of its first segment in the whole. */
  readonly first: number;
  /** How many of its segments count: what the next file has again does not. */
  readonly count: number;
  /** What is added to its segments' count of breaks: what came before it, and a missing piece. */
  readonly breaks: number;
};

export type TimedSegment = StoredSegment & {
  /** Its number in the whole, from 0 on. */
  readonly number: number;
  /** Seconds. */
  readonly duration: number;
  /** Counts changes of the configuration and missing pieces. */
  readonly breaks: number;
};

export class Timeline {
  readonly files: readonly IndexedFile[];
  private readonly runs: readonly Run[];
  /** Segments that are whole. */
  readonly length: number;

  /** @param files in any order; those of one epoch follow on each other by their records, epochs by time */
  constructor(files: readonly IndexedFile[]) {
    this.files = [...files].sort((a, b) =>
      a.line.epoch === b.line.epoch ? a.line.sequence - b.line.sequence : a.line.utc - b.line.utc,
    );
    const runs: Run[] = [];
    for (const [i, file] of this.files.entries()) {
      const next = this.files[i + 1];
      const whole = file.endOf(file.length - 1) ? file.length : file.length - 1;
      const count = next?.line.epoch === file.line.epoch ? firstFrom(file, whole, next.line.sequence) : whole;
      const before = runs.at(-1);
      if (count > 0)
        runs.push({
          file,
          first: before ? before.first + before.count : 0,
          count,
          breaks: before ? breaksBehind(before, file) : 0,
        });
    }
    this.runs = runs;
    const last = runs.at(-1);
    this.length = last ? last.first + last.count : 0;
  }

  /** Seconds from the first segment's beginning to the last one's end. */
  get duration(): number {
    return this.length === 0 ? 0 : this.startOf(this.length - 1) + this.durationOf(this.length - 1);
  }

  /** True when nothing will come behind it any more. */
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
    return { ...stored, number, duration: this.durationOf(number), breaks: stored.discontinuity + run.breaks };
  }

  /** Seconds from the first segment to this one, of media: what is missing does not count. */
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

  /** The segment that is shown at a place, in seconds from the beginning; the last one behind the end. */
  at(seconds: number): number {
    return lastIndexWhere(this.length, (number) => this.startOf(number) <= seconds);
  }

  /** The segment that was live at some time, milliseconds since 1970; the first one for what is before. */
  atUtc(utc: number): number {
    return lastIndexWhere(this.length, (number) => (this.segment(number)?.utc ?? 0) <= utc);
  }

  /** By its name; -1 when it is not here. */
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

  /** Where a run's last segment ends, seconds of the epoch. */
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

/** What is added to a file's count of breaks, so that each break counts, and none twice. */
function breaksBehind({ file, count, breaks }: Run, next: IndexedFile): number {
  const end = file.segment(count)?.sequence ?? file.end?.sequence ?? -1;
  if (file.line.epoch === next.line.epoch) return end === next.line.sequence ? breaks : breaks + 1;
  return breaks + (file.segment(count - 1)?.discontinuity ?? 0) + 1 - (next.segment(0)?.discontinuity ?? 0);
}

/** The first of a file's segments that begins at a record or behind it; all that are whole, where none does. */
function firstFrom(file: IndexedFile, whole: number, sequence: number): number {
  for (let place = whole; place > 0; place--) if ((file.segment(place - 1)?.sequence ?? 0) < sequence) return place;
  return 0;
}

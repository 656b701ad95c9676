/**
 * Records one stream: follows its log losslessly, about once a second, and writes files that begin and end at segment heads.
 *
 * A file belongs to a recording or only to the time-shift window; recordings serve both. Consecutive files lose and repeat no frame. Entries
 * that the log dropped, because the disk was too slow or full, are missing between two files, and the index says so.
 */

import { join } from "node:path";
import type { LogContext, LogEntry, LogSegment, SegmentHead, Stream } from "../../live/streams/index.ts";
import { newId } from "../../platform/id.ts";
import type { EarlierRecording } from "../catalog/catalog.ts";
import { freeBytes } from "../files/disk.ts";
import type { FileKeys } from "../files/file-keys.ts";
import { recordingFileName } from "../files/file-names.ts";
import { FileWriter } from "../files/file-writer.ts";
import type { BrokenFiles } from "./broken-files.ts";
import { FileSplit, type Limits } from "./file-split.ts";

/** What to do with a stream now. */
export type Plan = "record" | "shift" | "none";

/**
 * Where a segment of a stream is recorded. here: from the stream. form: from the form of it that every player can play, which is a stream of its
 * own with the same segments, in files of the same name. wait: the form is being made.
 */
export type RecordedFrom = "here" | "rendition" | "wait";

/** The stream that is recorded. */
export type Source = Pick<Stream, "app" | "name" | "epoch" | "log">;

export type RecorderOptions = {
  /** Folders of recordings and of time-shift files. */
  readonly directories: { readonly record: string; readonly shift: string };
  readonly plan: () => Plan;
  /** Whether this process records the stream. */
  readonly isOurs: () => boolean;
  /** Where a segment is recorded. @param before whether the one before it was recorded from the form. Default: here. */
  readonly recordedFrom?: (segment: LogSegment, before: boolean) => RecordedFrom;
  /** Encrypt files. */
  readonly keys: FileKeys;
  /** Limits of one file. */
  readonly limits: (plan: Exclude<Plan, "none">) => Limits;
  readonly events: RecorderEvents;
  /** Closes files that could not be written. */
  readonly broken: BrokenFiles;
  readonly now: () => number;
};

export type RecordedFile = {
  readonly recording: string;
  readonly app: string;
  readonly name: string;
  readonly path: string;
  readonly whole: boolean;
  readonly seconds: number;
};

export type RecorderEvents = {
  /** A file of a recording was created or closed. */
  readonly changed: (file: RecordedFile) => void;
  /** Writing failed; the recorder retries. */
  readonly failed: (stream: Source, error: Error) => void;
  /** Writing works again. */
  readonly resumed: (stream: Source) => void;
  /** The recorder was so far behind that the log has dropped media before they were written. */
  readonly lost: (stream: Source, plan: Exclude<Plan, "none">, seconds: number) => void;
};

/** Payload bytes that are read from the log between two writes. */
const MAX_READ_BYTES = 2 * 1024 * 1024;
const RETRY_MS = 5000;
/** After a failure, a file begins only where the disk has room for this: otherwise many short files would fill what others free. */
const ROOM = { seconds: 5, bytes: 512 * 1024 } as const;
/** The metadata has room for key frames of segments as short as this. */
const SHORTEST_SEGMENT_SECONDS = 1;
/** Bound of the room for key frames. */
const MAX_SEGMENTS = 4096;

type Open = { readonly writer: FileWriter; readonly plan: Exclude<Plan, "none"> };

/** Of the end of a stream that was recorded from its form: as long as an encoder has for its last frames. */
const REST_MS = 2000;

/** How long a segment is so far, milliseconds. */
function lastsMs({ head, entries }: LogSegment): number {
  for (let at = entries.length - 1; at >= 0; at--) {
    const entry = entries.at(at);
    if (entry?.kind === "media") return entry.decodeTime - head.time;
  }
  return 0;
}

/** Where a recording continues: a segment that was cut off is recorded again from its head. */
function firstOf(log: Stream["log"], next: EarlierRecording["next"]): number {
  if (typeof next === "number") return log.segmentOf(next)?.head.sequence ?? next;
  return log.segments.findLast(({ head }) => head.utc <= next.recordedUntil)?.head.sequence ?? 0;
}

export class Recorder {
  readonly stream: Source;
  private readonly options: RecorderOptions;
  private next: number;
  /** Of the head of the segment that was read last, or is the first to be read; milliseconds. */
  private headTime: number | null;
  private open: Open | null = null;
  /** Files that have ended and are not closed yet. */
  private readonly ending: { readonly open: Open; readonly finish: () => Promise<void> }[] = [];
  private readonly split = new FileSplit();
  /** Bytes of the files before the open one, without what stands before the frames of each file. */
  private bytesBefore = 0;
  private recording: string | null;
  private files: number;
  /** The files before are another node's. */
  private isTakenOver: boolean;
  private failedAt: number | null = null;
  private bytesPerSecond = 0;
  /** The newest segment is recorded from the stream's form. */
  private inRendition = false;
  private finished = false;
  /** Releases the log. The log is held for a slow disk, and not for a disk that fails. */
  private readonly releaseLog: () => void;

  /** @param before the recording to continue */
  constructor(stream: Source, options: RecorderOptions, before: EarlierRecording | null) {
    this.stream = stream;
    this.options = options;
    const { log } = stream;
    this.next = before ? firstOf(log, before.next) : 0;
    // Time starts near 0.
    this.headTime = (log.segmentOf(this.next) ?? log.segments[0])?.head.time ?? (log.head === 0 ? 0 : null);
    this.isTakenOver = typeof before?.next === "object";
    this.recording = before?.recording ?? null;
    this.files = before?.files ?? 0;
    this.releaseLog = log.hold(() => (this.failedAt === null ? this.next : Number.POSITIVE_INFINITY));
  }

  /** True when the stream ended or another process records it, and every file is closed. */
  get done(): boolean {
    return this.finished;
  }

  /** Whether `work` has something to do without new entries: files to close, or a failure after which to try again. */
  get hasMore(): boolean {
    return this.failedAt !== null || this.ending.length > 0;
  }

  /** Id of the recording that is being written. */
  get current(): string | null {
    return this.open?.plan === "record" ? this.open.writer.line.recording : null;
  }

  /** Writes new entries. Calls must not overlap. */
  async work(): Promise<void> {
    for (let more = true; more; ) {
      if (await this.isWaiting()) return;
      more = this.readLog();
      await this.write();
    }
  }

  /** Whether to write nothing yet after a failure. */
  private async isWaiting(): Promise<boolean> {
    if (this.failedAt === null || this.stream.log.ended || !this.options.isOurs()) return false;
    if (this.options.now() - this.failedAt < RETRY_MS) return true;
    const plan = this.options.plan();
    const free = plan === "none" ? null : await freeBytes(this.options.directories[plan]);
    if (free === null || free >= Math.max(ROOM.bytes, ROOM.seconds * this.bytesPerSecond)) return false;
    this.failedAt = this.options.now();
    return true;
  }

  /** Reads the log up to a bound. True when there is more. */
  private readLog(): boolean {
    const { log } = this.stream;
    const newest = log.segments.at(-1)?.head.sequence;
    // Without a plan, entries are skipped; a recording begins with the segment of now.
    if (!this.open && newest !== undefined && this.options.plan() === "none") {
      this.next = Math.max(this.next, newest);
      this.headTime = log.segmentOf(newest)?.head.time ?? this.headTime;
      if (!log.ended && this.options.isOurs()) return false;
    }
    let bytes = 0;
    while (this.next < log.head && bytes < MAX_READ_BYTES) {
      if (this.next < log.oldest) this.skipLost();
      const segment = log.segmentOf(this.next);
      if (!segment) {
        // Entries before the first head are its context.
        this.next = Math.max(this.next + 1, log.oldest);
        continue;
      }
      const from = this.next - segment.head.sequence;
      if (from === 0 && this.isRenditionAwaited(segment)) return false;
      segment.entries.visit(from, segment.entries.length, (record) => {
        if (record.kind === "media") bytes += record.payload.length;
        this.takeEntry(record, segment);
      });
      this.next = segment.head.sequence + segment.entries.length;
    }
    if (this.next < log.head) return true;
    // Another process records from here on, or this one shuts down.
    this.finished = log.ended || !this.options.isOurs();
    if (this.finished) this.releaseLog();
    if (this.finished && this.open) this.endFile(log.ended ? "ended" : "moved", null);
    return false;
  }

  /** Finds out where a segment is recorded. True when it has to wait for that. */
  private isRenditionAwaited(segment: LogSegment): boolean {
    const { plan, isOurs, recordedFrom } = this.options;
    const { log } = this.stream;
    if (!recordedFrom || plan() === "none") return false;
    const place = recordedFrom(segment, this.inRendition);
    // What cannot wait any more is better recorded as it is than not at all.
    if (place === "wait" && !log.ended && isOurs()) return true;
    // A form ends with its stream, and has what it could make of a segment that had hardly begun.
    const isRest = this.inRendition && log.ended && segment === log.segments.at(-1) && lastsMs(segment) < REST_MS;
    this.inRendition = place === "rendition" || (place === "wait" && isRest);
    return false;
  }

  private takeEntry(record: LogEntry, segment: LogSegment): void {
    if (record.kind === "segment") this.atHead(record, segment.context);
    if (record.kind === "end") {
      if (this.open) this.endFile("ended", null);
    } else if (record.kind !== "term" && record.kind !== "gap") this.open?.writer.take(record);
  }

  /** Starts and ends files at heads where a player can start. */
  private atHead(head: SegmentHead, context: LogContext): void {
    this.headTime = head.time;
    const plan = this.inRendition ? "none" : this.options.plan();
    const { open } = this;
    if (!head.independent) return;
    this.split.at({ time: head.time, bytes: this.bytesBefore + (open?.writer.bytes ?? 0) });
    if (open && (plan !== open.plan || this.split.isFull(open.writer, this.options.limits(open.plan))))
      this.endFile(plan === open.plan ? "split" : this.inRendition ? "moved" : "stopped", head);
    if (!this.open && plan !== "none") this.begin(plan, head, context);
  }

  private begin(plan: Exclude<Plan, "none">, head: SegmentHead, context: LogContext): void {
    if (plan === "record" && this.recording === null) {
      this.recording = newId();
      this.files = 0;
    }
    const { app, name, epoch } = this.stream;
    const { seconds } = this.options.limits(plan);
    // The other node may have a file that begins at the same segment, and both be stored under their names.
    const number = this.isTakenOver && plan === "record" ? `-${this.files}` : "";
    if (plan === "record") this.isTakenOver = false;
    const writer = new FileWriter(
      {
        path: join(this.options.directories[plan], app, name, `${recordingFileName(head.utc)}${number}.flv`),
        recording: plan === "record" ? this.recording : null,
        number: plan === "record" ? this.files++ : 0,
        app,
        name,
        epoch,
        segments: Math.min(MAX_SEGMENTS, Math.ceil(seconds / SHORTEST_SEGMENT_SECONDS) + 1),
        key: this.options.keys.create(),
      },
      head,
      context,
    );
    this.open = { writer, plan };
    this.bytesBefore -= writer.bytes;
  }

  private endFile(reason: string, head: SegmentHead | null): void {
    const { open } = this;
    if (!open) return;
    this.open = null;
    const { writer } = open;
    this.bytesBefore += writer.bytes;
    const end = {
      reason,
      end: head?.start ?? null,
      time: head?.time ?? writer.time,
      sequence: head?.sequence ?? writer.next,
    };
    this.ending.push({ open, finish: () => writer.finish(end) });
    // A stopped recording is followed by another one, a split file by the next file of the same.
    if (open.plan === "record" && reason === "stopped" && head) this.recording = null;
  }

  /** The log does not have the next entries any more. */
  private skipLost(): void {
    const { log } = this.stream;
    this.next = log.oldest;
    const plan = this.open?.plan ?? (this.inRendition ? "none" : this.options.plan());
    const from = this.open?.writer.time ?? this.headTime;
    this.endFile("lost", null);
    // What a broken disk costs is said by its failure.
    if (plan === "none" || from === null || this.failedAt !== null) return;
    const goesOn = log.segments[0]?.head.time ?? log.newestTime ?? from;
    if (goesOn > from) this.options.events.lost(this.stream, plan, (goesOn - from) / 1000);
  }

  private async write(): Promise<void> {
    try {
      for (let first = this.ending[0]; first; first = this.ending[0]) {
        await first.finish();
        this.ending.shift();
        this.report(first.open, true);
      }
      const { open } = this;
      if (!open) return;
      const isNew = open.writer.unwritten;
      await open.writer.flush();
      if (isNew) this.report(open, false);
      if (this.failedAt === null) return;
      this.failedAt = null;
      this.options.events.resumed(this.stream);
    } catch (error) {
      await this.fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private report({ plan, writer }: Open, whole: boolean): void {
    const { recording, app, name } = writer.line;
    if (plan !== "record" || recording === null) return;
    this.options.events.changed({ recording, app, name, path: writer.path, whole, seconds: writer.durationMs / 1000 });
  }

  /** Gives the files up as they are on the disk. Recording continues in a new file when writing works again. */
  private async fail(error: Error): Promise<void> {
    const isFirst = this.failedAt === null;
    this.failedAt = this.options.now();
    const { open } = this;
    if (open) {
      this.bytesPerSecond = (open.writer.bytes * 1000) / Math.max(1000, open.writer.durationMs);
      // What the disk does not have is recorded again from its segment's head, if the log still has it then.
      const { log } = this.stream;
      const canWait = !log.ended && this.options.isOurs();
      if (canWait && this.ending.length === 0) this.next = log.segmentOf(open.writer.written)?.head.sequence ?? this.next;
    }
    const broken = [...this.ending.splice(0).map(({ open }) => open), ...(open ? [open] : [])];
    this.open = null;
    for (const one of broken) {
      const path = await one.writer.abandon();
      if (path !== null) await this.options.broken.close(path, () => this.report(one, true));
    }
    if (isFirst) this.options.events.failed(this.stream, error);
  }
}

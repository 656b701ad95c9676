/**
 * Records one stream: reads its log without loss, a few times a second, and writes files that begin and end at segment heads.
 *
 * A file belongs to a recording, or is kept for time-shift alone; what is recorded serves both. Files follow on each other without a frame
 * lost or doubled. What the log no longer has, because the disk was too slow or full, is missing between two files, which say so.
 */

import { join } from "node:path";
import type { LogContext, LogEntry, LogSegment, SegmentHead, Stream } from "../../live/streams/index.ts";
import { newId } from "../../platform/id.ts";
import type { EarlierRecording } from "../catalog/catalog.ts";
import { recordingFileName } from "../files/file-names.ts";
import { FileWriter } from "../files/file-writer.ts";

/** What is to be done with a stream at present. */
export type Plan = "record" | "shift" | "none";

/** What is recorded. */
export type Source = Pick<Stream, "app" | "name" | "epoch" | "log">;

export type Limits = { readonly seconds: number; readonly bytes: number };

export type RecorderOptions = {
  /** Where recordings are, and what is kept for time-shift. */
  readonly directories: { readonly record: string; readonly shift: string };
  readonly plan: () => Plan;
  /** Whether it is this process that records the stream. */
  readonly isOurs: () => boolean;
  /** Of one file. */
  readonly limits: (plan: Exclude<Plan, "none">) => Limits;
  readonly events: RecorderEvents;
  readonly now: () => number;
};

export type FileOfRecording = {
  readonly recording: string;
  readonly app: string;
  readonly name: string;
  readonly path: string;
  readonly whole: boolean;
  readonly seconds: number;
};

export type RecorderEvents = {
  /** A file of a recording was begun, or is whole. */
  readonly changed: (file: FileOfRecording) => void;
  /** Nothing can be written; it is tried again. */
  readonly failed: (stream: Source, error: Error) => void;
  /** It can be written again. */
  readonly resumed: (stream: Source) => void;
};

/** Bytes of frames that are taken from the log before they are written. */
const TAKE_BYTES = 2 * 1024 * 1024;
const RETRY_MS = 5000;
/** A file has room for key frames of segments as short as this. */
const SHORTEST_SEGMENT_SECONDS = 1;
/** Room in files that have no limit of time worth the name. */
const MOST_SEGMENTS = 4096;
/** How much larger than the largest so far the next segment is taken to be. */
const SEGMENT_MARGIN = 1.5;

type Open = { readonly writer: FileWriter; readonly plan: Exclude<Plan, "none">; largestSegment: number; segmentAt: number };

export class Recorder {
  readonly stream: Source;
  private readonly options: RecorderOptions;
  private next: number;
  private open: Open | null = null;
  /** Files that are over, but not yet written to their end. */
  private readonly ending: { readonly open: Open; readonly finish: () => Promise<void> }[] = [];
  private recording: string | null;
  private files: number;
  private failedAt: number | null = null;
  private over = false;
  /** A stream that comes faster than the disk takes it waits in memory; one that cannot be written at all must not. */
  private readonly letGo: () => void;

  /** @param before the recording that this one goes on with */
  constructor(stream: Source, options: RecorderOptions, before: EarlierRecording | null) {
    this.stream = stream;
    this.options = options;
    // A file that was cut off in the middle of a segment is gone on with at that segment's head.
    this.next = before ? (stream.log.segmentOf(before.next)?.head.sequence ?? before.next) : 0;
    this.recording = before?.recording ?? null;
    this.files = before?.files ?? 0;
    this.letGo = stream.log.hold(() => (this.failedAt === null ? this.next : Number.POSITIVE_INFINITY));
  }

  /** True when the stream is over, or written elsewhere, and all of it is in files. */
  get done(): boolean {
    return this.over;
  }

  /** The recording that is being written. */
  get current(): string | null {
    return this.open?.plan === "record" ? this.open.writer.line.recording : null;
  }

  /** Writes what has come since it was last called. Must not be called before it is done. */
  async work(): Promise<void> {
    for (let more = true; more; ) {
      more = this.take();
      await this.write();
    }
  }

  /** Reads the log. True when there is more. */
  private take(): boolean {
    const { log } = this.stream;
    if (this.failedAt !== null && this.options.now() - this.failedAt < RETRY_MS && !log.ended) return false;
    const newest = log.segments.at(-1)?.head.sequence;
    // What nobody wants is passed over; what is wanted from now on begins with the segment of now.
    if (!this.open && newest !== undefined && this.options.plan() === "none") {
      this.next = Math.max(this.next, newest);
      if (!log.ended && this.options.isOurs()) return false;
    }
    let bytes = 0;
    while (this.next < log.head && bytes < TAKE_BYTES) {
      if (this.next < log.oldest) {
        if (this.open) this.endFile("lost", null);
        this.next = log.oldest;
      }
      const segment = log.segmentOf(this.next);
      if (!segment) {
        // What stands before the first head is that head's context.
        this.next = Math.max(this.next + 1, log.oldest);
        continue;
      }
      const from = this.next - segment.head.sequence;
      segment.entries.visit(from, segment.entries.length, (record) => {
        if (record.kind === "media") bytes += record.payload.length;
        this.takeRecord(record, segment);
      });
      this.next = segment.head.sequence + segment.entries.length;
    }
    if (this.next < log.head) return true;
    // Another process records it from here on, or this one is about to end.
    this.over = log.ended || !this.options.isOurs();
    if (this.over) this.letGo();
    if (this.over && this.open) this.endFile(log.ended ? "ended" : "moved", null);
    return false;
  }

  private takeRecord(record: LogEntry, segment: LogSegment): void {
    if (record.kind === "segment") this.atHead(record, segment.context);
    if (record.kind === "end") {
      if (this.open) this.endFile("ended", null);
    } else if (record.kind !== "term" && record.kind !== "gap") this.open?.writer.take(record);
  }

  /** Files begin and end here, where a player can begin. */
  private atHead(head: SegmentHead, context: LogContext): void {
    const plan = this.options.plan();
    const { open } = this;
    if (open) open.largestSegment = Math.max(open.largestSegment, open.writer.bytes - open.segmentAt);
    const canCut = head.independent;
    if (open && canCut && (plan !== open.plan || this.isFull(open))) this.endFile(plan === open.plan ? "split" : "stopped", head);
    if (!this.open && canCut && plan !== "none") this.begin(plan, head, context);
    if (this.open) this.open.segmentAt = this.open.writer.bytes;
  }

  private isFull({ writer, plan, largestSegment }: Open): boolean {
    const { seconds, bytes } = this.options.limits(plan);
    const next = Math.min(largestSegment * SEGMENT_MARGIN, bytes / 2);
    const nextMs = this.usualSegmentMs();
    return writer.bytes + next > bytes || writer.durationMs + nextMs > seconds * 1000 + nextMs / 2;
  }

  private usualSegmentMs(): number {
    const [before, last] = this.stream.log.segments.slice(-2);
    return before && last ? Math.max(0, last.head.time - before.head.time) : 2000;
  }

  private begin(plan: Exclude<Plan, "none">, head: SegmentHead, context: LogContext): void {
    if (plan === "record" && this.recording === null) {
      this.recording = newId();
      this.files = 0;
    }
    const { app, name, epoch } = this.stream;
    const { seconds } = this.options.limits(plan);
    const writer = new FileWriter(
      {
        path: join(this.options.directories[plan], app, name, `${recordingFileName(head.utc)}.flv`),
        recording: plan === "record" ? this.recording : null,
        number: plan === "record" ? this.files++ : 0,
        app,
        name,
        epoch,
        segments: Math.min(MOST_SEGMENTS, Math.ceil(seconds / SHORTEST_SEGMENT_SECONDS) + 1),
      },
      head,
      context,
    );
    this.open = { writer, plan, largestSegment: 0, segmentAt: writer.bytes };
  }

  private endFile(reason: string, head: SegmentHead | null): void {
    const { open } = this;
    if (!open) return;
    this.open = null;
    const { writer } = open;
    const end = {
      reason,
      end: head?.start ?? null,
      time: head?.time ?? writer.time,
      sequence: head?.sequence ?? writer.next,
    };
    this.ending.push({ open, finish: () => writer.finish(end) });
    // The next one is another recording, unless this is only its next file.
    if (open.plan === "record" && reason === "stopped" && head) this.recording = null;
  }

  private async write(): Promise<void> {
    try {
      for (let first = this.ending[0]; first; first = this.ending[0]) {
        await first.finish();
        this.ending.shift();
        this.tell(first.open, true);
      }
      const { open } = this;
      if (!open) return;
      const isNew = open.writer.unwritten;
      await open.writer.flush();
      if (isNew) this.tell(open, false);
      if (this.failedAt === null) return;
      this.failedAt = null;
      this.options.events.resumed(this.stream);
    } catch (error) {
      await this.fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private tell({ plan, writer }: Open, whole: boolean): void {
    const { recording, app, name } = writer.line;
    if (plan !== "record" || recording === null) return;
    this.options.events.changed({ recording, app, name, path: writer.path, whole, seconds: writer.durationMs / 1000 });
  }

  /** What is on the disk stays, and is closed; it goes on in another file when there is room again. */
  private async fail(error: Error): Promise<void> {
    const isNews = this.failedAt === null;
    this.failedAt = this.options.now();
    const broken = [...this.ending.splice(0).map(({ open }) => open), ...(this.open ? [this.open] : [])];
    this.open = null;
    for (const open of broken) {
      await open.writer.giveUp("full").catch(() => {});
      this.tell(open, true);
    }
    if (isNews) this.options.events.failed(this.stream, error);
  }
}

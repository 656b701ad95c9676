/**
 * One output of a stream: its log, turned once into the bytes of one wire format, which all its viewers share.
 * It exists while somebody watches, and a little longer.
 */
import type { Log, LogContext } from "../log/log.ts";
import type { Configuration, LogEntry, MediaEntry } from "../log/log-entry.ts";
import { type JoinContext, type JoinPoint, OutputBuffer, type OutputBufferLimits } from "./output-buffer.ts";

/** How a protocol writes records. A pure function of them. */
export type WireFormat = {
  /** Names the protocol and all options that change its bytes. */
  readonly id: string;
  /** Tracks that it carries. */
  readonly video: boolean;
  readonly audio: boolean;
  /** What a reader must get before its first frame, given what applies there. */
  readonly prelude: (context: LogContext) => Uint8Array;
  /** What a reader in mid-stream must get that was moved past a change of what applies, at a time in milliseconds of the epoch. */
  readonly configurations: (context: LogContext, time: number) => Uint8Array;
  /** A configuration that changes, or a frame; null for what the format does not carry. */
  readonly encode: (record: Configuration | MediaEntry) => Uint8Array | null;
};

export class Output {
  readonly format: WireFormat;
  private readonly log: Log;
  private readonly tape: OutputBuffer;
  private readonly stopListening: () => void;
  private readonly waiting = new Set<() => void>();
  private context: LogContext | null = null;
  private introduction: JoinContext | null = null;

  constructor(log: Log, format: WireFormat, limits: OutputBufferLimits) {
    this.format = format;
    this.log = log;
    this.tape = new OutputBuffer(limits);
    this.backfill();
    this.stopListening = log.listen((record) => this.take(record));
  }

  /** The position behind the newest byte. */
  get head(): number {
    return this.tape.head;
  }

  /** The oldest position that can still be read. */
  get oldest(): number {
    return this.tape.oldest;
  }

  /** Bytes of a second of media, as of late. */
  get bytesPerSecond(): number {
    return this.tape.bytesPerSecond;
  }

  /** Where a viewer that comes now begins; null while there is no such place. */
  get join(): JoinPoint | null {
    return this.tape.join;
  }

  get bytes(): number {
    return this.tape.bytes;
  }

  slice(from: number, to: number): Buffer {
    return this.tape.slice(from, to);
  }

  boundaryAfter(position: number, bytes: number): number {
    return this.tape.boundaryAfter(position, bytes);
  }

  isTooFarBehind(position: number): boolean {
    return this.tape.isTooFarBehind(position);
  }

  /** Calls as soon as there is a place to join, which may be now. Gives a function that calls it off. */
  whenJoinable(call: () => void): () => void {
    if (this.tape.join) {
      call();
      return () => {};
    }
    this.waiting.add(call);
    return () => this.waiting.delete(call);
  }

  close(): void {
    this.stopListening();
    this.waiting.clear();
  }

  /** Goes back to the newest place where a viewer can begin, so that the first one need not wait for the next. */
  private backfill(): void {
    const { segments } = this.log;
    const at = segments.findLastIndex(({ entries: records, context }) => {
      for (const record of records) if (this.isJoinable(record, context)) return true;
      return false;
    });
    for (const segment of at < 0 ? [] : segments.slice(at)) {
      // A segment's context is what applied at its head; what changed within it stands in its records.
      this.context = segment.context;
      for (const record of segment.entries) this.take(record);
    }
    // Of a log that is still empty nothing is known: a copy is told what applies when it begins.
    this.context = segments.length > 0 ? this.log.context : null;
  }

  private take(record: LogEntry): void {
    if (record.kind === "configuration") this.takeConfiguration(record);
    else if (record.kind === "media") this.takeMedia(record);
  }

  private takeConfiguration(record: Configuration): void {
    this.context = { ...(this.context ?? this.log.context), [record.track]: record };
    this.introduction = null;
    // Before the first frame, the prelude says it all.
    if (this.tape.join) this.append(record, null);
  }

  private takeMedia(record: MediaEntry): void {
    this.context ??= this.log.context;
    if (this.isJoinable(record, this.context)) {
      this.introduction ??= { initBytes: this.format.prelude(this.context), context: this.context };
      this.append(record, this.introduction);
      for (const call of this.waiting) call();
      this.waiting.clear();
    } else if (this.tape.join) {
      this.append(record, null);
    }
  }

  private append(record: Configuration | MediaEntry, introduction: JoinContext | null): void {
    const bytes = this.format.encode(record);
    if (bytes) this.tape.append(bytes, record.kind === "media" ? record.decodeTime : record.time, introduction);
  }

  /** A viewer begins at a key frame; without video, at any sound about a part apart. */
  private isJoinable(record: LogEntry, context: LogContext): boolean {
    if (record.kind !== "media") return false;
    if (this.format.video && context.video) return record.track === "video" && record.key;
    if (!this.format.audio || record.track !== "audio") return false;
    const last = this.tape.join;
    return last === null || record.decodeTime - last.time >= AUDIO_JOIN_MS;
  }
}

/** Players want some sound in hand before they begin. */
const AUDIO_JOIN_MS = 500;

/**
 * Provides one output of a stream: the entries of its log, muxed once into the bytes of one wire format, which all its viewers share. It exists while
 * it has viewers, and a little longer.
 */
import { contextAfter, type Log, type LogContext } from "../log/log.ts";
import type { Configuration, LogEntry, MediaEntry } from "../log/log-entry.ts";
import { type JoinContext, type JoinPoint, OutputBuffer, type OutputBufferLimits } from "./output-buffer.ts";
import type { WireFormat } from "./wire-format.ts";

/** A player of an audio-only stream begins with this much. */
const AUDIO_JOIN_MS = 500;

export class Output {
  readonly format: WireFormat;
  private readonly log: Log;
  private readonly buffer: OutputBuffer;
  private readonly stopListening: () => void;
  private readonly waiting = new Set<() => void>();
  private context: LogContext | null = null;
  private joinContext: JoinContext | null = null;
  /** The time of the entry that is being written, and its join context where a viewer can join at it. */
  private writing: { time: number; join: JoinContext | null } = { time: 0, join: null };
  private readonly reserve = (bytes: number): Buffer => this.buffer.append(bytes, this.writing.time, this.writing.join);

  constructor(log: Log, format: WireFormat, limits: OutputBufferLimits) {
    this.format = format;
    this.log = log;
    this.buffer = new OutputBuffer(limits);
    this.backfill();
    this.stopListening = log.listen((entry) => this.take(entry));
  }

  /** The position behind the newest byte. */
  get head(): number {
    return this.buffer.head;
  }

  /** The oldest position that can still be read. */
  get oldest(): number {
    return this.buffer.oldest;
  }

  /** Recent bytes per second of media. */
  get bytesPerSecond(): number {
    return this.buffer.bytesPerSecond;
  }

  /** Where a viewer that joins now begins; null while there is no such place. */
  get join(): JoinPoint | null {
    return this.buffer.join;
  }

  get bytes(): number {
    return this.buffer.bytes;
  }

  slice(from: number, to: number): Buffer {
    return this.buffer.slice(from, to);
  }

  boundaryAfter(position: number, bytes: number): number {
    return this.buffer.boundaryAfter(position, bytes);
  }

  isTooFarBehind(position: number): boolean {
    return this.buffer.isTooFarBehind(position);
  }

  /** Calls as soon as there is a place to join, which may be now. Gives a function that calls it off. */
  whenJoinable(call: () => void): () => void {
    if (this.buffer.join) {
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

  /** Begins at the newest place of the log where a viewer can join, so that the first viewer need not wait for the next one. */
  private backfill(): void {
    const { segments } = this.log;
    const from = segments.findLastIndex(({ entries, context }) => {
      for (const entry of entries) if (this.isJoinable(entry, context)) return true;
      return false;
    });
    for (const { entries, context } of from < 0 ? [] : segments.slice(from)) {
      // A segment's context applies at its head; later changes are among its entries.
      this.context = context;
      entries.visit(0, entries.length, (entry) => this.take(entry));
    }
    // Nothing is known of a log that is still empty: a copy receives the context when it begins.
    this.context = segments.length > 0 ? this.log.context : null;
  }

  private take(entry: LogEntry): void {
    if (entry.kind === "configuration") this.takeConfiguration(entry);
    else if (entry.kind === "media") this.takeMedia(entry);
  }

  private takeConfiguration(entry: Configuration): void {
    this.context = contextAfter(this.context ?? this.log.context, entry);
    this.joinContext = null;
    // Before the first frame, the init bytes have all configurations.
    if (this.buffer.join) this.write(entry, entry.time, null);
  }

  private takeMedia(entry: MediaEntry): void {
    this.context ??= this.log.context;
    if (this.isJoinable(entry, this.context)) {
      this.joinContext ??= { initBytes: this.format.initBytes(this.context), context: this.context };
      this.write(entry, entry.decodeTime, this.joinContext);
      for (const call of this.waiting) call();
      this.waiting.clear();
    } else if (this.buffer.join) {
      this.write(entry, entry.decodeTime, null);
    }
  }

  private write(entry: Configuration | MediaEntry, time: number, join: JoinContext | null): void {
    this.writing.time = time;
    this.writing.join = join;
    this.format.write(entry, this.reserve);
  }

  /** A viewer begins at a key frame; without video, at audio frames about a part apart. */
  private isJoinable(entry: LogEntry, context: LogContext): boolean {
    if (entry.kind !== "media") return false;
    if (this.format.video && context.video) return entry.track === "video" && entry.key;
    if (!this.format.audio || entry.track !== "audio") return false;
    const last = this.buffer.join;
    return last === null || entry.decodeTime - last.time >= AUDIO_JOIN_MS;
  }
}

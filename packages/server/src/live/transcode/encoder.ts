/**
 * One run of ffmpeg that encodes the rungs of one stream: reads the stream's log from a segment head on, and gives the encoded frames of
 * each rung. It ends where the source's configuration changes, with all frames up to there, and is killed when it makes no progress.
 */
import { FlvReader, Malformed, TAG_TYPE } from "@lectern/media";
import type { Clock } from "../../platform/clock.ts";
import { type ProcessGroup, startBackgroundGroup, stderrTail } from "../../platform/jobs/process-group.ts";
import { inputFrame, inputHeader } from "../program-input.ts";
import { readAudioTag, readVideoTag } from "../source-tags.ts";
import type { Log, LogContext, LogEntry, MediaEntry, SegmentHead, SourceMessage } from "../streams/index.ts";
import { type EncoderKind, encoderArguments } from "./encoder-arguments.ts";
import { type EncoderInput, encoderInput } from "./encoder-input.ts";
import type { Rung } from "./rungs.ts";

export type EncoderOptions = {
  /** The program; looked for in PATH. */
  readonly command: string;
  readonly log: Log;
  readonly rungs: readonly Rung[];
  /** Default: software. */
  readonly encoder?: EncoderKind;
  readonly clock: Clock;
  /** A message of a rung, by its place in `rungs`. Its clock is the log's presentation time. */
  readonly onMessage: (rung: number, message: SourceMessage) => void;
  /** Called once, after the last message. */
  readonly onEnd: (end: EncoderEnd) => void;
};

/**
 * finished: all frames up to a change of the configuration, or the stream's end, are encoded. failed: ffmpeg ended or was killed before;
 * the words are the end of what it wrote, for the operator's log.
 */
export type EncoderEnd = { readonly kind: "finished" } | { readonly kind: "failed"; readonly reason: string };

export type Encoder = {
  /** Of ffmpeg, which leads a process group; null when it could not be started. */
  readonly pid: number | null;
  /** Kills ffmpeg. Nothing is called any more. */
  readonly close: () => void;
};

/** A frame is encoded within this, or ffmpeg is killed: a first frame, for which it has to be loaded, and each further one. */
const STALLED_AFTER_MS = { first: 8000, next: 1500 } as const;
const CHECK_MS = 500;
/** Frames that ffmpeg may hold without being stalled: those that it looks ahead, and some in pipes. */
const HELD_FRAMES = 40;
/** From here on a time is a negative one whose sign bit ffmpeg leaves out. No epoch lasts so long. */
const NEGATIVE_MS = 0x7c000000;
const MAX_TAG_BYTES = 8 * 1024 * 1024;

/**
 * @param from the segment to read first, which must begin with a key frame
 * @param wantedFrom for each rung, the presentation time from which pictures are wanted, milliseconds; null: all are
 * @returns null when the source has no video that can be decoded
 */
export function startEncoder(options: EncoderOptions, from: SegmentHead, wantedFrom: readonly (number | null)[]): Encoder | null {
  const segment = options.log.segmentOf(from.sequence);
  const withAudio = options.rungs.some(({ audio }) => audio !== null);
  const tracks = segment && encoderInput(segment, withAudio);
  return tracks ? new Run(options, tracks, { from, wantedFrom }, segment.context) : null;
}

type Begin = { readonly from: SegmentHead; readonly wantedFrom: readonly (number | null)[] };

class Run implements Encoder {
  private readonly options: EncoderOptions;
  private readonly tracks: EncoderInput;
  private readonly video: LogContext["video"];
  private readonly group: ProcessGroup;
  private readonly stop: () => void;
  /** The log's entry that is written next. */
  private next: number;
  /** The rung whose frames are counted. */
  private readonly firstVideo: number;
  /** Earlier pictures of it are not encoded. */
  private readonly wantedFrom: number;
  private inputEnded = false;
  private full = false;
  private pumping = false;
  private over = false;
  private written = 0;
  private encoded = 0;
  private progressAt: number;

  constructor(options: EncoderOptions, tracks: EncoderInput, { from, wantedFrom }: Begin, context: LogContext) {
    const { command, rungs, encoder, log, clock } = options;
    this.options = options;
    this.tracks = tracks;
    this.video = context.video;
    this.next = from.sequence;
    this.firstVideo = rungs.findIndex(({ video }) => video !== null);
    this.wantedFrom = wantedFrom[this.firstVideo] ?? Number.NEGATIVE_INFINITY;
    this.progressAt = clock.monotonic();
    this.group = startBackgroundGroup(command, encoderArguments(rungs, encoder, wantedFrom), rungs.length);
    this.group.stdout.resume();
    const stderr = stderrTail(this.group);
    this.group.outputs.forEach((pipe, rung) => {
      const reader = new FlvReader({ maxTagBytes: MAX_TAG_BYTES, onTag: (tag) => this.take(rung, tag) });
      pipe.on("data", (bytes: Buffer) => {
        if (!this.over && reader.push(bytes)) this.fail("its output is broken");
      });
    });
    this.group.stdin.write(inputHeader(tracks));
    const unlisten = log.whenAppended(() => this.pumpSoon());
    const letGo = log.hold(() => this.next);
    const watch = setInterval(() => this.checkProgress(), CHECK_MS).unref();
    this.stop = () => {
      unlisten();
      letGo();
      clearInterval(watch);
    };
    void this.group.exited.then(({ code, failure }) => {
      const isWhole = this.inputEnded && code === 0;
      this.end(isWhole ? { kind: "finished" } : { kind: "failed", reason: failure ?? (stderr().trim() || `exit code ${code}`) });
    });
    this.pumpSoon();
  }

  get pid(): number | null {
    return this.group.pid;
  }

  close(): void {
    this.over = true;
    this.stop();
    this.group.kill();
  }

  private end(end: EncoderEnd): void {
    if (this.over) return;
    this.close();
    this.options.onEnd(end);
  }

  private fail(reason: string): void {
    this.end({ kind: "failed", reason });
  }

  /** The publisher's turn of the event loop comes first. */
  private pumpSoon(): void {
    if (this.pumping || this.full || this.inputEnded || this.over) return;
    this.pumping = true;
    setImmediate(() => {
      this.pumping = false;
      if (!this.over) this.pump();
    });
  }

  /** Writes what ffmpeg takes. */
  private pump(): void {
    const { log } = this.options;
    while (!this.full && !this.inputEnded && this.next < log.head) {
      if (this.next < log.oldest) return this.fail("it is so slow that the stream has forgotten what comes next");
      const segment = log.segmentOf(this.next);
      const entry = segment?.entries.at(this.next - segment.head.sequence);
      if (entry && this.isEnd(entry)) return this.endInput();
      this.next++;
      if (entry?.kind === "media") this.write(entry);
    }
    if (log.ended && this.next >= log.head) this.endInput();
  }

  /** Another publisher's times may overlap with those of the one before, which no encoder takes. */
  private isEnd(entry: LogEntry): boolean {
    if (entry.kind === "end" || entry.kind === "term") return true;
    if (entry.kind !== "configuration" || entry.track !== "video") return false;
    const { video } = this;
    return !video || entry.codec !== video.codec || Buffer.compare(entry.data, video.data) !== 0;
  }

  private endInput(): void {
    this.inputEnded = true;
    this.group.stdin.end();
  }

  private write(frame: MediaEntry): void {
    const bytes = inputFrame(frame, this.tracks, this.tracks.frameMs);
    if (!bytes) return;
    const isWanted = frame.track === "video" && frame.decodeTime + frame.compositionOffset >= this.wantedFrom;
    if (isWanted && this.written++ === this.encoded) this.progressAt = this.options.clock.monotonic();
    this.full = !this.group.stdin.write(bytes);
    if (this.full)
      this.group.stdin.once("drain", () => {
        this.full = false;
        this.pumpSoon();
      });
  }

  private take(rung: number, { type, timestamp, body }: { type: number; timestamp: number; body: Uint8Array }): void {
    if (this.over || type === TAG_TYPE.script) return;
    const message = type === TAG_TYPE.video ? readVideoTag(timestamp, body) : readAudioTag(timestamp, body);
    if (message instanceof Malformed) return this.fail(message.rule);
    if (!message) return;
    if (message.kind === "frame" && message.track === "video") {
      if (rung === this.firstVideo) this.encoded++;
      this.progressAt = this.options.clock.monotonic();
    }
    // An encoder of sound begins a frame early, which may be before the stream's beginning.
    if (message.kind !== "frame" || timestamp < NEGATIVE_MS) this.options.onMessage(rung, message);
  }

  private checkProgress(): void {
    const { first, next } = STALLED_AFTER_MS;
    if (this.written - this.encoded <= HELD_FRAMES && !this.full && !this.inputEnded) return;
    const silentMs = this.options.clock.monotonic() - this.progressAt;
    if (silentMs > (this.encoded === 0 ? first : next)) this.fail("it made no progress");
  }
}

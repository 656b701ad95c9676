/**
 * Provides one run of ffmpeg that encodes the rungs of one stream: reads the stream's log from a segment head on, and gives the encoded frames of
 * each rung. It ends where the source's configuration changes, with all frames up to there, and is killed when it makes no progress.
 */
import type { FourCc } from "@lectern/media";
import type { Clock } from "../../platform/clock.ts";
import { type ProcessGroup, startBackgroundGroup, startProcessGroup, stderrTail } from "../../platform/jobs/process-group.ts";
import { inputFrame, inputHeader } from "../program-input.ts";
import {
  decodesAlike,
  type Log,
  type LogContext,
  type LogEntry,
  type MediaEntry,
  type SegmentHead,
  type SourceMessage,
} from "../streams/index.ts";
import { type EncoderKind, encoderArguments } from "./encoder-arguments.ts";
import { type EncoderInput, encoderInput } from "./encoder-input.ts";
import { encoderOutput } from "./encoder-output.ts";
import type { Rung } from "./rungs.ts";

export type EncoderOptions = {
  /** The program; looked for in PATH. */
  readonly command: string;
  readonly log: Log;
  readonly rungs: readonly Rung[];
  /** Sound in this codec needs no encoder. Default: all does. */
  readonly keptAudio?: FourCc;
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
/** The same of sound: its frames in and out are not equally long. */
const HELD_SOUND_MS = 300;

/**
 * @param from the segment to read first, which must begin with a key frame
 * @param wantedFrom for each rung, the presentation time from which pictures are wanted, milliseconds; null: all are
 * @returns null when the source has nothing that can be decoded, or that needs to be
 */
export function startEncoder(options: EncoderOptions, from: SegmentHead, wantedFrom: readonly (number | null)[]): Encoder | null {
  const segment = options.log.segmentOf(from.sequence);
  const wants = { video: options.rungs.some(({ video }) => video), audio: options.rungs.some(({ audio }) => audio) };
  const tracks = segment && encoderInput(segment, wants);
  if (!tracks || (!wants.video && tracks.audio?.codec === options.keptAudio)) return null;
  return new Run(options, tracks, { from, wantedFrom }, segment.context);
}

type Begin = { readonly from: SegmentHead; readonly wantedFrom: readonly (number | null)[] };

class Run implements Encoder {
  private readonly options: EncoderOptions;
  private readonly tracks: EncoderInput;
  private readonly context: LogContext;
  /** What ffmpeg's progress is measured by. */
  private readonly measured: "video" | "audio";
  private readonly group: ProcessGroup;
  private readonly stop: () => void;
  /** The log's entry that is written next. */
  private next: number;
  /** The rung whose frames are counted. */
  private readonly counted: number;
  /** Earlier pictures of it are not encoded. */
  private readonly wantedFrom: number;
  private inputEnded = false;
  private full = false;
  private pumping = false;
  private over = false;
  private written = 0;
  private encoded = 0;
  /** Times of the newest frames in and out, milliseconds. */
  private writtenTo = 0;
  private encodedTo = 0;
  private progressAt: number;

  constructor(options: EncoderOptions, tracks: EncoderInput, { from, wantedFrom }: Begin, context: LogContext) {
    const { command, rungs, encoder, log, clock } = options;
    this.options = options;
    this.tracks = tracks;
    this.context = context;
    this.measured = tracks.video ? "video" : "audio";
    this.next = from.sequence;
    this.encodedTo = from.time;
    this.counted = rungs.findIndex((rung) => rung[this.measured] !== null);
    this.wantedFrom = wantedFrom[this.counted] ?? Number.NEGATIVE_INFINITY;
    this.progressAt = clock.monotonic();
    const made = tracks.audio ? rungs : rungs.map((rung) => ({ ...rung, audio: null }));
    const frameRate = context.video?.format?.frameRate ?? undefined;
    // Sound takes hardly any time, and what a person says hangs on it: it does not come after everything else, as pictures do.
    const startGroup = tracks.video ? startBackgroundGroup : startProcessGroup;
    this.group = startGroup(command, encoderArguments(made, encoder, wantedFrom, frameRate), rungs.length);
    this.group.stdout.resume();
    const stderr = stderrTail(this.group);
    this.group.outputs.forEach((pipe, index) => {
      const rung = made[index];
      const output = rung && encoderOutput(rung, from.time, (message) => this.take(index, message));
      pipe.on("data", (bytes: Buffer) => {
        const broken = this.over ? null : output?.push(bytes);
        if (broken) this.fail(broken.rule);
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
    if (entry.kind !== "configuration" || entry.track === "metadata" || !this.reads(entry.track)) return false;
    const known = this.context[entry.track];
    return !known || !decodesAlike(entry, known);
  }

  /** Whether a track is encoded, or would be if the source had it. */
  private reads(track: "video" | "audio"): boolean {
    return this.options.rungs.some((rung) => rung[track] !== null);
  }

  private endInput(): void {
    this.inputEnded = true;
    this.group.stdin.end();
  }

  private write(frame: MediaEntry): void {
    const bytes = inputFrame(frame, this.tracks, this.tracks.frameMs);
    if (!bytes) return;
    const isWanted = frame.track === this.measured && frame.decodeTime + frame.compositionOffset >= this.wantedFrom;
    if (isWanted && (this.measured === "video" ? this.written === this.encoded : !this.isHolding))
      this.progressAt = this.options.clock.monotonic();
    if (isWanted) {
      this.written++;
      this.writtenTo = frame.decodeTime;
    }
    this.full = !this.group.stdin.write(bytes);
    if (this.full)
      this.group.stdin.once("drain", () => {
        this.full = false;
        this.pumpSoon();
      });
  }

  private take(rung: number, message: SourceMessage): void {
    if (this.over) return;
    if (message.kind === "frame" && message.track === this.measured) {
      if (rung === this.counted) {
        this.encoded++;
        this.encodedTo = message.timestamp;
      }
      this.progressAt = this.options.clock.monotonic();
    }
    this.options.onMessage(rung, message);
  }

  /** Whether ffmpeg has taken more than it needs to go on. */
  private get isHolding(): boolean {
    if (this.measured === "video") return this.written - this.encoded > HELD_FRAMES;
    return this.written > 0 && this.writtenTo - this.encodedTo > HELD_SOUND_MS;
  }

  private checkProgress(): void {
    const { first, next } = STALLED_AFTER_MS;
    if (!this.isHolding && !this.full && !this.inputEnded) return;
    const silentMs = this.options.clock.monotonic() - this.progressAt;
    if (silentMs > (this.encoded === 0 ? first : next)) this.fail("it made no progress");
  }
}

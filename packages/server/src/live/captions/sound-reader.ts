/**
 * Decodes the sound of a live stream to 16 kHz samples, with the stream's times: one more reader of its log. It has no queue: where the samples are not
 * taken the reader waits, and one that is too far behind is moved to now.
 */
import type { Clock } from "../../platform/clock.ts";
import { type ProcessGroup, startProcessGroup, stderrTail } from "../../platform/jobs/process-group.ts";
import { type InputTracks, inputFrame, inputHeader, inputTracks } from "../program-input.ts";
import { FrameReader, type Log, type LogContext, type MediaEntry } from "../streams/index.ts";
import { BYTES_PER_SECOND, SAMPLE_RATE } from "./caption-engine.ts";

/** Captions that are later than this are of no use: everything else on the machine comes first, and they go on with now. */
export const MAX_BEHIND_MS = 10_000;
/** Of a frame of sound, for which ffmpeg goes by the time of the next one. */
const FRAME_MS = 20;
/** Times that differ more are those of another place, where the decoder begins again. */
const MAX_STEP_MS = 1000;

export type SoundReaderOptions = {
  readonly log: Log;
  readonly clock: Clock;
  /** ffmpeg; looked for in PATH. */
  readonly command: string;
  /** Samples, and the stream's time of the first, milliseconds. False: nothing more is given until `resume`. */
  readonly onSound: (sound: Buffer, time: number) => boolean;
  /** Called once, when ffmpeg has failed. */
  readonly onFailed: (detail: string) => void;
};

type Decoder = { readonly group: ProcessGroup; readonly tracks: InputTracks; readonly audio: LogContext["audio"] };

export class SoundReader {
  private readonly options: SoundReaderOptions;
  private readonly reader: FrameReader;
  private decoder: Decoder | null = null;
  /** Of the newest frame that was given to the decoder. */
  private frameTime = 0;
  private isFull = false;
  private isSoon = false;
  private closed = false;

  constructor(options: SoundReaderOptions) {
    this.options = options;
    const { log } = options;
    this.reader = new FrameReader(log, {
      video: false,
      audio: true,
      maxBehindMs: MAX_BEHIND_MS,
      onReadable: () => this.pumpSoon(),
    });
    this.pumpSoon();
  }

  get pid(): number | null {
    return this.decoder?.group.pid ?? null;
  }

  /** More samples are taken now. */
  resume(): void {
    this.decoder?.group.stdout.resume();
  }

  /** May be called twice. */
  close(): void {
    this.closed = true;
    this.reader.close();
    this.decoder?.group.kill();
    this.decoder = null;
  }

  /** The publisher's turn of the event loop comes first. */
  private pumpSoon(): void {
    if (this.isSoon || this.isFull || this.closed) return;
    this.isSoon = true;
    setImmediate(() => {
      this.isSoon = false;
      while (!this.isFull && !this.closed && this.reader.read((frame, context) => this.take(frame, context), 1) > 0);
    });
  }

  private take(frame: MediaEntry, context: LogContext): void {
    const step = frame.decodeTime - this.frameTime;
    const isSame = this.decoder?.audio === context.audio && step >= 0 && step < MAX_STEP_MS;
    if (!isSame) this.restart(frame, context);
    this.frameTime = frame.decodeTime;
    if (!this.decoder) return;
    const bytes = inputFrame(frame, this.decoder.tracks, FRAME_MS);
    if (!bytes) return;
    const { stdin } = this.decoder.group;
    this.isFull = !stdin.write(bytes);
    if (!this.isFull) return;
    stdin.once("drain", () => {
      this.isFull = false;
      this.pumpSoon();
    });
  }

  private restart({ decodeTime }: MediaEntry, context: LogContext): void {
    this.decoder?.group.kill();
    const tracks = { ...inputTracks(context), video: null };
    this.decoder = null;
    if (!tracks.audio) return;
    const group = startProcessGroup(this.options.command, DECODE);
    const decoder = { group, tracks, audio: context.audio };
    this.decoder = decoder;
    this.isFull = false;
    const stderr = stderrTail(group);
    let bytes = 0;
    group.stdout.on("data", (sound: Buffer) => {
      if (this.decoder !== decoder) return;
      const time = decodeTime + (bytes / BYTES_PER_SECOND) * 1000;
      bytes += sound.length;
      if (!this.options.onSound(sound, time)) group.stdout.pause();
    });
    group.stdin.write(inputHeader(tracks));
    void group.exited.then(({ code, failure }) => {
      if (this.decoder !== decoder || this.closed) return;
      this.close();
      this.options.onFailed(stderr().trim() || (failure ?? `ffmpeg ended with the exit code ${code}`));
    });
  }
}

const DECODE = [
  ...["-hide_banner", "-loglevel", "error"],
  // The header has told everything: nothing is read ahead to guess it.
  ...["-probesize", "32", "-analyzeduration", "0", "-threads", "1", "-f", "mp4", "-i", "pipe:0", "-vn"],
  // What is missing between two frames becomes silence, so that samples count the time.
  ...["-af", "aresample=async=1:first_pts=0", "-ac", "1", "-ar", String(SAMPLE_RATE)],
  ...["-f", "s16le", "-flush_packets", "1", "pipe:1"],
];

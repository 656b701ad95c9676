/** Encodes a camera's G.711 as AAC by ffmpeg, since players of HLS and FLV have no G.711. Each frame keeps the time of the sound in it. */
import { AUDIO_CODEC, Malformed, splitAdts } from "@lectern/media";
import type { Clock } from "../../platform/clock.ts";
import { type ProcessGroup, startProcessGroup } from "../../platform/jobs/process-group.ts";
import type { SourceMessage } from "../streams/index.ts";
import type { G711Law } from "./camera-stream.ts";

export type G711EncoderOptions = {
  readonly clock: Clock;
  /** ffmpeg. */
  readonly command: string;
  readonly onMessage: (message: SourceMessage) => void;
};

const SAMPLE_RATE = 8000;
/** Short frames: AAC has 1024 samples in each, and encoders hold one back. */
const OUTPUT_RATE = 32_000;
const OUTPUT = ["-c:a", "aac", "-b:a", "64k", "-ar", String(OUTPUT_RATE), "-flush_packets", "1", "-f", "adts", "pipe:1"];
/** Samples of the source in a frame of AAC, and before the first one. */
const FRAME_SAMPLES = (1024 * SAMPLE_RATE) / OUTPUT_RATE;
const TICKS_PER_SAMPLE = 90_000 / SAMPLE_RATE;
const TICKS_PER_MS = 90;
/** FLV's flags of AAC. */
const AAC_FLAGS = 15;
/** A program that does not read has this much waiting: eight seconds. */
const MAX_WAITING_BYTES = 64 * 1024;
const MAX_TIMES = 1000;
const RESTART_MS = 5000;
const ADTS_HEADER = 7;

/** From this sample on, sound has this time. */
type Mark = { readonly sample: number; readonly pts: number };

export class G711Encoder {
  private readonly options: G711EncoderOptions;
  private program: ProcessGroup | null = null;
  private law: G711Law | null = null;
  private marks: Mark[] = [];
  private written = 0;
  private frames = 0;
  private rest: Uint8Array = new Uint8Array(0);
  private configuration: Uint8Array | null = null;
  private restartsAt = 0;
  private over = false;

  constructor(options: G711EncoderOptions) {
    this.options = options;
  }

  /** @param pts ticks of 90 kHz */
  push(law: G711Law, bytes: Uint8Array, pts: number): void {
    if (this.over) return;
    if (law !== this.law) this.stop();
    if (!this.program && this.options.clock.monotonic() < this.restartsAt) return;
    this.law = law;
    this.program ??= this.start(law);
    const { stdin } = this.program;
    if (stdin.writableLength > MAX_WAITING_BYTES || this.marks.length > MAX_TIMES) return;
    this.marks.push({ sample: this.written, pts });
    this.written += bytes.length;
    stdin.write(Uint8Array.from(bytes));
  }

  close(): void {
    this.over = true;
    this.stop();
  }

  private start(law: G711Law): ProcessGroup {
    const input = ["-hide_banner", "-loglevel", "warning", "-nostats", "-probesize", "32", "-f", law, "-ar", String(SAMPLE_RATE)];
    const program = startProcessGroup(this.options.command, [...input, "-i", "pipe:0", ...OUTPUT]);
    program.stdout.on("data", (bytes: Buffer) => {
      if (program === this.program) this.read(bytes);
    });
    program.stderr.resume();
    program.stdin.on("error", () => {});
    void program.exited.then(() => {
      if (program !== this.program) return;
      this.stop();
      this.restartsAt = this.options.clock.monotonic() + RESTART_MS;
      this.options.onMessage({ kind: "fault", fault: { track: "audio", rule: "G.711 sound that ffmpeg could not encode" } });
    });
    return program;
  }

  private stop(): void {
    this.program?.kill();
    this.program = null;
    this.marks = [];
    this.written = 0;
    this.frames = 0;
    this.rest = new Uint8Array(0);
  }

  private read(bytes: Uint8Array): void {
    this.rest = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    let at = 0;
    while (this.rest.length - at >= ADTS_HEADER) {
      const length = adtsLength(this.rest, at);
      if (length < ADTS_HEADER || this.rest.length - at < length) break;
      this.give(this.rest.slice(at, at + length));
      at += length;
    }
    this.rest = this.rest.slice(at);
  }

  private give(bytes: Uint8Array): void {
    const frames = splitAdts(bytes);
    if (frames instanceof Malformed) return;
    for (const { configuration, payload } of frames) {
      const codec = AUDIO_CODEC.aac;
      if (!this.configuration || Buffer.compare(this.configuration, configuration) !== 0) {
        this.configuration = configuration;
        this.options.onMessage({ kind: "configuration", track: "audio", codec, data: configuration });
      }
      // The first frame is the encoder's delay.
      const pts = this.timeOf((this.frames++ - 1) * FRAME_SAMPLES);
      if (pts === null) continue;
      const timestamp = Math.round(pts / TICKS_PER_MS) >>> 0;
      const fixed = { key: true, disposable: false, compositionOffset: 0, soundFlags: AAC_FLAGS };
      this.options.onMessage({ kind: "frame", track: "audio", codec, timestamp, ...fixed, payload });
    }
  }

  /** Null before the first sample. */
  private timeOf(sample: number): number | null {
    const at = this.marks.findLastIndex((mark) => mark.sample <= sample);
    const mark = this.marks[at];
    if (!mark) return null;
    this.marks = this.marks.slice(at);
    return mark.pts + (sample - mark.sample) * TICKS_PER_SAMPLE;
  }
}

function adtsLength(bytes: Uint8Array, at: number): number {
  return (((bytes[at + 3] ?? 0) & 3) << 11) | ((bytes[at + 4] ?? 0) << 3) | ((bytes[at + 5] ?? 0) >> 5);
}

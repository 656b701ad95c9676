/**
 * Runs one engine on the sound of one stream: gives it the sound, and makes captions with the stream's times of its lines. An engine whose words come too
 * late begins again with now.
 */
import { type Caption, MAX_CAPTION_TEXT } from "@lectern/room";
import type { JobProblem } from "../../contracts/jobs/job-report.ts";
import type { Clock } from "../../platform/clock.ts";
import { newId } from "../../platform/id.ts";
import type { Log } from "../streams/index.ts";
import type { CaptionEngine, EngineLine, StartEngine } from "./caption-engine.ts";
import { MAX_BEHIND_MS, SoundReader } from "./sound-reader.ts";
import { SoundTimes } from "./sound-times.ts";

export type CaptionRunOptions = {
  readonly log: Log;
  readonly clock: Clock;
  /** ffmpeg. */
  readonly command: string;
  readonly startEngine: StartEngine;
  /** A tag; empty: not known. */
  readonly language: string;
  readonly onCaption: (caption: Caption) => void;
  /** Captions were left out, to go on with now. */
  readonly onSkipped: (behindMs: number) => void;
  /** Called once. Null: the stream is over, and all of it was heard. */
  readonly onEnd: (problem: JobProblem | null) => void;
};

export class CaptionRun {
  private readonly options: CaptionRunOptions;
  private readonly reader: SoundReader;
  private engine: CaptionEngine;
  private times = new SoundTimes();
  /** Of what is being said. */
  private ref = newId();
  private closed = false;

  constructor(options: CaptionRunOptions) {
    this.options = options;
    const { log, clock, command } = options;
    this.engine = this.startEngine();
    this.reader = new SoundReader({
      log,
      clock,
      command,
      onSound: (sound, time) => this.give(sound, time),
      onFailed: (detail) => this.end({ code: "program-failed", detail }),
    });
  }

  /** Of the engine's program, or the decoder's. */
  get pid(): number | null {
    return this.engine.pid() ?? this.reader.pid;
  }

  /** The stream is over: what was said last may still come. */
  finish(): void {
    this.reader.close();
    this.engine.finish();
  }

  /** Nothing is called any more. May be called twice. */
  close(): void {
    this.closed = true;
    this.reader.close();
    this.engine.close();
  }

  private end(problem: JobProblem | null): void {
    if (this.closed) return;
    this.close();
    this.options.onEnd(problem);
  }

  private startEngine(): CaptionEngine {
    let engine: CaptionEngine | null = null;
    // An engine that was replaced says nothing more.
    const isCurrent = () => !this.closed && (engine === null || this.engine === engine);
    engine = this.options.startEngine({
      onLine: (line) => isCurrent() && this.take(line),
      onDrain: () => isCurrent() && this.reader.resume(),
      onEnd: (problem) => isCurrent() && this.end(problem),
    });
    return engine;
  }

  private give(sound: Buffer, time: number): boolean {
    this.times.gave(sound.length, time);
    return this.engine.write(sound);
  }

  private take({ start, end, text, isFinal }: EngineLine): void {
    const [from, to] = [Math.round(this.times.timeOf(start)), Math.round(this.times.timeOf(end))];
    const behindMs = this.times.end - to;
    if (behindMs > MAX_BEHIND_MS) return this.skip(behindMs);
    const { language, onCaption } = this.options;
    const spokenAt = spokenAtOf(this.options.log, from) ?? Math.round(this.options.clock.utc());
    const said = text.slice(0, MAX_CAPTION_TEXT);
    if (said !== "")
      onCaption({ ref: this.ref, start: Math.max(0, from), end: Math.max(0, to), spokenAt, text: said, language, isFinal });
    if (isFinal) this.ref = newId();
  }

  /** The engine has sound that it will not catch up with. */
  private skip(behindMs: number): void {
    this.engine.close();
    this.times = new SoundTimes();
    this.ref = newId();
    this.engine = this.startEngine();
    this.reader.resume();
    this.options.onSkipped(behindMs);
  }
}

/** When a time of the stream was, on the clock of its segments, milliseconds since 1970. Null: the log has no segment. */
export function spokenAtOf({ segments }: Pick<Log, "segments">, time: number): number | null {
  const head = (segments.findLast((segment) => segment.head.time <= time) ?? segments[0])?.head;
  return head ? Math.round(head.utc + time - head.time) : null;
}

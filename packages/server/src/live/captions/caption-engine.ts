/**
 * Defines what a caption engine is to the job that gives it sound: an engine takes 16 kHz mono samples, and says what was spoken and when. Times count in
 * seconds from the first sample that it was given.
 */
import type { JobProblem } from "../../contracts/jobs/job-report.ts";

/** Of the sound that engines take: signed samples of 16 bits, the low byte first. */
export const SAMPLE_RATE = 16_000;
export const BYTES_PER_SECOND = SAMPLE_RATE * 2;

export type EngineLine = {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** False: the next line replaces this one. */
  readonly isFinal: boolean;
};

export type EngineEvents = {
  readonly onLine: (line: EngineLine) => void;
  /** After `write` has answered false: more is taken now. */
  readonly onDrain: () => void;
  /** Called once, when the engine has ended without having been closed. Null: all was heard, after `finish`. */
  readonly onEnd: (problem: JobProblem | null) => void;
};

export type CaptionEngine = {
  /** False: the engine is full, and what comes next waits for `onDrain`. */
  readonly write: (sound: Buffer) => boolean;
  /** There is no more sound: lines may still come. */
  readonly finish: () => void;
  /** Ends at once; nothing is called any more. May be called twice. */
  readonly close: () => void;
  /** Of its program; null: it has none here. */
  readonly pid: () => number | null;
};

export type StartEngine = (events: EngineEvents) => CaptionEngine;

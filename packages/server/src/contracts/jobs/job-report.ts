/** Defines what is reported of the jobs that nodes do for streams: for the API, the console and `lectern_jobs`. */

export const STREAM_JOBS = ["ladder", "pull", "forward", "captions"] as const;
export type StreamJob = (typeof STREAM_JOBS)[number];

/**
 * waiting: on demand, and nobody asks for it, or its stream is not live. starting: connecting, or the program is being loaded. running. retrying:
 * it failed, and is tried again. refused: no node has room for it.
 */
export const JOB_REPORT_STATES = ["waiting", "starting", "running", "retrying", "refused"] as const;
export type JobReportState = (typeof JOB_REPORT_STATES)[number];

/** Why a job does not run: a stable code of `docs/errors.md`. */
export const JOB_PROBLEMS = [
  "unreachable",
  "not-allowed",
  "bad-credential",
  "no-such-stream",
  "not-media",
  "unsupported",
  "stalled",
  "ended",
  "publisher-present",
  "overloaded",
  "sound-unknown",
  "misaligned",
  "program-failed",
] as const;
export type JobProblemCode = (typeof JOB_PROBLEMS)[number];

/** The detail is for operators and has no credential in it. */
export type JobProblem = { readonly code: JobProblemCode; readonly detail: string };

export type JobReport = {
  readonly kind: StreamJob;
  /** Of its resource, a source or a forward; the lesson of captions; the form for one of a stream; empty for a ladder. */
  readonly id: string;
  readonly app: string;
  readonly name: string;
  readonly node: string | null;
  readonly state: JobReportState;
  /** Milliseconds since 1970 of the last change of the state. */
  readonly since: number;
  readonly problem: JobProblem | null;
  /** Cores that its programs use, as measured; null where it has none, or is not measured yet. */
  readonly cores: number | null;
  /** A pull's address in use, counted from 0; null for other jobs. */
  readonly address: number | null;
  /** How often it had to begin again since it was wanted. */
  readonly restarts: number;
  /** Rungs of a ladder; empty for other jobs. */
  readonly rungs: readonly RungReport[];
};

export type RungReport = {
  readonly name: string;
  readonly state: "running" | "dropped";
  /** How far it is behind its source, milliseconds. */
  readonly lagMs: number;
  /** Why it was dropped. */
  readonly problem: JobProblemCode | null;
};

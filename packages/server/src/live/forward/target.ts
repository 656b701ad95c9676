/** Defines where a stream is forwarded to, as the forward sees it: one connection, by any protocol. */

import type { JobProblem } from "../../contracts/jobs/job-report.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Log } from "../streams/index.ts";

/** The target's host and port, looked up and allowed. */
export type Address = { readonly host: string; readonly port: number };

export type TargetOptions = {
  /** With the key. */
  readonly url: URL;
  readonly address: Address;
  /** Of the stream that is sent. */
  readonly log: Log;
  readonly clock: Clock;
  /** ffmpeg; looked for in PATH. */
  readonly command: string;
  /** The target takes the stream. */
  readonly onRunning: () => void;
  /**
   * Called once, when the target refuses, disconnects or takes nothing. Not after `close`.
   * @param problem null: the stream has changed in a way that needs another connection
   */
  readonly onEnd: (problem: JobProblem | null) => void;
};

export type Target = {
  /** Disconnects, as politely as the protocol can. May be called twice. */
  readonly close: () => void;
  /** Of its program, which leads a process group; null where there is none. */
  readonly pid: () => number | null;
};

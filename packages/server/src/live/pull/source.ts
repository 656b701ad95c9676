/** Defines a source: one connection to one address of a pulled channel, whatever it speaks. */

import type { JobProblem } from "../../contracts/jobs/job-report.ts";
import type { Clock } from "../../platform/clock.ts";
import type { AddressRule } from "../../platform/public-address.ts";
import type { CameraAnswer, CameraRequest } from "../gb28181/camera-messages.ts";
import type { SourceMessage } from "../streams/index.ts";

export type SourceEvents = {
  /** Media, in the order of the source. The message is good only during the call. */
  readonly onMessage: (message: SourceMessage) => void;
  /** Bytes have come, with or without media. */
  readonly onHeard: () => void;
  /** What is missing of a source that delivers otherwise. Default: nobody is told. */
  readonly onNotice?: (notice: JobProblem) => void;
  /** Called once, after the last message. Not after `close`. */
  readonly onEnd: (problem: JobProblem) => void;
};

export type Source = {
  /** Disconnects at once, and kills its program. May be called twice. */
  readonly close: () => void;
  /** The program that fetches it; null where it has none. */
  readonly pid: () => number | null;
};

/** How a worker reaches the SIP server, on whichever node it is. */
export type CameraLink = {
  /** Null: the device, or the session, is not known. */
  readonly ask: (request: CameraRequest) => Promise<CameraAnswer | null>;
  /** Lowest and highest port for what cameras send. */
  readonly ports: readonly [number, number];
  /** Where cameras reach this node; empty: its address on the way to them. */
  readonly address: string;
};

export type SourceContext = {
  readonly clock: Clock;
  /** The ffmpeg to run; looked for in PATH. */
  readonly command: string;
  /** Which addresses it may connect to. */
  readonly isAllowed: AddressRule;
  /** The folder whose files may be played; empty: none. */
  readonly files: string;
  /** Calls cameras that have registered here. */
  readonly cameras: CameraLink;
  /** Whose source it is; empty: the operator's. */
  readonly school: string;
};

/** The words of an error, for the detail of a problem. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // The errors of several addresses have no words of their own.
  return error.message || ("code" in error ? String(error.code) : error.name);
}

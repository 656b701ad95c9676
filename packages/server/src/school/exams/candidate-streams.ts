/** Defines what is known of candidates' streams without asking anyone. */
import type { UplinkSample } from "../../contracts/monitoring/node-sample.ts";

export type CandidateUplink = Pick<UplinkSample, "kbps" | "fps" | "health" | "verdict"> & {
  /** Milliseconds since 1970. */
  readonly at: number;
};

export type CandidateStreams = {
  /** Milliseconds since 1970; null: it is not live. */
  readonly liveSince: (app: string, name: string) => number | null;
  /** Null: nothing was measured lately. @param now milliseconds since 1970 */
  readonly uplinkOf: (app: string, name: string, now: number) => CandidateUplink | null;
};

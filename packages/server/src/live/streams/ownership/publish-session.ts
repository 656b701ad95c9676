/**
 * Defines the calls that every way in (RTMP, a test source) publishes with. A publisher that has its stream and one that stands by take the same
 * calls.
 */
import type { Malformed } from "@lectern/media";
import type { MediaProblem } from "../../../contracts/monitoring/media-problem.ts";
import type { Derivation } from "../ingest/derivation.ts";
import type { SourceMessage } from "../ingest/source.ts";

/** A publisher, for logs and reports. */
export type SourceInfo = {
  readonly protocol: string;
  readonly ip: string;
  /** The software, as it calls itself. */
  readonly agent: string;
};

/** Of the line between a publisher and this process, over the last seconds. */
export type LineReport = {
  /** Packets that did not come at first, of all, 0 to 100; null: not known. */
  readonly lossPercent: number | null;
  /** There and back, milliseconds; null: not known. */
  readonly rttMs: number | null;
  /** Of all packets, those that came again, and those that never came in time, 0 to 100. Absent where the protocol does not tell. */
  readonly retransmittedPercent?: number | null;
  readonly unrecoveredPercent?: number | null;
  /** How long packets wait for lost ones, milliseconds. Absent where the protocol has no fixed time. */
  readonly latencyMs?: number | null;
};

export type PublishRequest = {
  readonly app: string;
  readonly name: string;
  readonly source: SourceInfo;
  /** A backup stands by, and publishes only while no main publisher lives. */
  readonly backup: boolean;
  /** Ends a living publisher, who is told `superseded`, and continues the stream. For a person who decides so; default false. */
  readonly takeOver?: boolean;
  /** The stream was taken from the publisher, which must be told. Called once, and not after `close`. */
  readonly onRevoked: (reason: string) => void;
  /** What the publisher's line does, where its protocol tells. */
  readonly line?: () => LineReport;
  /** A viewer needs a key frame. Absent where the publisher cannot be asked for one, as by RTMP. */
  readonly onKeyFrameWanted?: () => void;
  /** Whether players can decode a track has changed; null: nothing speaks against it any more. Absent where the publisher cannot be told. */
  readonly onProblem?: (track: "video" | "audio", problem: MediaProblem | null) => void;
  /** For a stream that is made from another one. Absent for all others. */
  readonly derivation?: Derivation;
};

export type PublishSession = {
  readonly stream: { readonly app: string; readonly name: string };
  readonly source: SourceInfo;
  readonly closed: boolean;
  /** How long bytes of the publisher may wait until they are read, milliseconds. */
  readonly mayWaitMs: number;
  /** Takes one message, which may be changed afterwards. `Malformed` when its codec's rules are broken; the publisher should then be closed. */
  readonly push: (message: SourceMessage) => Malformed | null;
  /** The publisher lives, with or without media. @param now monotonic milliseconds */
  readonly heard: (now: number) => void;
  /** The publisher is gone. Viewers wait for it for the grace period. May be called twice. */
  readonly close: () => void;
  /** The publisher may not publish any more: its stream ends. */
  readonly end: (reason: string) => void;
};

/** Plays the last hour of a lesson that is live, with a seek bar. */
import type { LecternReplay } from "@lectern/player/replay";
import type { RefObject } from "react";
import { rewindRange } from "../player/media-address.ts";
import { ReplayPlayer } from "../player/replay-player.tsx";
import type { TamperReport, Watermark } from "../player/watermark.ts";

type RewindPlayerProps = {
  /** Address of HLS, signed. */
  readonly address: string;
  /** When the lesson started. */
  readonly since: string | null;
  /** When the person rewound: milliseconds since 1970. */
  readonly now: number;
  readonly playerRef: RefObject<LecternReplay | null>;
  readonly watermark: Watermark | null;
  readonly onTamper: TamperReport;
};

export function RewindPlayer({ address, since, now, ...marked }: RewindPlayerProps) {
  const { from, startSeconds } = rewindRange(since, now);
  return <ReplayPlayer address={`${address}&start=${from}`} start={startSeconds} {...marked} />;
}

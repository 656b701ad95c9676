/** Plays the last hour of a lesson that is live, with a seek bar. */
import { rewindRange } from "../player/media-address.ts";
import { ReplayPlayer } from "../player/replay-player.tsx";

/** @param address of HLS, signed; @param since when the lesson started; @param now milliseconds since 1970, when the person rewound */
export function RewindPlayer({ address, since, now }: { address: string; since: string | null; now: number }) {
  const { from, startSeconds } = rewindRange(since, now);
  return <ReplayPlayer address={`${address}&start=${from}`} start={startSeconds} />;
}

/** Going back in a lesson that is live: the last hour of it, with a bar to seek in. */
import { ReplayPlayer } from "../player/replay-player.tsx";

/** What one playlist lists at the most is an hour. */
const MOST_MS = 3500 * 1000;
/** One sees what was a little while ago. */
const BACK_SECONDS = 15;

/** @param since when the lesson began; @param now when somebody went back */
export function TimeShift({ address, since, now }: { address: string; since: string | null; now: number }) {
  const from = Math.max(since ? Date.parse(since) : 0, now - MOST_MS);
  const start = Math.max(0, (now - from) / 1000 - BACK_SECONDS);
  return <ReplayPlayer address={`${address}&start=${new Date(from).toISOString()}`} start={start} />;
}

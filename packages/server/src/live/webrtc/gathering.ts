/** Waits until a connection knows the addresses of this machine. */
import type { PeerConnection } from "node-datachannel";

/** They are known at once: there is no other server to ask. */
const GATHER_WITHIN_MS = 5000;

/** @throws Error when they are not known in time */
export function gathering(connection: Pick<PeerConnection, "onGatheringStateChange" | "gatheringState">): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (state: string): void => {
      clearTimeout(late);
      if (state === "complete") resolve();
      else reject(new Error("the addresses of this machine are not known in time"));
    };
    // A process that got no CPU for so long has its timers called before the news of its library, which came in time.
    const late = setTimeout(() => end(connection.gatheringState()), GATHER_WITHIN_MS);
    connection.onGatheringStateChange((state) => state === "complete" && end(state));
  });
}

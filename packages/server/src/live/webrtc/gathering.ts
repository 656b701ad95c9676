/** Waits until a connection knows the addresses of this machine, and has the track that is offered. */
import type { PeerConnection, Track } from "node-datachannel";

/** They are known at once: there is no other server to ask. */
const GATHER_WITHIN_MS = 5000;
/** So long after a timer, the news that came before it has been told too. */
const NEWS_MS = 1000;

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

/**
 * The first track of a connection. The library tells of it in its own time, also after the addresses are known.
 * @throws Error when there is none in time
 */
export function firstTrack(connection: Pick<PeerConnection, "onTrack">): Promise<Track> {
  return new Promise((resolve, reject) => {
    const end = (): void => reject(new Error("the library has no track"));
    let late = setTimeout(() => {
      late = setTimeout(end, NEWS_MS);
    }, GATHER_WITHIN_MS);
    connection.onTrack((track) => {
      clearTimeout(late);
      resolve(track);
    });
  });
}

/** Decides how long the player waits for media before it gives a connection up. */
import type { ServerCandidates } from "./server-candidates.ts";

/** Without new media for this long, the publisher has stopped or the connection is dead. */
const SILENCE_MS = 20_000;
/** With another server to go to, the player waits only this long for new media, or for the first answer. */
const WITH_OTHER_SERVER_MS = { media: 1200, answer: 600 } as const;

type Candidates = Pick<ServerCandidates, "hasOther" | "timeoutMs">;

/** Milliseconds without new media, while live. */
export function silenceTimeoutMs(servers: Candidates, now: number): number {
  return servers.hasOther ? servers.timeoutMs(WITH_OTHER_SERVER_MS.media, now) : SILENCE_MS;
}

/**
 * Milliseconds to the first frame, while connecting; infinite when there is no other server.
 * @param firstFrameMs what an earlier connection took; null when there was none
 */
export function answerTimeoutMs(servers: Candidates, firstFrameMs: number | null, now: number): number {
  if (!servers.hasOther) return Number.POSITIVE_INFINITY;
  const { answer } = WITH_OTHER_SERVER_MS;
  return servers.timeoutMs(Math.max(answer, 2 * (firstFrameMs ?? 2 * answer)), now);
}

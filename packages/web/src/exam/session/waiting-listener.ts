/** Asks the server in the waiting room of a supervised examination what supervisors say: there is nothing to send yet. */
import type { ExamDoor } from "../attempt/exam-types.ts";
import { EntrySender, type SenderEvents } from "./entry-sender.ts";

const NOTHING_TO_SEND = { settled: async () => {}, nextBatch: () => null, acknowledge: () => {}, isAllSent: () => true };

type Parts = {
  readonly door: Pick<ExamDoor, "send">;
  readonly clock: { readonly elapsed: () => number };
  readonly random: () => number;
  readonly pollSeconds?: number;
};

/** Begins at once. That the line is broken is told by what else the page loads. */
export function listenInWaitingRoom(
  { door, clock, random, pollSeconds }: Parts,
  events: Pick<SenderEvents, "onStored" | "onRefused">,
): EntrySender {
  const device = { elapsed: () => clock.elapsed(), random, ...(pollSeconds === undefined ? {} : { askMs: pollSeconds * 1000 }) };
  const sender = new EntrySender(NOTHING_TO_SEND, door, { ...events, onAway: () => {}, onPaused: () => {} }, device);
  sender.start();
  return sender;
}

/** Tells what the console shows of requests for approval. */
import type { Approval } from "@lectern/client";

/** Whether an operator is in the school by this request. @param now milliseconds since 1970 */
export function lasts({ act, state, endsAt }: Approval, now: number): boolean {
  return act === "operator-entry" && state === "done" && endsAt !== null && Date.parse(endsAt) > now;
}

/** Whether the answer of an act is a request that waits for approval, in place of the act's result. */
export function isRequest(answer: unknown): boolean {
  return typeof answer === "object" && answer !== null && "act" in answer && "mayDecide" in answer;
}

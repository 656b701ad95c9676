/** Lists the messages of callback sessions: workers report them to the supervisor, which keeps them and has a witness node keep them too. */
import type { CallbackEvent } from "../../access/callbacks/callback-event.ts";
import type { CallbackSessions, CallbackSessionsUpdate } from "./callback-sessions.ts";

export type CallbackSessionMessages = {
  readonly entered: (event: CallbackEvent) => void;
  readonly left: (event: CallbackEvent) => void;
};
export type CallbackSessionWorkerMessages = {
  /** Reports the end of sessions whose worker or node has died. */
  readonly orphans: (events: readonly CallbackEvent[]) => void;
};
/** To the witness of a node: names and fields are on the wire. */
export type CallbackSessionNodeMessages = { readonly attendance: (update: CallbackSessionsUpdate) => void };

/** @param worker the worker that sends the messages */
export function callbackSessionHandlers(sessions: CallbackSessions, worker: string): CallbackSessionMessages {
  return {
    entered: (event) => sessions.opened(worker, event),
    left: (event) => sessions.closed(worker, event),
  };
}

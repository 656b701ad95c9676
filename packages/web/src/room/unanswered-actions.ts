/** Provides actions that were given to another thread, until it tells what has become of them. */

import type { Action } from "@lectern/room";
import type { NumberedAction, Outcome } from "./line-messages.ts";
import type { Done } from "./outbox.ts";
import { RoomError } from "./room-error.ts";

type Waiting = { readonly action: Action; readonly resolve: (done: Done) => void; readonly reject: (error: RoomError) => void };

export class UnansweredActions {
  private newest = 0;
  private readonly waiting = new Map<number, Waiting>();

  /** @param give to the other thread @returns rejects with a RoomError when the room refuses it */
  send(action: Action, give: (action: NumberedAction) => void): Promise<Done> {
    const number = ++this.newest;
    return new Promise((resolve, reject) => {
      this.waiting.set(number, { action, resolve, reject });
      give({ number, action });
    });
  }

  settle(outcome: Outcome): void {
    const waiting = this.waiting.get(outcome.number);
    this.waiting.delete(outcome.number);
    if (outcome.kind === "done") waiting?.resolve(outcome.done);
    else waiting?.reject(RoomError.of(outcome.error));
  }

  /** The other thread answers no more. In the order in which they were given to it. */
  takeAll(): readonly Waiting[] {
    const all = [...this.waiting.values()];
    this.waiting.clear();
    return all;
  }
}

/** Keeps what a person did and the room has not acknowledged yet. Each has an id of the page's making, so sending it again does nothing. */

import { type Acknowledgement, type Action, type Body, isPassing, isQuiet } from "@lectern/room";
import { RoomError } from "./room-error.ts";

export type Done = { readonly seq: number; readonly answer?: Body };

export type PendingAction = {
  readonly id: string;
  readonly kind: string;
  readonly body: Body;
  /** When the person did it: milliseconds since 1970. */
  readonly at: number;
};

type Waiting = {
  readonly action: Action;
  readonly pending: PendingAction;
  readonly resolve: (done: Done) => void;
  readonly reject: (error: RoomError) => void;
  /** Not sent before this: the server asked to wait. */
  notBefore: number;
};

/** An acknowledged action stays in the list until its entry has arrived, so that a line does not vanish for a moment; this long at most. */
const SETTLE_MS = 3000;

type Settling = { readonly pending: PendingAction; readonly seq: number; readonly until: number };

export class Outbox {
  private readonly waiting = new Map<string, Waiting>();
  private settling: readonly Settling[] = [];
  private shown: readonly PendingAction[] = [];

  /** In the order in which they were done; without what is drawn. The same list until it changes. */
  get pending(): readonly PendingAction[] {
    const list = [...this.settling, ...this.waiting.values()].map(({ pending }) => pending);
    const shown = list.filter(({ kind }) => !isQuiet({ kind, key: null }));
    if (shown.length !== this.shown.length || shown.some((one, i) => one !== this.shown[i])) this.shown = shown;
    return this.shown;
  }

  /** The entries up to a number have arrived. @returns whether the list has changed */
  settle(seq: number, now: number): boolean {
    const left = this.settling.filter((one) => one.seq > seq && one.until > now);
    const hasChanged = left.length !== this.settling.length;
    this.settling = left;
    return hasChanged;
  }

  get isEmpty(): boolean {
    return this.waiting.size === 0;
  }

  /** @param now milliseconds since 1970; @returns rejects with a RoomError when the server refuses it */
  add(action: Action, now: number): Promise<Done> {
    return new Promise((resolve, reject) => {
      const pending = { id: action.id, kind: action.kind, body: action.body, at: now };
      this.waiting.set(action.id, { action, pending, resolve, reject, notBefore: 0 });
    });
  }

  /** What may be sent now. */
  due(now: number): readonly Action[] {
    return [...this.waiting.values()].filter(({ notBefore }) => notBefore <= now).map(({ action }) => action);
  }

  /** @param retryMs how long an action waits that the server cannot store now, where it does not say */
  acknowledge(acknowledgement: Acknowledgement, now: number, retryMs: number): void {
    const waiting = this.waiting.get(acknowledgement.id);
    if (!waiting) return;
    if ("code" in acknowledgement && isPassing(acknowledgement.code)) {
      waiting.notBefore = now + (acknowledgement.retryAfter === null ? retryMs : acknowledgement.retryAfter * 1000);
      return;
    }
    this.waiting.delete(acknowledgement.id);
    if ("code" in acknowledgement) {
      const { code, detail, retryAfter } = acknowledgement;
      waiting.reject(new RoomError(code, detail, retryAfter));
    } else {
      const { seq, answer } = acknowledgement;
      this.settling = [...this.settling, { pending: waiting.pending, seq, until: now + SETTLE_MS }];
      waiting.resolve(answer ? { seq, answer } : { seq });
    }
  }

  refuseAll(error: RoomError): void {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
    this.settling = [];
  }
}

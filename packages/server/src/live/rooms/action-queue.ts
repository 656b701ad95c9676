/**
 * Sends the actions of a room's members to its owner: those of a few milliseconds together, one request after the other. What the owner does not
 * answer is sent again with the same ids, which it does once; and so is, after a moment, what it has no time for now.
 */

import type { ActionResult, SentAction } from "../../contracts/rooms/room-requests.ts";
import type { Clock } from "../../platform/clock.ts";
import { Refusal } from "../../platform/refusal.ts";
import { RetryDelay } from "../../platform/retry-delay.ts";
import { type AskOwner, askOwner, RETRY } from "./owner-calls.ts";

type Listener = (result: ActionResult) => void;
type Waiting = {
  readonly action: SentAction;
  /** Of the message. */
  readonly bytes: number;
  /** A member that reconnects sends an action again, and its former socket waits for the same. */
  readonly listeners: Listener[];
  /** Monotonic milliseconds. */
  readonly since: number;
  /** The owner wants it later: monotonic milliseconds. */
  notBefore: number;
};

const COLLECT_MS = 5;
/** A whole large class answers a quiz within a second. */
const MAX_BATCH = 2000;
const MAX_WAITING = 20_000;
const MAX_BYTES = 8 * 1024 * 1024;
/** An action that the owner did not answer for so long is given up; the member may send it again. */
const GIVE_UP_MS = 60_000;
const RETRY_SECONDS = 5;
/** So many actions of a participant wait because the owner wants them later; more are refused. */
const MAX_LATER = 3;

export class ActionQueue {
  private readonly room: string;
  private readonly ask: AskOwner;
  private readonly clock: Clock;
  /** By participant and id, in the order of arrival. */
  private readonly waiting = new Map<string, Waiting>();
  private bytes = 0;
  private isSending = false;
  /** Smaller after a failure: one action that fails must not hold the others for long. */
  private batchSize = MAX_BATCH;
  private readonly delay = new RetryDelay(RETRY);
  private isClosed = false;

  constructor(room: string, ask: AskOwner, clock: Clock) {
    this.room = room;
    this.ask = ask;
    this.clock = clock;
  }

  get isEmpty(): boolean {
    return this.waiting.size === 0;
  }

  /** @param listener called once. @param action with `wait`, it is only asked for whether it was done before */
  add(action: SentAction, bytes: number, listener: Listener): void {
    const key = `${action.participant} ${action.id}`;
    const known = this.waiting.get(key);
    if (known) return void known.listeners.push(listener);
    if (this.isClosed) return listener(refusal("draining"));
    if (this.waiting.size >= MAX_WAITING || this.bytes + bytes > MAX_BYTES) return listener(refusal("control-away"));
    this.waiting.set(key, { action, bytes, listeners: [listener], since: this.clock.monotonic(), notBefore: 0 });
    this.bytes += bytes;
    if (!this.isSending) this.sendAfter(COLLECT_MS);
  }

  close(): void {
    this.isClosed = true;
    for (const key of [...this.waiting.keys()]) this.settle(key, refusal("draining"));
  }

  private sendAfter(milliseconds: number): void {
    this.isSending = true;
    this.clock.after(milliseconds, () => void this.send());
  }

  private async send(): Promise<void> {
    this.isSending = true;
    this.giveUp();
    const batch = this.due().slice(0, this.batchSize);
    if (batch.length === 0) return this.rest();
    const actions = batch.map(([, { action }]) => action);
    const answer = await askOwner(this.ask, { kind: "send", room: this.room, actions }).catch(() => null);
    if (answer === null) {
      this.batchSize = Math.max(1, Math.floor(batch.length / 2));
      return this.sendAfter(this.delay.next());
    }
    this.batchSize = MAX_BATCH;
    this.delay.reset();
    for (const [i, [key]] of batch.entries()) {
      const result = (answer instanceof Refusal ? refusal(answer.code) : answer.results[i]) ?? refusal("internal-error");
      if (!this.waits(key, result)) this.settle(key, result);
    }
    if (this.due().length > 0) this.sendAfter(0);
    else this.rest();
  }

  private due(): [string, Waiting][] {
    const now = this.clock.monotonic();
    return [...this.waiting].filter(([, { notBefore }]) => notBefore <= now);
  }

  /** Nothing is to be sent now, but perhaps later. */
  private rest(): void {
    this.isSending = false;
    if (this.waiting.size === 0) return;
    const next = Math.min(...[...this.waiting.values()].map(({ notBefore }) => notBefore));
    this.clock.after(Math.max(COLLECT_MS, next - this.clock.monotonic()), () => {
      if (!this.isSending && !this.isClosed) void this.send();
    });
  }

  /** @returns whether the owner wants the action later, and it waits here for that */
  private waits(key: string, result: ActionResult): boolean {
    const waiting = this.waiting.get(key);
    if (!waiting || !("laterMs" in result) || result.laterMs === undefined) return false;
    const now = this.clock.monotonic();
    const others = [...this.waiting.values()].filter(
      (one) => one !== waiting && one.notBefore > now && one.action.participant === waiting.action.participant,
    );
    if (others.length >= MAX_LATER) return false;
    waiting.notBefore = now + result.laterMs;
    return true;
  }

  private giveUp(): void {
    const before = this.clock.monotonic() - GIVE_UP_MS;
    for (const [key, { since }] of this.waiting) {
      if (since > before) return;
      this.settle(key, refusal("control-away"));
    }
  }

  private settle(key: string, result: ActionResult): void {
    const waiting = this.waiting.get(key);
    if (!waiting) return;
    this.waiting.delete(key);
    this.bytes -= waiting.bytes;
    for (const listener of waiting.listeners) listener(result);
  }
}

function refusal(code: Refusal["code"]): ActionResult {
  const { detail, retryAfter } = new Refusal(code);
  return { refused: code, detail, retryAfter: retryAfter === null ? null : RETRY_SECONDS };
}

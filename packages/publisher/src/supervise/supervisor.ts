/**
 * Keeps a stream published: opens an attempt by the way that passes, and the next one when it fails, until it is closed or refused for good.
 *
 *     connecting ─▶ live ─▶ reconnecting ─▶ live …      refused, closed: over
 */

import { backOffMs } from "./back-off.ts";
import type { Clock } from "./clock.ts";
import { type Failure, failure } from "./failure.ts";
import type { PublisherState, Way } from "./publisher-types.ts";
import { chooseWay, type WayMemory } from "./way-choice.ts";

/** One connection to the server, from its beginning. */
export type Attempt = {
  /** The network may have changed: looks at once whether the connection is still there. */
  readonly check: () => void;
  /** Tells nothing any more. May be called twice. */
  readonly close: () => void;
};

export type AttemptEvents = {
  /** The server has the stream. */
  readonly onLive: () => void;
  /** It is still the same stream, and nothing passes for the moment; followed by `onLive` or `onFailed`. */
  readonly onInterrupted: () => void;
  /** It is over. */
  readonly onFailed: (failure: Failure) => void;
};

export type SupervisorOptions = {
  readonly prefer: "auto" | Way;
  readonly can: Readonly<Record<Way, boolean>>;
  readonly open: (way: Way, events: AttemptEvents) => Attempt;
  readonly memory: WayMemory;
  readonly onState: (state: PublisherState) => void;
  readonly clock: Clock;
  /** Milliseconds since 1970. */
  readonly utc: () => number;
  /** 0 to 1. */
  readonly random: () => number;
};

/** A publisher that has lost its connection may find its own old one still there: the server lets go of it when it is silent for two seconds. */
const PRESENT_MS = 12_000;
const PRESENT_AGAIN_MS = 700;
const LONGEST_WANTED_AGAIN_MS = 30_000;

export class Supervisor {
  private readonly options: SupervisorOptions;
  private current: PublisherState = { phase: "connecting", way: null, reason: null };
  private attempt: { readonly own: Attempt; readonly way: Way } | null = null;
  private failures = 0;
  private hasBeenLive = false;
  private isAttemptLive = false;
  private hasNetworkChanged = false;
  private presentSince: number | null = null;
  private cancel: (() => void) | null = null;
  private serial = 0;

  constructor(options: SupervisorOptions) {
    this.options = options;
  }

  get state(): PublisherState {
    return this.current;
  }

  get isOver(): boolean {
    return this.current.phase === "refused" || this.current.phase === "closed";
  }

  /** Opens the first attempt. */
  start(): void {
    this.open();
  }

  /** Ends the attempt, and opens another one at once, as for tracks that it cannot carry. */
  restart(): void {
    if (this.isOver) return;
    this.drop();
    if (this.current.phase === "live") this.tell({ phase: "reconnecting", way: this.current.way, reason: null });
    this.open();
  }

  /** The browser is online again, is on another network, or has slept. */
  networkChanged(): void {
    if (this.isOver) return;
    this.hasNetworkChanged = true;
    if (this.attempt) return this.attempt.own.check();
    this.failures = 0;
    this.open();
  }

  refuse(code: string, detail: string): void {
    if (this.isOver) return;
    this.drop();
    this.tell({ phase: "refused", way: this.current.way, reason: { code, detail } });
  }

  /** May be called twice. */
  close(): void {
    if (this.current.phase === "closed") return;
    this.drop();
    this.tell({ phase: "closed", way: this.current.way, reason: this.current.phase === "refused" ? this.current.reason : null });
  }

  private open(): void {
    this.cancel?.();
    this.cancel = null;
    const { prefer, can, memory, open, utc } = this.options;
    const { hasNetworkChanged } = this;
    const way = chooseWay({ prefer, can, blocked: memory.blocked(), hasNetworkChanged, now: utc() });
    if (!way) return this.refuse("no-encoder", "This browser can publish neither by WebRTC nor by WebSocket.");
    const serial = ++this.serial;
    this.isAttemptLive = false;
    const isCurrent = (): boolean => serial === this.serial && !this.isOver;
    if (this.current.way !== way) this.tell({ ...this.current, way });
    const own = open(way, {
      onLive: () => isCurrent() && this.live(way),
      onInterrupted: () => isCurrent() && this.interrupted(way),
      onFailed: (cause) => isCurrent() && this.failed(way, cause),
    });
    if (isCurrent()) this.attempt = { own, way };
    else own.close();
  }

  private live(way: Way): void {
    this.failures = 0;
    this.presentSince = null;
    this.hasBeenLive = true;
    this.isAttemptLive = true;
    if (way === "whip") {
      this.options.memory.note(null);
      this.hasNetworkChanged = false;
    }
    this.tell({ phase: "live", way, reason: null });
  }

  private interrupted(way: Way): void {
    this.tell({ phase: "reconnecting", way, reason: { code: "network", detail: "The connection was interrupted." } });
  }

  private failed(way: Way, cause: Failure): void {
    this.drop();
    const { prefer, can, memory, utc } = this.options;
    if (way === "whip" && cause.meaning === "way") {
      memory.note({ at: utc() });
      this.hasNetworkChanged = false;
      if (prefer === "auto" && can.websocket) {
        this.wait(cause);
        return this.open();
      }
    }
    // Nothing passes at all: so nothing is known of UDP.
    if (way === "websocket" && cause.code === "network" && !this.isAttemptLive) memory.note(null);
    if (cause.code === "publisher-present") return this.present(cause);
    if (cause.meaning === "final") return this.refuse(cause.code, cause.detail);
    this.wait(cause);
    this.failures++;
    const requestedMs = Math.min(LONGEST_WANTED_AGAIN_MS, cause.retryAfterMs ?? 0);
    this.later(Math.max(requestedMs, backOffMs(this.failures, this.options.random())));
  }

  /** Another publisher lives, or seems to. */
  private present(cause: Failure): void {
    const now = this.options.clock.now();
    this.presentSince ??= now;
    if (now - this.presentSince > PRESENT_MS) return this.refuse(cause.code, cause.detail);
    this.wait(cause);
    this.later(PRESENT_AGAIN_MS);
  }

  private wait({ code, detail }: Failure): void {
    this.tell({ phase: this.hasBeenLive ? "reconnecting" : "connecting", way: this.current.way, reason: { code, detail } });
  }

  private later(milliseconds: number): void {
    this.cancel?.();
    this.cancel = this.options.clock.after(milliseconds, () => this.open());
  }

  private drop(): void {
    this.cancel?.();
    this.cancel = null;
    this.serial++;
    this.attempt?.own.close();
    this.attempt = null;
  }

  private tell(state: PublisherState): void {
    this.current = state;
    this.options.onState(state);
  }
}

/** What an attempt fails with that was not live in time. */
export function tooLate(way: Way, milliseconds: number): Failure {
  return failure("network", `No connection by ${way} within ${milliseconds} ms.`, way === "whip" ? "way" : "again");
}

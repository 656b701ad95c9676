/**
 * Provides the line between a page and a room (docs/room-protocol.md). It reconnects with growing, spread delays, resumes after the last position,
 * sends what was not acknowledged again with the same id, and uses server-sent events where WebSockets do not pass. It knows no framework.
 */
import { type ServerClock, serverClock } from "@lectern/player/server-clock";
import { type Action, type Frame, parseFrame } from "@lectern/room";
import { after } from "../schedule/after.ts";
import { type Done, Outbox, type PendingAction } from "./outbox.ts";
import { RoomError } from "./room-error.ts";
import { type OpenTransport, openEventStream, openSocket, type Transport } from "./transport.ts";

/** closed: the server refuses this person; a new address tries again. */
export type RoomStatus = "connecting" | "open" | "reconnecting" | "closed";

export type RoomConnectionEvents = {
  /** @returns false when the frame does not follow what the page has: it needs a snapshot */
  readonly onFrame: (frame: Frame) => boolean;
  readonly onStatus: (status: RoomStatus, failure: RoomError | null) => void;
  /** What is pending has changed. */
  readonly onPending: (pending: readonly PendingAction[]) => void;
  /** `EPOCH.SEQ` of the newest entry that the page has; null: none. */
  readonly position: () => string | null;
};

/** What the connection needs of the world; tests bring their own. */
export type RoomEnvironment = {
  readonly openSocket: OpenTransport;
  readonly openEventStream: OpenTransport;
  /** Milliseconds, for spans of time: goes on while the device sleeps. */
  readonly now: () => number;
  readonly clock: Pick<ServerClock, "now" | "take">;
  /** @returns the function that cancels it */
  readonly after: (ms: number, call: () => void) => () => void;
  /** From 0 to 1. */
  readonly random: () => number;
};

const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 20_000;
/** A line that was open for this long starts again with the shortest delay. */
const STABLE_MS = 10_000;
/** A line without a first frame after this is lost. */
const OPEN_TIMEOUT_MS = 10_000;
/** So many WebSockets in a row that bring no frame mean that they do not pass. */
const SOCKET_TRIES = 2;
/** What is not acknowledged after this is sent again. */
const RESEND_MS = 5000;
/** A line that brings nothing at all for this long after something was sent is lost. */
const SILENCE_MS = 20_000;
/** Somebody comes, leaves or writes more often than this, or it costs little to open another line. */
const IDLE_MS = 90_000;
/** Nobody needs to know that another line is opened in the place of one that was silent, unless it takes longer than this. */
const UNSEEN_MS = 2000;
const TICK_MS = 1000;
/** Refusals that asking again does not change. */
const FINAL = [
  "removed-from-lesson",
  "guests-not-allowed",
  "no-such-lesson",
  "not-found",
  "refused-by-rule",
  "lesson-ended",
  "superseded",
];

/** What a page needs of a line, whichever thread keeps it. */
export type RoomLine = Pick<RoomConnection, "setAddress" | "retryNow" | "send" | "close"> & {
  /** For a worker that sends by itself, past the page. Null: it cannot, the page sends. */
  readonly openPort: () => MessagePort | null;
};

export class RoomConnection {
  private readonly events: RoomConnectionEvents;
  private readonly environment: RoomEnvironment;
  private readonly outbox = new Outbox();
  private told: readonly PendingAction[] | null = null;
  private address: string;
  private transport: Transport | null = null;
  private status: RoomStatus = "connecting";
  private isOpen = false;
  private isEnded = false;
  /** Attempts in a row that did not last. */
  private attempts = 0;
  private socketFailures = 0;
  private needsSnapshot = false;
  /** Another line takes the place of a silent one, and the status does not say so. */
  private isRenewed = false;
  private openedAt = 0;
  private heardAt = 0;
  private sentAt = 0;
  private cancelRetry: (() => void) | null = null;
  private cancelTick: (() => void) | null = null;

  /** @param address of the room's socket, with the signed query; a path of this server or a URL */
  constructor(address: string, events: RoomConnectionEvents, environment: RoomEnvironment = pageEnvironment()) {
    this.address = address;
    this.events = events;
    this.environment = environment;
    this.connect();
  }

  /** A renewed address counts from the next attempt; a line that is open stays. */
  setAddress(address: string): void {
    if (address === this.address) return;
    this.address = address;
    if (this.status === "closed" && !this.isEnded) this.retryNow();
  }

  /** Tries at once. @param isOtherNetwork a line that is open may be dead */
  retryNow(isOtherNetwork = false): void {
    if (isOtherNetwork) this.drop();
    if (this.transport || this.isEnded) return;
    this.cancelRetry?.();
    this.connect();
  }

  /** @returns rejects with a RoomError when the server refuses it; waits as long as there is no line */
  send(action: Action): Promise<Done> {
    if (this.isEnded) return Promise.reject(new RoomError("offline"));
    const done = this.outbox.add(action, this.environment.clock.now());
    this.tellPending();
    if (this.isOpen) this.transmit([action]);
    return done;
  }

  openPort(): MessagePort | null {
    return null;
  }

  /** May be called twice. */
  close(): void {
    this.isEnded = true;
    this.cancelRetry?.();
    this.drop();
    this.outbox.refuseAll(new RoomError("offline"));
  }

  private connect(isRenewed = false): void {
    const { openSocket, openEventStream, now } = this.environment;
    const open = this.socketFailures < SOCKET_TRIES ? openSocket : openEventStream;
    const position = this.needsSnapshot ? null : this.events.position();
    this.openedAt = now();
    this.heardAt = this.openedAt;
    this.isRenewed = isRenewed;
    if (!isRenewed) this.tellConnecting();
    const transport: Transport = open(withPosition(this.address, position), {
      onText: (text) => this.isCurrent(transport) && this.onText(text),
      onAcknowledgement: (one) => this.isCurrent(transport) && this.onAcknowledgements([one]),
      onClose: (error) => this.isCurrent(transport) && this.onLost(error),
    });
    this.transport = transport;
    this.watch();
  }

  private tellConnecting(): void {
    this.setStatus(this.status === "closed" || this.status === "connecting" ? "connecting" : "reconnecting", null);
  }

  private isCurrent(transport: Transport): boolean {
    return this.transport === transport;
  }

  private onText(text: string): void {
    this.heardAt = this.environment.now();
    const frame = parseFrame(text);
    if (!frame) return;
    // When it was asked for is not known: the socket may have been opened before the code that does.
    if (frame.now !== null) this.environment.clock.take({ earliest: frame.now, sentAt: null });
    if (frame.acks.length > 0) this.onAcknowledgements(frame.acks);
    if (!this.events.onFrame(frame)) {
      this.needsSnapshot = true;
      return this.onLost(null);
    }
    this.settle(frame.position?.seq ?? 0);
    if (this.isOpen || !frame.you) return;
    this.isOpen = true;
    this.needsSnapshot = false;
    this.socketFailures = 0;
    this.openedAt = this.heardAt;
    this.setStatus("open", null);
    this.transmit(this.outbox.due(this.heardAt));
  }

  private onAcknowledgements(acknowledgements: Frame["acks"]): void {
    const now = this.environment.now();
    for (const one of acknowledgements) this.outbox.acknowledge(one, now, RESEND_MS);
    this.tellPending();
  }

  private onLost(error: RoomError | null): void {
    const { now, after } = this.environment;
    const wasStable = this.isOpen && now() - this.openedAt >= STABLE_MS;
    if (!this.isOpen) this.socketFailures = this.socketFailures < SOCKET_TRIES ? this.socketFailures + 1 : SOCKET_TRIES - 1;
    this.drop();
    if (error && FINAL.includes(error.code)) return this.setStatus("closed", error);
    this.attempts = wasStable ? 0 : this.attempts + 1;
    const delay = Math.max(this.delay(), (error?.retryAfter ?? 0) * 1000);
    this.setStatus(this.status === "connecting" ? "connecting" : "reconnecting", error);
    this.cancelRetry = after(delay, () => this.connect());
  }

  /** Spread, so that people who lost a server at the same moment do not return at the same moment. */
  private delay(): number {
    const mean = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(this.attempts, 10));
    return mean * (0.5 + this.environment.random());
  }

  private watch(): void {
    this.cancelTick = this.environment.after(TICK_MS, () => {
      const now = this.environment.now();
      if (!this.isOpen && now - this.openedAt >= OPEN_TIMEOUT_MS) return this.onLost(null);
      const isUnanswered = this.isOpen && !this.outbox.isEmpty;
      if (isUnanswered && this.sentAt > this.heardAt && now - this.heardAt >= SILENCE_MS) return this.onLost(null);
      if (this.isOpen && now - this.heardAt >= IDLE_MS) {
        this.drop();
        return this.connect(true);
      }
      if (this.isRenewed && !this.isOpen && now - this.openedAt >= UNSEEN_MS) {
        this.isRenewed = false;
        this.tellConnecting();
      }
      if (isUnanswered && now - this.sentAt >= RESEND_MS) this.transmit(this.outbox.due(now));
      this.settle(0);
      this.watch();
    });
  }

  private transmit(actions: readonly Action[]): void {
    if (actions.length === 0) return;
    this.sentAt = this.environment.now();
    for (const action of actions) this.transport?.send(action);
  }

  private drop(): void {
    this.cancelTick?.();
    this.cancelTick = null;
    const { transport } = this;
    this.transport = null;
    this.isOpen = false;
    transport?.close();
  }

  private setStatus(status: RoomStatus, failure: RoomError | null): void {
    this.status = status;
    this.events.onStatus(status, failure);
  }

  private settle(seq: number): void {
    if (this.outbox.settle(seq, this.environment.now())) this.tellPending();
  }

  private tellPending(): void {
    const { pending } = this.outbox;
    if (pending === this.told) return;
    this.told = pending;
    this.events.onPending(pending);
  }
}

function withPosition(address: string, position: string | null): string {
  if (position === null) return address;
  return `${address}${address.includes("?") ? "&" : "?"}after=${encodeURIComponent(position)}`;
}

function pageEnvironment(): RoomEnvironment {
  return browserEnvironment(() => document.documentElement.lang);
}

/** @param language of the page, where there is none */
export function browserEnvironment(language: () => string): RoomEnvironment {
  return {
    openSocket,
    openEventStream: (url, events) => openEventStream(language(), url, events),
    now: () => serverClock.elapsed(),
    clock: serverClock,
    after,
    random: Math.random,
  };
}

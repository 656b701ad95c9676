/**
 * Provides the WebRTC sessions of a worker: finds them by their names, and limits how many there are, of one address, and of those that are not
 * connected yet.
 */
import { addressOwner } from "../../platform/address.ts";
import { Refusal } from "../../platform/refusal.ts";
import { newSessionId, type SessionHome } from "./session-id.ts";
import type { SessionAnswer, SessionRequest } from "./session-messages.ts";

export type SessionKind = "whip" | "whep";

export type SessionLimits = {
  readonly maxSessions: number;
  readonly maxPerAddress: number;
  readonly maxHalfOpen: number;
  readonly maxHalfOpenPerAddress: number;
};

/** An open session, of either kind. */
export type WebRtcSession = {
  readonly kind: SessionKind;
  /** `APP/NAME`, as in its address. */
  readonly stream: string;
  /** Answers a request for the session. */
  readonly ask: (request: SessionRequest) => Promise<SessionAnswer | Refusal>;
  /** Ends the session. @param reason for the log: draining, and others */
  readonly close: (reason: string) => void;
};

/** A session's place in the table. The session that takes one gives it back. */
export type SessionSlot = {
  readonly id: string;
  /** The session answers requests from now on. */
  readonly opened: (session: WebRtcSession) => void;
  /** ICE and DTLS are done. May be called twice. */
  readonly connected: () => void;
  /** May be called twice. */
  readonly leave: () => void;
};

/** Kept of sessions that have ended, so that a late DELETE is known from one for a session that never was. A name and an address are some 150 bytes. */
const MAX_ENDED = 1000;

type Entry = { readonly kind: SessionKind; readonly owner: string; session: WebRtcSession | null; isHalfOpen: boolean };

export class WebRtcSessions {
  private readonly home: SessionHome;
  private readonly limits: () => SessionLimits;
  private readonly entries = new Map<string, Entry>();
  /** By name, the oldest first. */
  private readonly ended = new Map<string, Pick<WebRtcSession, "kind" | "stream">>();

  constructor(home: SessionHome, limits: () => SessionLimits) {
    this.home = home;
    this.limits = limits;
  }

  /** @param ip whose limits count */
  take(kind: SessionKind, ip: string): SessionSlot | Refusal {
    const owner = addressOwner(ip);
    const full = this.full(owner);
    if (full) return full;
    const id = newSessionId(this.home);
    const entry: Entry = { kind, owner, session: null, isHalfOpen: true };
    this.entries.set(id, entry);
    return {
      id,
      opened: (session) => {
        entry.session = session;
      },
      connected: () => {
        entry.isHalfOpen = false;
      },
      leave: () => {
        if (this.entries.delete(id) && entry.session) this.noteEnded(id, entry.session);
      },
    };
  }

  find(id: string): WebRtcSession | null {
    return this.entries.get(id)?.session ?? null;
  }

  /** Whether there was such a session, and it ended not long ago: among the last 1000. */
  hasEnded({ session, kind, stream }: Pick<SessionRequest, "session" | "kind" | "stream">): boolean {
    const ended = this.ended.get(session);
    return ended?.kind === kind && ended.stream === stream;
  }

  /** Of the whole worker. */
  count(kind: SessionKind): number {
    return this.countOf((entry) => entry.kind === kind);
  }

  get halfOpen(): number {
    return this.countOf(({ isHalfOpen }) => isHalfOpen);
  }

  /** Ends all of them. */
  close(reason: string): void {
    for (const { session } of [...this.entries.values()]) session?.close(reason);
  }

  private noteEnded(id: string, { kind, stream }: WebRtcSession): void {
    this.ended.set(id, { kind, stream });
    const [oldest] = this.ended.keys();
    if (this.ended.size > MAX_ENDED && oldest !== undefined) this.ended.delete(oldest);
  }

  private full(owner: string): Refusal | null {
    const { maxSessions, maxPerAddress, maxHalfOpen, maxHalfOpenPerAddress } = this.limits();
    if (this.entries.size >= maxSessions) return new Refusal("full");
    if (this.countOf((entry) => entry.owner === owner) >= maxPerAddress) return new Refusal("too-many");
    if (this.countOf((entry) => entry.owner === owner && entry.isHalfOpen) >= maxHalfOpenPerAddress) return new Refusal("too-many");
    return this.halfOpen >= maxHalfOpen ? new Refusal("too-many") : null;
  }

  private countOf(isCounted: (entry: Entry) => boolean): number {
    let count = 0;
    for (const entry of this.entries.values()) if (isCounted(entry)) count++;
    return count;
  }
}

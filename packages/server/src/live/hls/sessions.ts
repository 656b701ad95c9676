/**
 * Counts the viewers of HLS, who have no lasting connection. Requests with one session (`access/credentials/viewer-sessions.ts`) count as one viewer.
 * The process that issued the session holds the admission for as long as any process receives requests with it.
 */

import type { Admission } from "../../access/admission.ts";
import { type SessionScope, sessionNumber, type ViewerSessions } from "../../access/credentials/viewer-sessions.ts";
import { systemClock } from "../../platform/clock.ts";
import { type Rate, refill, type TokenBucket } from "../../platform/rate-limit.ts";
import type { Stream } from "../streams/index.ts";

/** A viewer without a request for this long is gone: three of the longest usual target durations. */
const ABSENT_AFTER_MS = 12_000;

/** Beyond that, the oldest are dropped. */
const MAX_RESTING = 10_000;

/** Playlists of one viewer where nothing else is said. A player asks for two or three in a second, for each rung that it tries. */
const PLAYLISTS: Rate = { burst: 4000, perSecond: 2000 };

/** The tokens are for playlists. */
type Entry = TokenBucket & { readonly stream: Stream; readonly number: number; seenAt: number };
type Issued = { readonly admission: Admission; seenAt: number };

export class Sessions {
  private readonly tokens: ViewerSessions;
  private readonly scopeOf: (stream: Stream) => SessionScope;
  private readonly maxViewers: () => number;
  private readonly playlists: () => Rate;
  private readonly seen = new Map<string, Entry>();
  private readonly byStream = new WeakMap<Stream, Map<string, Entry>>();
  /** Admissions behind the sessions that this process issued, by viewer number. */
  private readonly issued = new Map<number, Issued>();
  /** Those whose viewers are gone, and whose seats are kept for them until another viewer needs them. */
  private readonly resting = new Map<number, Admission>();

  /**
   * @param scopeOf what a session for a stream opens: a stream and its rungs are one
   * @param maxViewers viewers that are counted; further ones watch uncounted
   * @param playlists that one viewer may ask for
   */
  constructor(
    tokens: ViewerSessions,
    scopeOf: (stream: Stream) => SessionScope = (stream) => stream,
    maxViewers: () => number = () => Number.POSITIVE_INFINITY,
    playlists: () => Rate = () => PLAYLISTS,
  ) {
    this.tokens = tokens;
    this.scopeOf = scopeOf;
    this.maxViewers = maxViewers;
    this.playlists = playlists;
  }

  /** Viewers that watch now. */
  get size(): number {
    return this.seen.size;
  }

  /** Whether there is no viewer, and no session that a viewer may still use. */
  get isEmpty(): boolean {
    return this.seen.size + this.issued.size === 0;
  }

  /** @param admission closed when requests with the session cease */
  issue(stream: Stream, admission: Admission | null = null, now = systemClock.utc()): string {
    const session = this.tokens.issue(this.scopeOf(stream), admission?.viewer ?? null, now);
    if (admission) this.issued.set(sessionNumber(session), { admission, seenAt: performance.now() });
    admission?.seat?.name(sessionNumber(session), true);
    return session;
  }

  /** Other processes have received requests of these viewers. */
  seenElsewhere(numbers: readonly number[], now = performance.now()): void {
    for (const number of numbers) {
      const issued = this.issued.get(number);
      if (issued) issued.seenAt = now;
      else this.wake(number, now);
    }
  }

  /** Numbers of viewers here whose sessions other processes issued. */
  foreign(): number[] {
    return [...this.seen.values()].flatMap(({ number }) => (this.issued.has(number) ? [] : [number]));
  }

  /** Whether a session may watch a stream. */
  verify(session: string, stream: Stream, now = systemClock.utc()): boolean {
    return this.seen.get(session)?.stream === stream || this.opens(session, this.scopeOf(stream), now);
  }

  /** As `verify`, for a stream that need not be here. */
  opens(session: string, scope: SessionScope, now = systemClock.utc()): boolean {
    return this.tokens.verify(session, scope, now);
  }

  /** Records a request with a verified session. True for a new viewer. */
  touch(session: string, stream: Stream, now = performance.now()): boolean {
    const known = this.seen.get(session);
    if (!known && this.resting.size > 0) this.wake(sessionNumber(session), now);
    if (known) {
      known.seenAt = now;
      const issued = this.issued.get(known.number);
      if (issued) issued.seenAt = now;
      return false;
    }
    if (this.seen.size >= this.maxViewers()) return false;
    const entry = { stream, number: sessionNumber(session), seenAt: now, tokens: this.playlists().burst, refilledAt: now };
    this.seen.set(session, entry);
    const of = this.byStream.get(stream) ?? new Map<string, Entry>();
    this.byStream.set(stream, of.set(session, entry));
    return true;
  }

  /** Seconds until the viewer of a session may ask for one more playlist; 0: now, and it is counted. The first one of a viewer is free. */
  playlistWait(session: string, now = performance.now()): number {
    const entry = this.seen.get(session);
    if (!entry) return 0;
    const rate = this.playlists();
    refill(entry, rate, now);
    if (entry.tokens < 1) return (1 - entry.tokens) / rate.perSecond;
    entry.tokens--;
    return 0;
  }

  /** Viewers of a stream. */
  count(stream: Stream): number {
    return this.byStream.get(stream)?.size ?? 0;
  }

  /** Numbers of a stream's viewers, by which all processes together count each viewer once. */
  viewerNumbers(stream: Stream): number[] {
    return [...(this.byStream.get(stream)?.values() ?? [])].map(({ number }) => number);
  }

  /** A stream has ended: it has no viewers any more. */
  ended(stream: Stream): void {
    for (const session of this.byStream.get(stream)?.keys() ?? []) this.seen.delete(session);
    this.byStream.delete(stream);
  }

  /** Forgets viewers who are gone, and closes their admissions. */
  sweep(now = performance.now()): void {
    for (const [number, { admission, seenAt }] of this.issued) {
      if (now - seenAt <= ABSENT_AFTER_MS) continue;
      this.issued.delete(number);
      if (admission.seat?.isTaken) this.restSeat(number, admission);
      admission.close();
    }
    for (const [session, { stream, seenAt }] of this.seen) {
      if (now - seenAt <= ABSENT_AFTER_MS) continue;
      this.seen.delete(session);
      this.byStream.get(stream)?.delete(session);
    }
  }

  private restSeat(number: number, admission: Admission): void {
    admission.seat?.rest(true);
    this.resting.set(number, admission);
    const oldest = this.resting.size > MAX_RESTING ? this.resting.keys().next().value : undefined;
    if (oldest !== undefined) this.resting.delete(oldest);
  }

  /** A viewer who was gone asks again. */
  private wake(number: number, now: number): void {
    const admission = this.resting.get(number);
    if (!admission) return;
    this.resting.delete(number);
    admission.seat?.rest(false);
    this.issued.set(number, { admission, seenAt: now });
  }

  /** Closes all admissions. */
  close(): void {
    for (const { admission } of this.issued.values()) admission.close();
    this.issued.clear();
  }
}

/**
 * Decides which nodes are gone, from the times at which this node heard from them. A pure state machine: `membership.ts` tells it what arrives
 * and calls `tick` once a second.
 *
 * Silence counts only while this node can hear. The bus delivers a node's own heartbeat to it too: a heartbeat that has come back by the next one
 * proves that the bus delivered during the second between them. Time without that proof (a bus that hangs, packets that are dropped, a node
 * that stood still) is nobody's silence. A silent node is asked directly before it is declared gone, and any answer on a connection between the two
 * nodes counts as a heartbeat does.
 */

/** A node without a sign of life for this long is gone. */
export const GONE_AFTER_MS = 3000;
/** A node that was silent for this long is asked directly. */
const ASK_AFTER_MS = 1500;
/** A node that is gone is asked in this interval: it may be cut off from the bus alone. */
const ASK_AGAIN_MS = 3000;
/** Heartbeats that are missing in a row before this node reports that the bus does not deliver. */
const DEAF_AFTER = 2;
/** After the bus was silent, other nodes reach it at different times: they have this much longer until their first heartbeat. */
const RETURN_MS = 3000;
/** A verdict this long before the bus fell silent may have been the first effect of that, and is withdrawn. */
const WITHDRAW_MS = 5000;
/** A tick that comes this late tells that the process stood still. */
const LATE_MS = 2500;

/** silence: nothing was heard; refusal: its machine refused a connection, so its process has certainly ended. */
export type Cause = "silence" | "refusal";

export type Verdicts = {
  readonly gone: readonly string[];
  /** Nodes whose verdict was wrong: they are up. */
  readonly reinstated: readonly string[];
  /** Nodes to ask directly; an answer is told by `heard`. */
  readonly ask: readonly string[];
};

type Watched = {
  /** Listening time at the latest sign of life. It can be in the future: then the node has so much longer. */
  heardAt: number;
  gone: { readonly cause: Cause; readonly at: number } | null;
  requestedAt: number;
};

export class FailureDetector {
  private readonly watched = new Map<string, Watched>();
  /** The time for which this node could hear, up to the latest tick, milliseconds. */
  private listenedMs = 0;
  /** Listening time from which on nodes that were never heard can be missed. */
  private listensFrom = 0;
  private tickedAt: number;
  /** The latest own heartbeat that was sent, and that came back. */
  private sent = -1;
  private returned = -1;
  /** Ticks in a row without a proof that the bus delivers. */
  private unproven = 0;

  /** @param now monotonic milliseconds, here and below */
  constructor(now: number) {
    this.tickedAt = now;
  }

  /** False while this node cannot tell silence from its own deafness: it declares no node gone then. */
  get canJudge(): boolean {
    return this.unproven < DEAF_AFTER;
  }

  /** This node sends its heartbeat of this number. */
  beatSent(count: number): void {
    this.sent = count;
  }

  /** The bus delivered this node's own heartbeat. */
  beatReturned(count: number): void {
    this.returned = Math.max(this.returned, count);
  }

  /**
   * A sign of life: a heartbeat, an answer, or bytes on a relay connection.
   * @param ageMs how long ago it came
   * @returns true when the node was gone until now
   */
  heard(id: string, now: number, ageMs = 0): boolean {
    const known = this.watched.get(id);
    const heardAt = this.listenedMs + Math.max(0, now - this.tickedAt) - ageMs;
    if (!known) {
      this.watched.set(id, { heardAt, gone: null, requestedAt: Number.NEGATIVE_INFINITY });
      return true;
    }
    const wasGone = known.gone !== null;
    // A relay connection reports late: what came before the verdict does not withdraw it.
    if (known.gone && now - ageMs <= known.gone.at) return false;
    known.gone = null;
    known.heardAt = ageMs === 0 ? heardAt : Math.max(known.heardAt, heardAt);
    return wasGone;
  }

  /** A node's machine refuses connections. False when the node was gone already. */
  refused(id: string, now: number): boolean {
    const known = this.watched.get(id);
    if (!known || known.gone) return false;
    known.gone = { cause: "refusal", at: now };
    return true;
  }

  forget(id: string): void {
    this.watched.delete(id);
  }

  /** False for a node that is gone. A node that could not have been heard yet counts as up. */
  isUp(id: string): boolean {
    const known = this.watched.get(id);
    return known ? known.gone === null : this.listenedMs - this.listensFrom <= GONE_AFTER_MS;
  }

  /** Since when a node is gone, monotonic milliseconds; null: it is up, or unknown. */
  goneSince(id: string): number | null {
    return this.watched.get(id)?.gone?.at ?? null;
  }

  /** The bus is connected, for the first time or again: no heartbeat could arrive before. */
  connected(now: number): void {
    this.tickedAt = now;
    this.listenAgain();
  }

  /** To be called each second, before the next heartbeat is sent. @param connected whether the bus is reachable */
  tick(now: number, connected: boolean): Verdicts {
    const passedMs = now - this.tickedAt;
    this.tickedAt = now;
    if (passedMs > LATE_MS) return this.ignored(0);
    if (!connected || this.returned < this.sent) return this.deaf(now);
    const wasDeaf = !this.canJudge;
    this.unproven = 0;
    this.listenedMs += passedMs;
    if (wasDeaf) this.listenAgain();
    return this.judge(now);
  }

  /** The time since the latest tick does not count, and what was heard in it was heard at that tick. */
  private ignored(extraMs: number, reinstated: readonly string[] = []): Verdicts {
    for (const known of this.watched.values()) known.heardAt = Math.min(known.heardAt, this.listenedMs + extraMs);
    return { gone: [], reinstated, ask: [] };
  }

  private deaf(now: number): Verdicts {
    this.unproven++;
    if (this.unproven !== DEAF_AFTER) return this.ignored(RETURN_MS);
    const hasty = [...this.watched].filter(([, { gone }]) => gone?.cause === "silence" && now - gone.at <= WITHDRAW_MS);
    for (const [, known] of hasty) {
      known.gone = null;
      known.heardAt = this.listenedMs;
    }
    return this.ignored(
      RETURN_MS,
      hasty.map(([id]) => id),
    );
  }

  private listenAgain(): void {
    this.listensFrom = this.listenedMs;
    for (const known of this.watched.values()) if (!known.gone) known.heardAt = this.listenedMs + RETURN_MS;
  }

  private judge(now: number): Verdicts {
    const gone: string[] = [];
    const ask: string[] = [];
    for (const [id, known] of this.watched) {
      const silentMs = this.listenedMs - known.heardAt;
      if (!known.gone && silentMs > GONE_AFTER_MS) {
        known.gone = { cause: "silence", at: now };
        gone.push(id);
      }
      const isDue = known.gone ? now - known.requestedAt >= ASK_AGAIN_MS : silentMs > ASK_AFTER_MS;
      if (!isDue) continue;
      known.requestedAt = now;
      ask.push(id);
    }
    return { gone, reinstated: [], ask };
  }
}

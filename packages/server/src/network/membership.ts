/**
 * Provides the nodes of the cluster and their states. Each node sends a heartbeat on the bus every second; a node without one for three seconds is
 * gone, unless it answers directly (`failure-detector.ts`). While the bus is unreachable or does not deliver, the latest states hold. A node that
 * stood still itself, because its machine or its processes were paused, did not listen during that time: it does not count as the others' silence.
 */
import { z } from "zod";
import type { Bus } from "../platform/bus/bus.ts";
import type { Clock } from "../platform/clock.ts";
import { ROLES, type Role } from "../platform/config/schema.ts";
import type { Logger } from "../platform/log.ts";
import { ClockSamples, clusterOffset, SKEW_MS } from "./clock-offset.ts";
import { FailureDetector, type Verdicts } from "./failure-detector.ts";
import { MAX_POPULAR_STREAMS, popularitySchema } from "./stream-popularity.ts";

const linkSchema = z.object({
  /** The other node. */
  to: z.string(),
  /** Round-trip time; null while not measured. */
  rttMs: z.number().nullable(),
  jitterMs: z.number(),
  /** Share of its bytes that TCP sent again, per cent; null while not known. */
  lossPercent: z.number().nullable(),
  /** Bitrate received from it. */
  mbps: z.number(),
  /** Milliseconds since the newest message that came from it. */
  ageMs: z.number().nullable(),
});

const beatSchema = z.object({
  id: z.string().min(1).max(64),
  /** Changes each time that the node starts. */
  instance: z.string().max(64),
  /** Milliseconds since 1970, by its clock. */
  startedAt: z.number(),
  at: z.number(),
  /** Number of this instance's heartbeat. */
  count: z.number().int(),
  version: z.string().max(64),
  roles: z.array(z.enum(ROLES)),
  region: z.string(),
  carriers: z.array(z.string()),
  parents: z.array(z.string()),
  /** Addresses for other nodes: the supervisor, and the media workers in their order. */
  host: z.string(),
  linkPort: z.number().int(),
  relayPorts: z.array(z.number().int()),
  /** Public addresses. */
  http: z.string(),
  rtmp: z.string(),
  capacityMbps: z.number(),
  maxConnections: z.number(),
  draining: z.boolean(),
  usedMbps: z.number(),
  connections: z.number(),
  /** Cores in use by its streams. */
  cpu: z.number(),
  /** Cores that jobs such as ladders may take. */
  freeCores: z.number(),
  /** False where the configuration leaves ladders no cores. The version before does not send it. */
  makesLadders: z.boolean().optional(),
  links: z.array(linkSchema),
  /** Which database its control process uses (`platform/store/database-identity.ts`); absent where it has none. */
  database: z.string().max(128).optional(),
  /** Popular streams. */
  crowds: z.array(popularitySchema).max(MAX_POPULAR_STREAMS),
});

export type Beat = z.infer<typeof beatSchema>;
/** A heartbeat without its instance and number. */
export type SelfDescription = Omit<Beat, "instance" | "startedAt" | "at" | "count">;
export type NodeLink = z.infer<typeof linkSchema>;
export type NodeState = "up" | "draining" | "gone";
export type Member = Beat & {
  readonly state: NodeState;
  /** Its clock minus ours, milliseconds. */
  readonly clockSkewMs: number;
  /** Its clock minus the cluster's time, milliseconds. */
  readonly clockErrorMs: number;
};

export type MembershipEvents = {
  /** A node has come, has gone, or has changed. */
  readonly changed: (member: Member) => void;
  /** Another node has this one's name, and this one has to end. */
  readonly nameTaken: () => void;
  /** A node is silent: it should be asked on a connection of its own, and an answer be told by `alive`. */
  readonly silent: (id: string) => void;
};

const BEAT_MS = 1000;
/** A node that has the name already answers within this. */
const LISTEN_MS = 1200;
/** A node with more heartbeats than this did not just start. */
const SETTLED_BEATS = 5;
/** A node that is gone stays in the list for this long. */
const REMEMBER_MS = 600_000;
/** A node that was late for its heartbeat by more than this stood still. */
const STOOD_STILL_MS = 1500;
/** Heartbeats that waited while this node stood still arrive within this, and tell nothing about clocks. */
const CATCH_UP_MS = 1000;
/** What arrives within this after a hold of this process may have waited for it. */
const STALL_WITHIN_MS = 1000;
const STALL_MS = 250;
/** This node's clock was set if it moved by so much more or less than time has passed. */
const CLOCK_SET_MS = 250;
/** A heartbeat that was sent so long before this process started is no other node's of now, unless its clock is wrong by as much. */
const RECORDED_MS = 60_000;
export const NODES_SUBJECT = "lectern.nodes";

type Known = { readonly beat: Beat; readonly clock: ClockSamples; readonly skewed: boolean };

export class Membership {
  private readonly bus: Bus;
  private readonly self: () => SelfDescription;
  private readonly clock: Clock;
  private readonly log: Logger;
  private readonly events: MembershipEvents;
  private readonly known = new Map<string, Known>();
  private readonly instance: string;
  private readonly startedAt: number;
  private cancel: (() => void) | null = null;
  private count = 0;
  private joined = false;
  private over = false;
  private own: Beat;
  private readonly detector: FailureDetector;
  private couldJudge = true;
  /** The latest turn of the timer. */
  private tickedAt: { readonly monotonic: number; readonly utc: number } | null = null;
  private caughtUpAt = 0;

  constructor(bus: Bus, self: () => SelfDescription, instance: string, clock: Clock, log: Logger, events: MembershipEvents) {
    this.bus = bus;
    this.self = self;
    this.instance = instance;
    this.clock = clock;
    this.log = log;
    this.events = events;
    this.startedAt = clock.utc();
    this.own = this.beat();
    this.detector = new FailureDetector(clock.monotonic());
    bus.subscribe(NODES_SUBJECT, (text) => this.hear(text));
    bus.onState((connected) => {
      if (!connected) return;
      this.detector.connected(clock.monotonic());
      // Other nodes may take this one for gone: its heartbeat arrives before its other messages.
      if (this.joined) this.announce();
    });
  }

  /** Listens for a moment for another node with this one's name, and then begins to send heartbeats. */
  start(): void {
    this.cancel = this.clock.after(LISTEN_MS, () => this.tick());
  }

  /** Sends a heartbeat at once, because something has changed. */
  announce(): void {
    this.own = this.beat();
    this.bus.publish(NODES_SUBJECT, JSON.stringify(this.own));
  }

  /** Sends no more heartbeats. */
  stop(): void {
    this.cancel?.();
    this.over = true;
  }

  /** All nodes, this one first, then by their names. */
  list(): Member[] {
    const others = [...this.known.values()].sort((a, b) => (a.beat.id < b.beat.id ? -1 : 1));
    const up = others.filter(({ beat: { id } }) => this.detector.isUp(id));
    const clocks = up.map(({ beat, clock }) => ({ id: beat.id, offsetMs: clock.offsetMs, isControl: hasRole(beat, "control") }));
    const offset = clusterOffset([{ id: this.own.id, offsetMs: 0, isControl: hasRole(this.own, "control") }, ...clocks]);
    const state = this.own.draining ? "draining" : "up";
    const self: Member = { ...this.own, state, clockSkewMs: 0, clockErrorMs: Math.round(0 - offset) };
    return [self, ...others.map((known) => this.memberOf(known, offset))];
  }

  get(id: string): Member | null {
    if (id === this.own.id) return this.list()[0] ?? null;
    return this.known.has(id) ? (this.list().find((member) => member.id === id) ?? null) : null;
  }

  /** False for a node that is gone. A node whose heartbeat could not have arrived yet counts as up. */
  isUp(id: string): boolean {
    return id === this.own.id || this.detector.isUp(id);
  }

  /** A node's machine refuses connections: the node is gone, sooner than its silence would show. */
  refused(id: string): void {
    if (this.bus.connected && this.detector.refused(id, this.clock.monotonic())) this.lost(id);
  }

  /** A node has answered on a connection of its own, or sends on one. @param ageMs how long ago */
  alive(id: string, ageMs = 0): void {
    const known = this.known.get(id);
    if (known && this.detector.heard(id, this.clock.monotonic(), ageMs)) this.reinstated(id, "answers on its own connection");
  }

  private lost(id: string): void {
    this.log.warn({ node: id }, "node gone");
    this.tellChanged(id);
  }

  private reinstated(id: string, reason: string): void {
    this.log.info({ node: id, reason }, "node reinstated");
    this.tellChanged(id);
  }

  private tellChanged(id: string): void {
    const known = this.known.get(id);
    if (known) this.events.changed(this.memberOf(known, 0));
  }

  private tick(): void {
    const now = this.clock.monotonic();
    this.checkOwnClock(now);
    const verdicts = this.detector.tick(now, this.bus.connected);
    this.joined = true;
    this.announce();
    this.detector.beatSent(this.own.count);
    this.apply(verdicts, now);
    this.cancel = this.clock.after(BEAT_MS, () => this.tick());
  }

  private apply({ gone, reinstated, ask }: Verdicts, now: number): void {
    const { canJudge } = this.detector;
    if (canJudge !== this.couldJudge) {
      if (canJudge) this.log.info("own heartbeat is delivered again");
      else this.log.warn("own heartbeat is not delivered, no node is declared gone meanwhile");
    }
    this.couldJudge = canJudge;
    for (const id of gone) this.lost(id);
    for (const id of reinstated) this.reinstated(id, "the bus does not deliver");
    for (const id of ask) this.events.silent(id);
    for (const id of this.known.keys()) {
      const since = this.detector.goneSince(id);
      if (since === null || now - since <= REMEMBER_MS) continue;
      this.known.delete(id);
      this.detector.forget(id);
    }
  }

  /** Notices that this node stood still, or that its clock was set. */
  private checkOwnClock(now: number): void {
    const before = this.tickedAt;
    this.tickedAt = { monotonic: now, utc: this.clock.utc() };
    if (!before) return;
    const setByMs = this.tickedAt.utc - before.utc - (now - before.monotonic);
    if (Math.abs(setByMs) > CLOCK_SET_MS) for (const { clock } of this.known.values()) clock.shift(setByMs);
    const stoodStillMs = now - before.monotonic - BEAT_MS;
    if (stoodStillMs <= STOOD_STILL_MS) return;
    this.log.warn({ stoodStillMs: Math.round(stoodStillMs) }, "node stalled, suspending failure detection");
    this.caughtUpAt = now + CATCH_UP_MS;
  }

  /** Whether the timer is late, which tells that this node stands still or did until now. */
  private isLate(now: number): boolean {
    return this.tickedAt !== null && now - this.tickedAt.monotonic > BEAT_MS + STOOD_STILL_MS;
  }

  private beat(): Beat {
    return { ...this.self(), instance: this.instance, startedAt: this.startedAt, at: this.clock.utc(), count: this.count++ };
  }

  private hear(text: string): void {
    const beat = this.over ? null : parseBeat(text);
    if (!beat) return;
    if (beat.id === this.own.id) {
      if (beat.instance !== this.instance) this.meet(beat);
      else this.detector.beatReturned(beat.count);
      return;
    }
    const before = this.known.get(beat.id);
    const wasUp = before !== undefined && this.detector.isUp(beat.id);
    if (wasUp && isOlder(beat, before.beat)) return;
    const now = this.clock.monotonic();
    const clock = before?.beat.instance === beat.instance ? before.clock : new ClockSamples();
    // A heartbeat that waited while this node stood still, or was busy, looks late.
    const wasStalled = this.clock.longestHold(STALL_WITHIN_MS) > STALL_MS;
    if (now >= this.caughtUpAt && !this.isLate(now) && !wasStalled) clock.add(beat.at - this.clock.utc());
    const skewMs = clock.offsetMs;
    const skewed = Math.abs(skewMs) > SKEW_MS;
    const known: Known = { beat, clock, skewed };
    this.known.set(beat.id, known);
    this.detector.heard(beat.id, now);
    if (!wasUp) this.log.info({ node: beat.id, roles: beat.roles, version: beat.version }, "node joined");
    if (skewed && !before?.skewed) this.log.warn({ node: beat.id, skewMs }, "clocks of two nodes differ");
    if (!wasUp || isAnother(before.beat, beat)) this.events.changed(this.memberOf(known, 0));
  }

  /** Another node has the same name. The later one must end; either of them, when the order is unknown. */
  private meet(other: Beat): void {
    // A recording of this node's earlier process, put on the bus again, ends nobody.
    if (other.at < this.startedAt - RECORDED_MS) return;
    this.log.error({ node: other.id, host: other.host, http: other.http }, "node name taken by another node");
    if (!this.joined || (other.count > SETTLED_BEATS && other.instance < this.instance)) this.events.nameTaken();
    else this.announce();
  }

  /** @param offset the cluster's time minus this node's */
  private memberOf({ beat, clock: { offsetMs } }: Known, offset: number): Member {
    const state = !this.detector.isUp(beat.id) ? "gone" : beat.draining ? "draining" : "up";
    return { ...beat, state, clockSkewMs: Math.round(offsetMs), clockErrorMs: Math.round(offsetMs - offset) };
  }
}

/** A replayed heartbeat. */
function isOlder(beat: Beat, than: Beat): boolean {
  return beat.instance === than.instance ? beat.count <= than.count : beat.startedAt < than.startedAt;
}

/** Whether the change concerns other nodes. */
function isAnother(a: Beat, b: Beat): boolean {
  const what = ({ instance, draining, host, linkPort, relayPorts, roles, parents }: Beat) =>
    JSON.stringify([instance, draining, host, linkPort, relayPorts, roles, parents]);
  return what(a) !== what(b);
}

function parseBeat(text: string): Beat | null {
  try {
    return beatSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Whether a node has a role; no roles means all. */
export function hasRole({ roles }: { readonly roles: readonly Role[] }, role: Role): boolean {
  return roles.length === 0 || roles.includes(role);
}

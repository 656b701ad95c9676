/**
 * The nodes of the cluster and their states. Each node sends a heartbeat on the bus every second; a node without one for three seconds is
 * gone. While the bus is unreachable no heartbeat arrives, and the latest states hold.
 */
import { z } from "zod";
import type { Bus } from "../platform/bus/bus.ts";
import type { Clock } from "../platform/clock.ts";
import { ROLES, type Role } from "../platform/config/schema.ts";
import type { Logger } from "../platform/log.ts";
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
  /** Cores in use. */
  cpu: z.number(),
  links: z.array(linkSchema),
  /** Popular streams. Earlier versions do not send it. */
  crowds: z.array(popularitySchema).max(MAX_POPULAR_STREAMS).default([]),
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
};

export type MembershipEvents = {
  /** A node has come, has gone, or has changed. */
  readonly changed: (member: Member) => void;
  /** Another node has this one's name, and this one has to end. */
  readonly nameTaken: () => void;
};

const BEAT_MS = 1000;
/** A node that has the name already answers within this. */
const LISTEN_MS = 1200;
/** A node with more heartbeats than this did not just start. */
const SETTLED_BEATS = 5;
const GONE_AFTER_MS = 3000;
/** A node that is gone stays in the list for this long. */
const REMEMBER_MS = 600_000;
/** More than the delivery of a heartbeat takes. */
export const SKEW_MS = 2000;
const SUBJECT = "lectern.nodes";

type Known = { beat: Beat; heardAt: number; up: boolean; skewMs: number; skewed: boolean };

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
  /** Since when heartbeats can arrive, monotonic milliseconds. */
  private listensSince: number;

  constructor(bus: Bus, self: () => SelfDescription, instance: string, clock: Clock, log: Logger, events: MembershipEvents) {
    this.bus = bus;
    this.self = self;
    this.instance = instance;
    this.clock = clock;
    this.log = log;
    this.events = events;
    this.startedAt = clock.utc();
    this.own = this.beat();
    this.listensSince = clock.monotonic();
    bus.subscribe(SUBJECT, (text) => this.hear(text));
    bus.onState((connected) => {
      if (!connected) return;
      // No heartbeat could arrive meanwhile.
      this.listensSince = clock.monotonic();
      for (const other of this.known.values()) other.heardAt = this.listensSince;
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
    this.bus.publish(SUBJECT, JSON.stringify(this.own));
  }

  /** Sends no more heartbeats. */
  stop(): void {
    this.cancel?.();
    this.over = true;
  }

  /** All nodes, this one first, then by their names. */
  list(): Member[] {
    const self: Member = { ...this.own, state: this.own.draining ? "draining" : "up", clockSkewMs: 0 };
    const others = [...this.known.values()].map(memberOf).sort((a, b) => (a.id < b.id ? -1 : 1));
    return [self, ...others];
  }

  get(id: string): Member | null {
    if (id === this.own.id) return this.list()[0] ?? null;
    const known = this.known.get(id);
    return known ? memberOf(known) : null;
  }

  /** False for a node that is gone. A node whose heartbeat could not have arrived yet counts as up. */
  isUp(id: string): boolean {
    return id === this.own.id || (this.known.get(id)?.up ?? this.clock.monotonic() - this.listensSince <= GONE_AFTER_MS);
  }

  private tick(): void {
    this.joined = true;
    this.announce();
    const now = this.clock.monotonic();
    for (const [id, known] of this.known) {
      if (!this.bus.connected) break;
      if (known.up && now - known.heardAt > GONE_AFTER_MS) {
        known.up = false;
        this.log.warn({ node: id }, "node gone");
        this.events.changed(memberOf(known));
      } else if (now - known.heardAt > REMEMBER_MS) this.known.delete(id);
    }
    this.cancel = this.clock.after(BEAT_MS, () => this.tick());
  }

  private beat(): Beat {
    return { ...this.self(), instance: this.instance, startedAt: this.startedAt, at: this.clock.utc(), count: this.count++ };
  }

  private hear(text: string): void {
    const beat = this.over ? null : parseBeat(text);
    if (!beat) return;
    if (beat.id === this.own.id) {
      if (beat.instance !== this.instance) this.meet(beat);
      return;
    }
    const before = this.known.get(beat.id);
    if (before?.up && isOlder(beat, before.beat)) return;
    const skewMs = beat.at - this.clock.utc();
    const skewed = Math.abs(skewMs) > SKEW_MS;
    const known: Known = { beat, heardAt: this.clock.monotonic(), up: true, skewMs, skewed };
    this.known.set(beat.id, known);
    if (!before?.up) this.log.info({ node: beat.id, roles: beat.roles, version: beat.version }, "node joined");
    if (skewed && !before?.skewed) this.log.warn({ node: beat.id, skewMs }, "clocks of two nodes differ");
    if (!before?.up || isAnother(before.beat, beat)) this.events.changed(memberOf(known));
  }

  /** Another node has the same name. The later one must end; either of them, when the order is unknown. */
  private meet(other: Beat): void {
    this.log.error({ node: other.id, host: other.host, http: other.http }, "node name taken by another node");
    if (!this.joined || (other.count > SETTLED_BEATS && other.instance < this.instance)) this.events.nameTaken();
    else this.announce();
  }
}

function memberOf({ beat, up, skewMs }: Known): Member {
  return { ...beat, state: !up ? "gone" : beat.draining ? "draining" : "up", clockSkewMs: Math.round(skewMs) };
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

/**
 * Which nodes there are, and how they are. Each says so every second on the bus; who is not heard for three is gone. While the bus is away
 * nobody is heard, and what was known holds.
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
  /** Milliseconds there and back; null where it was not measured. */
  rttMs: z.number().nullable(),
  jitterMs: z.number(),
  /** Of what comes from it, lost and sent again by TCP, per cent; null where it is not known. */
  lossPercent: z.number().nullable(),
  /** What comes from it. */
  mbps: z.number(),
  /** Milliseconds since the newest message that came from it. */
  ageMs: z.number().nullable(),
});

const beatSchema = z.object({
  id: z.string().min(1).max(64),
  /** Another one each time that the node starts. */
  instance: z.string().max(64),
  /** Milliseconds since 1970, by its clock. */
  startedAt: z.number(),
  at: z.number(),
  /** Counts this instance's beats. */
  count: z.number().int(),
  version: z.string().max(64),
  roles: z.array(z.enum(ROLES)),
  region: z.string(),
  carriers: z.array(z.string()),
  parents: z.array(z.string()),
  /** Where other nodes reach it: its supervisor, and its media workers in their order. */
  host: z.string(),
  linkPort: z.number().int(),
  relayPorts: z.array(z.number().int()),
  /** Where people reach it. */
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
  /** Nodes of before do not say it. */
  crowds: z.array(popularitySchema).max(MAX_POPULAR_STREAMS).default([]),
});

export type Beat = z.infer<typeof beatSchema>;
/** What a node says of itself, besides which beat it is. */
export type Self = Omit<Beat, "instance" | "startedAt" | "at" | "count">;
export type NodeLink = z.infer<typeof linkSchema>;
export type NodeState = "up" | "draining" | "gone";
export type Member = Beat & {
  readonly state: NodeState;
  /** Its clock minus ours, milliseconds. */
  readonly clockSkewMs: number;
};

export type MembershipEvents = {
  /** A node has come, has gone, or can do something else than before. */
  readonly changed: (member: Member) => void;
  /** Another node has this one's name, and keeps it. */
  readonly usurped: () => void;
};

const BEAT_MS = 1000;
/** Whoever has the name already says so within this. */
const LISTEN_MS = 1200;
/** A node that has said so often that it is there did not just begin. */
const SETTLED_BEATS = 5;
const GONE_AFTER_MS = 3000;
/** A node that is gone is remembered for so long. */
const REMEMBER_MS = 600_000;
/** Beyond what a beat may take on its way. */
export const SKEW_MS = 2000;
const SUBJECT = "lectern.nodes";

type Known = { beat: Beat; heardAt: number; up: boolean; skewMs: number; skewed: boolean };

export class Membership {
  private readonly bus: Bus;
  private readonly self: () => Self;
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
  /** Since when others can be heard, monotonic milliseconds. */
  private listensSince: number;

  constructor(bus: Bus, self: () => Self, instance: string, clock: Clock, log: Logger, events: MembershipEvents) {
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
      // Nobody could be heard meanwhile.
      this.listensSince = clock.monotonic();
      for (const other of this.known.values()) other.heardAt = this.listensSince;
      // Others may have taken this node for gone: they hear of it before they hear what it has decided meanwhile.
      if (this.joined) this.announce();
    });
  }

  /** Listens for a moment whether another node has this one's name, and then says that it is there. */
  start(): void {
    this.cancel = this.clock.after(LISTEN_MS, () => this.tick());
  }

  /** Says at once what has changed, and does not wait for the next second. */
  announce(): void {
    this.own = this.beat();
    this.bus.publish(SUBJECT, JSON.stringify(this.own));
  }

  /** Says nothing more. */
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

  /** False for whom this node takes for gone: not for those that it has not listened for long enough to have heard. */
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
        this.log.warn({ node: id }, "a node is gone");
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
    if (!before?.up) this.log.info({ node: beat.id, roles: beat.roles, version: beat.version }, "a node is here");
    if (skewed && !before?.skewed) this.log.warn({ node: beat.id, skewMs }, "a node's clock is wrong, or this one's is");
    if (!before?.up || isAnother(before.beat, beat)) this.events.changed(memberOf(known));
  }

  /** Another node has the same name. Whoever came later has to go; where that cannot be said any more, either. */
  private meet(other: Beat): void {
    this.log.error({ node: other.id, host: other.host, http: other.http }, "another node has the same name");
    if (!this.joined || (other.count > SETTLED_BEATS && other.instance < this.instance)) this.events.usurped();
    else this.announce();
  }
}

function memberOf({ beat, up, skewMs }: Known): Member {
  return { ...beat, state: !up ? "gone" : beat.draining ? "draining" : "up", clockSkewMs: Math.round(skewMs) };
}

/** A beat that was recorded and is played again. */
function isOlder(beat: Beat, than: Beat): boolean {
  return beat.instance === than.instance ? beat.count <= than.count : beat.startedAt < than.startedAt;
}

/** Whether others have to do something differently. */
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

/** What a node does: no roles means all. */
export function has({ roles }: { readonly roles: readonly Role[] }, role: Role): boolean {
  return roles.length === 0 || roles.includes(role);
}

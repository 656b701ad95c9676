/**
 * Adds up the signs of this node's workers, decides on measures, tells all workers of this node about measures of all nodes, and shares its own with the
 * other nodes.
 */
import { AddressPoints } from "../../access/protection/address-points.ts";
import {
  type AbuseSignalMessages,
  type BlockedAddress,
  COUNTERMEASURES,
  type CountermeasureInForce,
  type CountermeasureMessages,
  type ProtectionCalls,
  type ProtectionNodeMessages,
  type Release,
} from "../../access/protection/protection-messages.ts";
import type { Member } from "../../network/membership.ts";
import type { MetricValues } from "../../operations/stream-metrics.ts";
import { systemClock } from "../../platform/clock.ts";
import type { Config } from "../../platform/config/schema.ts";
import type { Logger } from "../../platform/log.ts";
import { LogThrottle } from "../../platform/log-throttle.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { CountermeasureSharing } from "../cluster/countermeasure-sharing.ts";
import type { NodeMethods } from "./messages.ts";
import type { Workers } from "./workers.ts";

export type ProtectionHandlersOptions = {
  readonly config: () => Config;
  readonly log: Logger;
  readonly workers: Workers;
  readonly cluster: Pick<Cluster<NodeMethods>, "self" | "tell" | "tellOthers">;
};

/** Measures in one message to a worker: well below a millisecond. */
const MAX_AT_ONCE = 500;
type Parameter = Parameters<CountermeasureMessages["measures"]>[0];

export class ProtectionHandlers {
  private readonly options: ProtectionHandlersOptions;
  private readonly points: AddressPoints;
  private readonly sharing: CountermeasureSharing;
  private readonly throttle: LogThrottle;
  private readonly begun = { slow: 0, challenge: 0, refuse: 0 };
  /** Changes since the workers were last told. */
  private changed: BlockedAddress[] = [];
  private isEnforced: boolean;

  constructor(options: ProtectionHandlersOptions) {
    this.options = options;
    const { config, log, cluster } = options;
    this.isEnforced = config().protection.mode === "enforce";
    this.throttle = new LogThrottle(systemClock, (count) => log.warn({ count }, "countermeasure log lines suppressed"));
    this.points = new AddressPoints({
      node: cluster.self,
      mode: () => config().protection.mode,
      now: systemClock.utc,
      onBlocked: (held, before) => this.held(held, before),
      onEnded: (held) => this.ended(held),
    });
    this.sharing = new CountermeasureSharing({
      self: cluster.self,
      own: () => this.points.held,
      now: systemClock.utc,
      send: (node, update) => cluster.tell(node, "heldAddresses", update),
      sendAll: (update) => cluster.tellOthers("heldAddresses", update),
    });
  }

  handlers(): AbuseSignalMessages & ProtectionCalls {
    return {
      abuseSignalsSeen: (report) => this.points.add(report),
      protectionState: async () => ({ held: [...this.points.held, ...this.sharing.others], ended: this.points.ended }),
      releaseAddress: (release) => {
        this.release(release);
        this.options.cluster.tellOthers("releaseAddress", release);
      },
    };
  }

  nodeHandlers(): ProtectionNodeMessages {
    return {
      heldAddresses: (update) => {
        this.changed.push(...this.sharing.take(update));
        this.tellWorkers();
      },
      releaseAddress: (release) => this.release(release),
    };
  }

  /** Measures of all nodes. */
  get inForce(): readonly CountermeasureInForce[] {
    const owners = new Set([...this.points.held, ...this.sharing.others].map(({ owner }) => owner));
    return [...owners].flatMap((owner) => this.strongest(owner) ?? []);
  }

  /** Repeats what has changed while a worker started. */
  workerStarted(name: string): void {
    const channel = this.options.workers.channel(name);
    for (const update of this.all()) channel?.tell("measures", update);
  }

  memberChanged(member: Member): void {
    this.sharing.memberChanged(member);
  }

  /** To be called each second. */
  poll(): void {
    this.points.sweep();
    this.sharing.poll();
    const isEnforced = this.options.config().protection.mode === "enforce";
    if (isEnforced === this.isEnforced) return this.tellWorkers();
    this.isEnforced = isEnforced;
    this.changed = [];
    for (const update of this.all()) this.options.workers.tell("measures", update);
  }

  async metrics(): Promise<MetricValues> {
    const { protectionMetrics } = await import("../../operations/protection-metrics.ts");
    return await protectionMetrics(this.points.held, this.begun);
  }

  private release(release: Release): void {
    this.options.log.info({ ip: release.owner, until: new Date(release.until).toISOString() }, "address unblocked");
    this.points.release(release);
    this.changed.push(...this.sharing.release(release.owner));
    this.tellWorkers();
  }

  private held(held: BlockedAddress, before: BlockedAddress | null): void {
    this.changed.push(held);
    this.sharing.changed(held);
    const isNew = before?.measure !== held.measure || before.isTrial !== held.isTrial;
    if (!isNew) return;
    this.begun[held.measure]++;
    const { owner: ip, measure, points, because, about, until, isTrial } = held;
    const signs = because.map((of) => `${of.sign} ${of.points}`).join(", ");
    if (this.throttle.allow())
      this.options.log.warn(
        { ip, measure, points, signs, about, until: new Date(until).toISOString(), isTrial },
        isTrial ? "address would be held for abuse" : "address held for abuse",
      );
  }

  private ended(held: BlockedAddress): void {
    this.changed.push(held);
    this.sharing.changed(held);
    if (this.throttle.allow())
      this.options.log.info({ ip: held.owner, measure: held.measure }, "countermeasure against address ended");
  }

  /** One address may be held by several nodes: the strongest measure counts, and of those the longest. */
  private tellWorkers(): void {
    const { changed } = this;
    if (changed.length === 0) return;
    this.changed = [];
    const owners = [...new Set(changed.map(({ owner }) => owner))];
    const held = owners.map((owner) => this.strongest(owner) ?? { owner, measure: "slow" as const, until: 0 });
    for (const update of inPieces(held, false)) this.options.workers.tell("measures", update);
  }

  private strongest(owner: string): CountermeasureInForce | null {
    if (!this.isEnforced) return null;
    const of = [this.points.blockOf(owner), ...this.sharing.othersOf(owner)].filter((one) => one !== null && !one.isTrial);
    const strongest = of.reduce<BlockedAddress | null>(
      (best, one) => (best === null || (one && isStronger(one, best)) ? one : best),
      null,
    );
    return strongest && { owner, measure: strongest.measure, until: strongest.until };
  }

  private all(): readonly Parameter[] {
    return inPieces(this.inForce, true);
  }
}

function isStronger(a: BlockedAddress, b: BlockedAddress): boolean {
  const by = COUNTERMEASURES.indexOf(a.measure) - COUNTERMEASURES.indexOf(b.measure);
  return by > 0 || (by === 0 && a.until > b.until);
}

function inPieces(held: Parameter["held"], replaces: boolean): readonly Parameter[] {
  const pieces: Parameter[] = [];
  for (let i = 0; i === 0 || i < held.length; i += MAX_AT_ONCE)
    pieces.push({ held: held.slice(i, i + MAX_AT_ONCE), replaces: replaces && i === 0 });
  return pieces;
}

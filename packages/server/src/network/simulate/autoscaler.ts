/**
 * Starts and drains nodes of a simulated fleet as the program wants them (`network/scaling`): what an autoscaler does with real ones, which take a while
 * to start and to drain.
 */
import { type ScalingSettings, scalingSchema } from "../../platform/config/scaling-schema.ts";
import { type Expectation, WantedNodes } from "../scaling/wanted-nodes.ts";
import type { Node } from "./fleet.ts";
import type { Result } from "./result.ts";
import type { Scenario } from "./scenario.ts";

/** The program decides as often (`node/processes/capacity-watch.ts`). */
const DECIDE_MS = 5000;
const HOUR_MS = 3_600_000;

type Hooks = {
  /** Calls after so many milliseconds. */
  readonly later: (milliseconds: number, act: () => void) => void;
  /** Moves the viewers of a node to other nodes. */
  readonly empty: (node: Node) => void;
};

export class Autoscaler {
  private readonly scaling: NonNullable<Scenario["scaling"]>;
  private readonly arrivals: Scenario["arrivals"];
  private readonly come: readonly number[];
  private readonly nodes: readonly Node[];
  private readonly hooks: Hooks;
  private readonly settings: ScalingSettings;
  private readonly decision: WantedNodes;
  private readonly starting = new Set<Node>();
  private nodeMs = 0;
  private most = 0;

  /**
   * @param nodes all of the fleet, in the order in which it starts them
   * @param come how many viewers of each group of arrivals have come so far
   */
  constructor(
    scaling: NonNullable<Scenario["scaling"]>,
    { fleet, arrivals }: Scenario,
    nodes: readonly Node[],
    come: readonly number[],
    hooks: Hooks,
  ) {
    const scaled = fleet.filter(({ min }) => min !== undefined).map(({ name }) => name);
    this.scaling = scaling;
    this.arrivals = arrivals;
    this.come = come;
    this.nodes = nodes.filter(({ beat: { id } }) => scaled.some((name) => id.startsWith(`${name}-`)));
    this.hooks = hooks;
    this.settings = scalingSchema.parse({ ...scaling.settings, groups: groupsOf(fleet) });
    this.decision = new WantedNodes(() => this.settings);
  }

  /** To be called at each step. */
  step(now: number, stepMs: number): void {
    const running = this.nodes.filter(({ up }) => up).length + this.starting.size;
    this.nodeMs += running * stepMs;
    this.most = Math.max(this.most, running);
    if (now % DECIDE_MS !== 0) return;
    const expected = this.expected(now);
    for (const { role, region, wanted, surplus } of this.decision.take(now, this.nodes.map(sizeOf), expected)) {
      if (role !== "edge") continue;
      const own = this.nodes.filter(({ beat }) => beat.region === region);
      const there = own.filter((node) => (node.up && !node.beat.draining) || this.starting.has(node)).length;
      const idle = own.filter((node) => !node.up && !this.starting.has(node));
      for (const node of idle.slice(0, Math.max(0, wanted - there))) this.start(node);
      for (const id of surplus) this.stop(own.find(({ beat }) => beat.id === id));
    }
  }

  /** @param moved viewers who moved from nodes that were drained */
  usage(endMs: number, moved: number): NonNullable<Result["scaled"]> {
    return { nodeHours: this.nodeMs / HOUR_MS, fixedHours: (this.most * endMs) / HOUR_MS, most: this.most, moved };
  }

  /** People of the timetable who come soon, or are on their way. */
  private expected(now: number): Expectation {
    const until = now + this.settings.leadMinutes * 60_000;
    const soon = this.arrivals.map(({ at, viewers, planned, mbps }, i) => {
      const people = planned && at * 1000 < until ? viewers - (this.come[i] ?? 0) : 0;
      return { people, mbps: people * mbps };
    });
    const people = soon.reduce((sum, group) => sum + group.people, 0);
    return { people, mbps: people > 0 ? soon.reduce((sum, group) => sum + group.mbps, 0) / people : 0 };
  }

  private start(node: Node): void {
    this.starting.add(node);
    this.hooks.later(this.scaling.startSeconds * 1000, () => {
      this.starting.delete(node);
      node.up = true;
    });
  }

  private stop(node: Node | undefined): void {
    if (!node) return;
    node.beat.draining = true;
    this.hooks.empty(node);
    this.hooks.later(this.scaling.drainSeconds * 1000, () => {
      node.up = false;
      node.beat.draining = false;
    });
  }
}

/** Limits by region, of the fleets that have a `min`. */
function groupsOf(fleet: Scenario["fleet"]): readonly { role: "edge"; region: string; min: number; max: number }[] {
  const scaled = Map.groupBy(
    fleet.filter(({ min }) => min !== undefined),
    ({ region }) => region,
  );
  return [...scaled].map(([region, fleets]) => ({
    role: "edge",
    region,
    min: fleets.reduce((sum, { min = 0 }) => sum + min, 0),
    max: fleets.reduce((sum, { count }) => sum + count, 0),
  }));
}

function sizeOf({ beat, up, mbps, connections }: Node) {
  const state = up ? (beat.draining ? ("draining" as const) : ("up" as const)) : ("gone" as const);
  return { ...beat, usedMbps: mbps, connections, state };
}

/** Sums up the nodes of each region for the fleet's map. */
import { loadLevel, loadOf, type NodeFigures } from "./node-order.ts";

export type FleetNode = NodeFigures & { readonly state: "up" | "draining" | "gone" };

export type RegionLoad = {
  readonly region: string;
  readonly up: number;
  readonly all: number;
  /** Of its most loaded node that is up. */
  readonly load: number;
  readonly level: "good" | "busy" | "bad";
};

/** Bad: a node is unreachable or full. Busy: one is busy or being drained. */
export function regionLoads(nodes: readonly FleetNode[]): readonly RegionLoad[] {
  return [...Map.groupBy(nodes, ({ region }) => region)].map(([region, members]) => {
    const working = members.filter(({ state }) => state !== "gone");
    const load = Math.max(0, ...working.map(loadOf));
    const rating = loadLevel(load);
    const isBad = rating === "full" || working.length < members.length;
    const isBusy = rating === "busy" || members.some(({ state }) => state === "draining");
    return { region, up: working.length, all: members.length, load, level: isBad ? "bad" : isBusy ? "busy" : "good" };
  });
}

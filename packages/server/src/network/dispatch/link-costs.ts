/** Defines what a link between a client and a node costs, in milliseconds, and the reason in plain words. */
import { type ClientLocation, UNKNOWN } from "./client-location.ts";
import type { DispatchNode } from "./node-usage.ts";

/** Milliseconds by which a link is worse. */
export type Costs = {
  /** The node has lines of other carriers only. */
  readonly otherCarrier: number;
  readonly otherRegion: number;
  /** Instead of those, between two carriers or two regions, in either direction. */
  readonly pairs: readonly { readonly from: string; readonly to: string; readonly cost: number }[];
};

/** feed: loss on the node's best upstream link. */
export type CostParts = Readonly<Record<"carrier" | "region" | "feed", number>>;

/** The cost is the sum of its parts. @param feed of the node */
export function costParts(node: DispatchNode, feed: number, location: ClientLocation, costs: Costs): CostParts {
  return { carrier: carrierCost(node, location, costs), region: regionCost(node, location, costs), feed };
}

/** A node without carriers has lines of all. */
function carrierCost({ carriers }: DispatchNode, { carrier }: ClientLocation, costs: Costs): number {
  if (carrier === UNKNOWN || carriers.length === 0 || carriers.includes(carrier)) return 0;
  return Math.min(...carriers.map((other) => pairCost(costs, carrier, other) ?? costs.otherCarrier));
}

function regionCost({ region }: DispatchNode, { region: from }: ClientLocation, costs: Costs): number {
  if (from === UNKNOWN || region === from) return 0;
  return pairCost(costs, from, region) ?? costs.otherRegion;
}

function pairCost({ pairs }: Costs, a: string, b: string): number | undefined {
  return pairs.find(({ from, to }) => (from === a && to === b) || (from === b && to === a))?.cost;
}

/** Why a node is near, or that none is nearer. */
export function reasonOf({ carriers, region }: DispatchNode, location: ClientLocation): string {
  const carrier =
    location.carrier === UNKNOWN
      ? "your carrier is not known"
      : carriers.length === 0
        ? "it has lines of all carriers"
        : carriers.includes(location.carrier)
          ? `it is on your carrier, ${location.carrier}`
          : `no node of your carrier, ${location.carrier}, is better`;
  const where =
    location.region === UNKNOWN
      ? "your region is not known"
      : region === location.region
        ? `it is in your region, ${region}`
        : `no node in your region, ${location.region}, is better`;
  return `${carrier}; ${where}`;
}

/** Groups, sorts and rates the nodes of a cluster for the page of nodes. */

export type NodeFigures = {
  readonly id: string;
  readonly region: string;
  readonly carriers: readonly string[];
  readonly usedMbps: number;
  readonly capacityMbps: number;
  readonly connections: number;
  readonly maxConnections: number;
};

/** The thresholds of dispatch. */
const BUSY_ABOVE = 0.7;
const FULL_ABOVE = 0.95;

/** Regions by name; within each, nodes by carrier and then by id. */
export function byRegion<Node extends NodeFigures>(nodes: readonly Node[]): readonly (readonly [string, readonly Node[]])[] {
  const byCarrier = (a: Node, b: Node) => a.carriers.join().localeCompare(b.carriers.join()) || a.id.localeCompare(b.id);
  return [...Map.groupBy(nodes, ({ region }) => region)]
    .map(([region, members]) => [region, members.toSorted(byCarrier)] as const)
    .toSorted(([a], [b]) => a.localeCompare(b));
}

/** 0 to 1, and above when a limit is exceeded: the larger share of bandwidth and connections. */
export function loadOf({ usedMbps, capacityMbps, connections, maxConnections }: NodeFigures): number {
  return Math.max(usedMbps / capacityMbps, connections / maxConnections);
}

export function loadLevel(load: number): "normal" | "busy" | "full" {
  if (load > FULL_ABOVE) return "full";
  return load > BUSY_ABOVE ? "busy" : "normal";
}

type Linked = { readonly links: readonly { readonly to: string }[] };

/** The rows and columns of the link matrix: nodes that fetch, and the nodes that they fetch from. */
export function matrixOf<Node extends Linked>(nodes: readonly Node[]): { rows: readonly Node[]; columns: readonly string[] } {
  const rows = nodes.filter(({ links }) => links.length > 0);
  return { rows, columns: [...new Set(rows.flatMap(({ links }) => links.map(({ to }) => to)))].sort() };
}

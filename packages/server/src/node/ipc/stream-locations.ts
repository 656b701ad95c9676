/** Announces to the processes of this node where streams can be followed, and announces it again when nodes or measured paths change. */
import { nodeOf, peerOf, type StreamKey } from "../../live/relay/registry/stream-table-entry.ts";
import type { Located } from "../../live/relay/registry/writer-messages.ts";
import type { Member } from "../../network/membership.ts";
import { measuredLinks } from "../../network/topology.ts";
import type { NodeContext } from "./node-context.ts";

export class StreamLocations {
  private readonly context: NodeContext;
  private readonly parents: () => readonly string[];
  /** The measurements of paths at the last announcement. */
  private measured = "";

  /** @param parents nodes that this edge fetches from by configuration */
  constructor(context: NodeContext, parents: () => readonly string[]) {
    this.context = context;
    this.parents = parents;
  }

  /** All live streams, as one process of this node follows them. */
  all(process: string): Located[] {
    return this.context.registry.keys().map((of) => this.located(process, of));
  }

  announce(of: StreamKey): void {
    const { workers, control } = this.context;
    for (const name of workers.names) workers.channel(name)?.tell("located", this.located(name, of));
    control().tell("located", this.located("control", of));
  }

  /** Announces the streams that were fetched from a node, or could be now. */
  memberChanged({ id }: Member): void {
    const { registry } = this.context;
    for (const of of registry.keys()) {
      const entry = registry.entry(of.app, of.name);
      const isSource = entry?.origins.includes(id) || (entry?.writer && nodeOf(entry.writer) === id);
      if (isSource || this.parents().includes(id)) this.announce(of);
    }
  }

  /** Announces all streams when the measured paths between nodes have changed: another source may be nearer now. */
  pathsMeasured([self, ...others]: readonly Member[]): void {
    const measured = self ? measuredLinks(self, others) : "";
    if (measured !== this.measured) for (const of of this.context.registry.keys()) this.announce(of);
    this.measured = measured;
  }

  private located(process: string, of: StreamKey): Located {
    const { registry, cluster } = this.context;
    return { app: of.app, name: of.name, location: registry.locate(peerOf(cluster.self, process), of.app, of.name) };
  }
}

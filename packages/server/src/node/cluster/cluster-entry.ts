/**
 * Decides whether this node has joined its cluster, and why not: the bus was never reached, or `cluster.secret` is not that of the other nodes. Also
 * remembers nodes whose heartbeats are signed with another secret.
 */
import type { ComponentSample } from "../../contracts/monitoring/node-sample.ts";

/** Why a node serves nobody yet. */
export type Impediment = "bus" | "secret";

/** A node with another secret sends heartbeats each second. */
const HEARD_WITHIN_MS = 10_000;
/** Names that are remembered: anybody who can write to the bus can make them up. */
const MAX_STRANGERS = 16;
const NAME = /^[\w.-]{1,64}$/;

export class ClusterEntry {
  private readonly now: () => number;
  private readonly onStranger: (node: string) => void;
  private readonly strangers = new Map<string, number>();
  private wasConnected = false;

  /**
   * @param now monotonic milliseconds
   * @param onStranger a node with another secret was heard for the first time, or again after a pause
   */
  constructor(now: () => number, onStranger: (node: string) => void) {
    this.now = now;
    this.onStranger = onStranger;
  }

  connected(): void {
    this.wasConnected = true;
  }

  /** A heartbeat that is not signed with this node's secret. */
  heardForeign(beat: string): void {
    const node = nameIn(beat);
    if (node === null) return;
    const isNew = !this.others().includes(node);
    if (isNew && this.strangers.size >= MAX_STRANGERS) return;
    this.strangers.set(node, this.now());
    if (isNew) this.onStranger(node);
  }

  /** Nodes with another secret. */
  others(): string[] {
    for (const [node, at] of this.strangers) if (this.now() - at > HEARD_WITHIN_MS) this.strangers.delete(node);
    return [...this.strangers.keys()];
  }

  /**
   * A node that hears others with another secret alone is the one that is wrong, since its own is nobody's. One that has the control process
   * could also be the only right one of two.
   */
  impediment({ hasPeers, hasControl }: { readonly hasPeers: boolean; readonly hasControl: boolean }): Impediment | null {
    if (!this.wasConnected) return "bus";
    return !hasPeers && this.others().length > (hasControl ? 1 : 0) ? "secret" : null;
  }

  component(impediment: Impediment | null): ComponentSample {
    const others = this.others().join(", ");
    const detail =
      impediment === "secret"
        ? `Its cluster.secret is not that of ${others}.`
        : others === ""
          ? ""
          : `Nodes with another cluster.secret: ${others}.`;
    const state = impediment === "secret" ? "down" : others === "" ? "up" : "degraded";
    return { name: "cluster secret", state, latencyMs: null, detail };
  }
}

function nameIn(beat: string): string | null {
  try {
    const { id }: { id?: unknown } = JSON.parse(beat) ?? {};
    return typeof id === "string" && NAME.test(id) ? id : null;
  } catch {
    return null;
  }
}

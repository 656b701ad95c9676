/** Remembers what the viewers of this node's HLS sessions told when they were admitted, for its workers and for other nodes (`access/back-end/`). */
import type { SharedFacts } from "../../access/back-end/back-end-question.ts";
import type { SessionFactMessages, SessionFactNodeMessages } from "../../access/back-end/session-messages.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { NodeMethods } from "./messages.ts";

/** More than a node has viewers of lessons whose rules ask back ends. */
const MAX_SESSIONS = 100_000;
/** A viewer waits for the answers of other nodes. */
const NODES_WITHIN_MS = 1000;

export class SessionFactHandlers {
  private readonly cluster: Pick<Cluster<NodeMethods>, "self" | "members" | "call">;
  private readonly known = new Map<number, SharedFacts>();

  constructor(cluster: SessionFactHandlers["cluster"]) {
    this.cluster = cluster;
  }

  handlers(): SessionFactMessages {
    return {
      noteSession: ({ session, told }) => {
        this.known.set(session, told);
        const oldest = this.known.size > MAX_SESSIONS ? this.known.keys().next().value : undefined;
        if (oldest !== undefined) this.known.delete(oldest);
      },
      sessionFacts: async ({ session }) => this.known.get(session) ?? (await this.askNodes(session)),
    };
  }

  nodeHandlers(): SessionFactNodeMessages {
    return { sessionFacts: ({ session }) => this.known.get(session) ?? null };
  }

  /** The first answer that knows the session counts. */
  private async askNodes(session: number): Promise<SharedFacts | null> {
    const { cluster } = this;
    const others = cluster.members().filter(({ id, state }) => id !== cluster.self && state !== "gone");
    const found = others.map(async ({ id }) => {
      const told = await cluster.call(id, "sessionFacts", { session }, NODES_WITHIN_MS);
      return told ?? Promise.reject(new Error("it does not know the session"));
    });
    return await Promise.any(found).catch(() => null);
  }
}

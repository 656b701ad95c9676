/**
 * Delivers changed policies to the other nodes. A node acknowledges each change; without an answer it is sent again, until a newer change
 * replaces it or the node is gone. A node that comes back asks for all policies again.
 */
import type { PolicyChanges, PolicyUpdates } from "../../access/policies/policy-messages.ts";

type Updates = PolicyUpdates & PolicyChanges;

export type PolicyDeliveryOptions = {
  /** The other nodes that are not gone. */
  readonly nodes: () => readonly string[];
  readonly call: <N extends keyof Updates>(node: string, method: N, update: Parameters<Updates[N]>[0]) => Promise<unknown>;
  readonly retryMs?: number;
};

type Send = (node: string) => Promise<unknown>;

const RETRY_MS = 300;

export class PolicyDelivery {
  private readonly options: PolicyDeliveryOptions;
  /** The newest change of each subject that a node has not acknowledged. */
  private readonly pending = new Map<string, Send>();
  private readonly working = new Set<string>();

  constructor(options: PolicyDeliveryOptions) {
    this.options = options;
  }

  /** @param subject what the update is about: a newer update of the same subject replaces it */
  deliver<N extends keyof Updates>(method: N, subject: string, update: Parameters<Updates[N]>[0]): void {
    for (const node of this.options.nodes()) {
      const key = `${node} ${method} ${subject}`;
      this.pending.set(key, (to) => this.options.call(to, method, update));
      if (!this.working.has(key)) void this.work(key, node);
    }
  }

  private async work(key: string, node: string): Promise<void> {
    this.working.add(key);
    for (;;) {
      const send = this.pending.get(key);
      if (!send || !this.options.nodes().includes(node)) break;
      const isDone = await send(node).then(
        () => true,
        () => false,
      );
      if (isDone && this.pending.get(key) === send) break;
      if (!isDone) await new Promise((resolve) => setTimeout(resolve, this.options.retryMs ?? RETRY_MS).unref());
    }
    this.pending.delete(key);
    this.working.delete(key);
  }
}

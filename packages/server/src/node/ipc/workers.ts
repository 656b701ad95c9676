/** Provides the media workers of this node as the supervisor calls them. */
import { PeerGone } from "../../live/relay/registry/registry-peers.ts";
import type { RpcChannel } from "../../platform/rpc-channel.ts";
import type { ChildProcess } from "./child-process.ts";
import type { WorkerMethods } from "./messages.ts";

type Parameter<N extends keyof WorkerMethods> = Parameters<WorkerMethods[N]>[0];
type Result<N extends keyof WorkerMethods> = Awaited<ReturnType<WorkerMethods[N]>>;

export class Workers {
  private readonly processes = new Map<string, ChildProcess<WorkerMethods>>();

  add(name: string, process: ChildProcess<WorkerMethods>): void {
    this.processes.set(name, process);
  }

  get size(): number {
    return this.processes.size;
  }

  get names(): readonly string[] {
    return [...this.processes.keys()];
  }

  get all(): readonly ChildProcess<WorkerMethods>[] {
    return [...this.processes.values()];
  }

  channel(name: string): RpcChannel<WorkerMethods> | null {
    return this.processes.get(name)?.channel ?? null;
  }

  /** @throws PeerGone when this node has no worker of that name */
  ofPeer(peer: string): RpcChannel<WorkerMethods> {
    const channel = this.channel(peer.slice(peer.indexOf("/") + 1));
    if (!channel) throw new PeerGone(`there is no worker ${peer}`);
    return channel;
  }

  tell<N extends keyof WorkerMethods>(method: N, parameter: Parameter<N>): void {
    for (const { channel } of this.processes.values()) channel.tell(method, parameter);
  }

  /** Calls all workers. Returns the answers of those that gave one. */
  async askAll<N extends keyof WorkerMethods>(method: N, parameter: Parameter<N>, withinMs?: number): Promise<Result<N>[]> {
    const answers = await Promise.allSettled(this.all.map(({ channel }) => channel.call(method, parameter, withinMs)));
    return answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
  }
}

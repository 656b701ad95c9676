/** A worker's directory of streams: it asks the supervisor for terms, and remembers what the supervisor says is live. */
import type { Claim, ClaimOptions, Location, Occupancy, StreamLocator } from "../../live/streams/index.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { RpcChannel } from "../../platform/rpc-channel.ts";
import type { Located, SupervisorMethods } from "./messages.ts";

export class RemoteStreamLocator implements StreamLocator {
  readonly self: string;
  private readonly supervisor: RpcChannel<SupervisorMethods>;
  private readonly locations = new Map<string, Location>();

  /** @param self as processes of other nodes call this one: `NODE/WORKER` */
  constructor(self: string, supervisor: RpcChannel<SupervisorMethods>) {
    this.self = self;
    this.supervisor = supervisor;
  }

  /** There is news of a stream. */
  take({ app, name, location }: Located): void {
    if (location) this.locations.set(`${app}/${name}`, location);
    else this.locations.delete(`${app}/${name}`);
  }

  locate(app: string, name: string): Location | null {
    return this.locations.get(`${app}/${name}`) ?? null;
  }

  occupied(app: string, name: string, silentMs: number | null): Promise<Occupancy> {
    return this.supervisor.call("occupied", { app, name, silentMs });
  }

  async claim(app: string, name: string, fresh: boolean, manner: ClaimOptions): Promise<Claim | Refusal> {
    const answer = await this.supervisor.call("claim", { app, name, fresh, manner });
    return "claim" in answer ? answer.claim : new Refusal(answer.refused.code, answer.refused.message);
  }

  keeps(app: string, name: string, epoch: string): void {
    this.supervisor.tell("keeps", { app, name, epoch });
  }

  drops(app: string, name: string, epoch: string): void {
    this.supervisor.tell("drops", { app, name, epoch });
  }

  ended(app: string, name: string, epoch: string): void {
    this.supervisor.tell("ended", { app, name, epoch });
  }
}

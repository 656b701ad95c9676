/** Locates streams for a media worker: it sends claims to the supervisor's registry, and caches the locations that the registry announces. */

import { Refusal } from "../../../platform/refusal.ts";
import type { RpcChannel } from "../../../platform/rpc-channel.ts";
import type { Claim, ClaimOptions, Location, Occupancy, StreamLocator } from "../../streams/index.ts";
import type { Located, RegistryMessages } from "./writer-messages.ts";

export class RemoteStreamLocator implements StreamLocator {
  readonly self: string;
  private readonly registry: RpcChannel<RegistryMessages>;
  private readonly locations = new Map<string, Location>();

  /** @param self the worker's name between nodes: `NODE/WORKER` */
  constructor(self: string, registry: RpcChannel<RegistryMessages>) {
    this.self = self;
    this.registry = registry;
  }

  /** Stores an announced location. */
  take({ app, name, location }: Located): void {
    if (location) this.locations.set(`${app}/${name}`, location);
    else this.locations.delete(`${app}/${name}`);
  }

  locate(app: string, name: string): Location | null {
    return this.locations.get(`${app}/${name}`) ?? null;
  }

  occupied(app: string, name: string, silentMs: number | null): Promise<Occupancy> {
    return this.registry.call("occupied", { app, name, silentMs });
  }

  async claim(app: string, name: string, fresh: boolean, options: ClaimOptions): Promise<Claim | Refusal> {
    const answer = await this.registry.call("claim", { app, name, fresh, options });
    return "claim" in answer ? answer.claim : new Refusal(answer.refused.code, answer.refused.message);
  }

  keeps(app: string, name: string, epoch: string): void {
    this.registry.tell("copyAdded", { app, name, epoch });
  }

  drops(app: string, name: string, epoch: string): void {
    this.registry.tell("copyRemoved", { app, name, epoch });
  }

  ended(app: string, name: string, epoch: string): void {
    this.registry.tell("ended", { app, name, epoch });
  }
}

/** Queues the event `capacity.wanted` for the webhooks of the platform: how many nodes of a role and region there should be has changed. */

import type { Changes } from "../../foundation/store/change.ts";
import { SYSTEM } from "../../foundation/store/requester.ts";

/** The data of the event. */
export type WantedCapacity = {
  readonly role: string;
  readonly region: string;
  readonly nodes: number;
  readonly wanted: number;
  readonly reason: string;
  readonly surplus: readonly string[];
};

export async function announceCapacity(changes: Changes, groups: readonly WantedCapacity[]): Promise<void> {
  await changes.transact(SYSTEM, async (change) => {
    for (const { role, region, nodes, wanted, reason, surplus } of groups)
      await change.emit("capacity.wanted", null, { role, region, nodes, wanted, reason, surplus });
    return { body: null };
  });
}

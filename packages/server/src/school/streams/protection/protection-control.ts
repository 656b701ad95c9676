/** Defines what the school needs from the service's protection of itself. The node supplies it. */
import type { ProtectionMode } from "../../../access/protection/address-points.ts";
import type { ProtectionState, Release } from "../../../access/protection/protection-messages.ts";

export type ProtectionControl = {
  readonly mode: () => ProtectionMode;
  /** The measures of all nodes. */
  readonly state: () => Promise<ProtectionState>;
  /** Ends the measures against an address, on all nodes. */
  readonly release: (release: Release) => void;
};

/** Says on whose behalf a change is made, and which idempotency key came with the request. */
import type { Actor } from "../../../access/actor.ts";

export type Requester = {
  readonly actor: Actor;
  readonly idempotencyKey?: string | null;
  /** Identifies the content of the request; a repeated idempotency key must come with the same one. */
  readonly fingerprint?: string;
};

/** The server itself: changes that no request caused. */
export const SYSTEM: Requester = {
  actor: { kind: "token", id: null, name: "lectern", role: "operator", schoolId: null, scopes: null, ip: "" },
};

/** The namespace of a requester's idempotency keys. Strangers have no id, so their address separates them. */
export function requesterKey({ kind, id, ip }: Actor): string {
  return kind === "nobody" ? `nobody ${ip}` : `${kind} ${id ?? ""}`;
}

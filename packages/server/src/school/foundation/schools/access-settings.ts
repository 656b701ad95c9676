/** Guards the settings of a school by which administrators could be shut out, or the traces of a change lost. */
import { type Actor, missingScopes, SCOPES } from "../../../access/actor.ts";
import { AddressSet } from "../../../platform/address.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { schoolText } from "../messages/school-texts.ts";
import type { ChangedSchool } from "./shapes.ts";

const SETTINGS: readonly (keyof ChangedSchool)[] = [
  "adminNetworks",
  "passwordSignIn",
  "secondFactor",
  "idleMinutes",
  "slug",
  "keepAuditDays",
  "scimAdministrators",
];

/**
 * An API key needs every scope of an administrator, as it does to change an administrator's account; and nobody but an operator takes the own
 * address out of the networks that administrators come from.
 * @throws RefusalError refused-by-rule, conflict
 */
export function checkAccessSettings(actor: Actor, body: ChangedSchool): void {
  if (SETTINGS.every((setting) => body[setting] === undefined)) return;
  const missing = missingScopes(actor, SCOPES);
  if (missing.length > 0) throw new RefusalError("refused-by-rule", schoolText("key-sets-access", { scopes: missing.join(", ") }));
  const { adminNetworks = [] } = body;
  const isShutOut = adminNetworks.length > 0 && !new AddressSet(adminNetworks).has(actor.ip);
  if (isShutOut && actor.role !== "operator")
    throw new RefusalError("conflict", schoolText("own-network-missing", { ip: actor.ip }));
}

/** Decides whose accounts a directory may make and change: those of everybody but administrators, unless the school has allowed that. */
import type { Actor, Role } from "../../../access/actor.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { scimText } from "../../foundation/messages/scim-texts.ts";
import type { School } from "../../foundation/store/tables.ts";
import { scopesMissingFor } from "../../people/accounts/account-rights.ts";

/**
 * Call it with every role that the account has, before and after. A key with the scope `scim` alone acts for the directory; one with every scope of an
 * administrator, and people themselves, may what they may elsewhere.
 * @throws RefusalError refused-by-rule
 */
export function checkMayProvision(actor: Pick<Actor, "scopes">, school: School, ...roles: readonly Role[]): void {
  if (roles.includes("operator")) throw new RefusalError("refused-by-rule", schoolText("operators-create-operators"));
  const isRefused = roles.includes("administrator") && !school.scim_administrators;
  if (isRefused && scopesMissingFor(actor, "administrator").length > 0)
    throw new RefusalError("refused-by-rule", scimText("administrators-refused"));
}

/** Of a change: `If-Match` names the tag that the resource has (RFC 9110 section 13.1.1; weak tags too, as RFC 7644 section 3.14 sends them). */
export function checkTag(condition: string | null, tag: string): void {
  if (condition === null) return;
  const names = condition.split(",").map((one) => one.trim().replace(/^W\//, ""));
  if (!names.includes("*") && !names.includes(tag.replace(/^W\//, ""))) throw new RefusalError("precondition-failed");
}

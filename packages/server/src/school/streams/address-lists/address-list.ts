/** Finds the address lists that an actor may see and change, and presents them in answers. */
import type { Actor } from "../../../access/actor.ts";
import type { PolicyNotices } from "../../../access/policies/policy-snapshot.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import type { Language } from "../../../platform/messages/language.ts";
import { policyText } from "../../foundation/messages/policy-texts.ts";
import { ADMINISTRATORS } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { actsFor } from "../../foundation/schools/scope.ts";
import type { AddressList } from "../../foundation/store/policy-tables.ts";
import type { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { addressListResponse } from "./shapes.ts";

export type AddressListContext = RouteContext & {
  readonly policyNotices: PolicyNotices;
  /** Directories that files of lists may be in. */
  readonly listDirectories: () => readonly string[];
};

/** @throws RefusalError not-found */
export async function findAddressList(db: Db, actor: Actor, listId: string): Promise<AddressList> {
  const list = await db.selectFrom("address_lists").selectAll().where("id", "=", listId).executeTakeFirst();
  if (!list || !actsFor(actor, list.school_id)) throw noSuchList();
  return list;
}

export function noSuchList(): RefusalError {
  return new RefusalError("not-found", policyText("no-list"));
}

/** Presents address lists to a reader. */
export function presentAddressLists(secrets: StoredSecrets, { role }: Actor, language: Language) {
  const mayChange = role !== null && ADMINISTRATORS.includes(role);
  return (list: AddressList) => {
    const url = mayChange && list.secret_url !== null ? secrets.decrypt("address_lists", list.id, list.secret_url) : null;
    return addressListResponse(list, url, mayChange, language);
  };
}

/** Reads what media workers know of policies: all of it, or one part that has changed. */
import type {
  AddressListPart,
  AddressListVersion,
  PolicyChange,
  PolicyNotice,
  PolicySnapshot,
} from "../../../access/policies/policy-snapshot.ts";
import type { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { readChannel, readChannels } from "../../lessons/channels.ts";
import { readAddressList, readAddressListPart, readAddressLists } from "../address-lists/stored-lists.ts";
import { readDegradation, readDegradations } from "../degradation/switches.ts";
import { readLinkKey, readLinkKeys } from "../link-keys/link-keys.ts";
import { readExemption, readExemptions } from "../protection/exemptions.ts";
import { readPolicies, readPolicy } from "./stored-policies.ts";

export async function policySnapshot(db: Db, secrets: StoredSecrets): Promise<PolicySnapshot> {
  return {
    policies: await readPolicies(db, secrets),
    linkKeys: await readLinkKeys(db, secrets),
    addressLists: await readAddressLists(db),
    exemptions: await readExemptions(db),
    channels: await readChannels(db),
    degradations: await readDegradations(db),
  };
}

export async function policyChange(db: Db, secrets: StoredSecrets, notice: PolicyNotice): Promise<PolicyChange> {
  switch (notice.part) {
    case "policy":
      return { ...notice, policy: await readPolicy(db, secrets, notice.target) };
    case "link-key":
      return { ...notice, key: await readLinkKey(db, secrets, notice.id) };
    case "address-list":
      return { ...notice, list: await readAddressList(db, notice.id) };
    case "exemption":
      return { ...notice, exemption: await readExemption(db, notice.id) };
    case "degradation":
      return { ...notice, degradation: await readDegradation(db, notice.id) };
    case "channel":
      return { ...notice, channel: await readChannel(db, notice.id) };
  }
}

/** @param of which piece, from 0. Null: this version is not there any more */
export async function addressListPart(
  db: Db,
  { id, version, n }: AddressListVersion & { readonly n: number },
): Promise<AddressListPart | null> {
  const part = await readAddressListPart(db, id, version, n);
  return part && { bytes: Buffer.from(part.bytes).toString("base64"), isLast: part.isLast };
}

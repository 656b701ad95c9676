/** Defines what every media worker knows of policies: all of them, the keys of other systems' links, and which lists of addresses there are. */
import type { DegradationSwitch } from "../../contracts/degradation/degradation.ts";
import type { LinkKey } from "../links/link-scheme.ts";
import type { Exemption } from "../protection/protection-messages.ts";
import type { Policy, PolicyTarget } from "./access-policy.ts";

/** A compiled list of addresses; each change is a new version. */
export type AddressListVersion = { readonly id: string; readonly version: number };

/** A stream that belongs to no lesson, but to a school: that of a source. */
export type Channel = {
  /** `app/name` */
  readonly stream: string;
  readonly schoolId: string;
};

export type PolicySnapshot = {
  readonly policies: readonly Policy[];
  readonly linkKeys: readonly LinkKey[];
  readonly addressLists: readonly AddressListVersion[];
  readonly channels: readonly Channel[];
  readonly exemptions: readonly Exemption[];
  /** What operators have turned off. Absent in what an older node has told or stored. */
  readonly degradations?: readonly DegradationSwitch[];
};

/** A piece of a compiled list, as base64. */
export type AddressListPart = { readonly bytes: string; readonly isLast: boolean };

/** A compiled list in a file of this node. */
export type AddressListFile = AddressListVersion & { readonly file: string };

/** What the workers of a node know of policies. */
export type KnownPolicies = { readonly snapshot: PolicySnapshot; readonly files: readonly AddressListFile[] };

/** One part of the snapshot has another value now; null: it is gone. */
export type PolicyChange =
  | { readonly part: "policy"; readonly target: PolicyTarget; readonly policy: Policy | null }
  | { readonly part: "link-key"; readonly id: string; readonly key: LinkKey | null }
  | { readonly part: "address-list"; readonly id: string; readonly list: AddressListVersion | null }
  | { readonly part: "channel"; readonly id: string; readonly channel: Channel | null }
  | { readonly part: "exemption"; readonly id: string; readonly exemption: Exemption | null }
  | { readonly part: "degradation"; readonly id: string; readonly degradation: DegradationSwitch | null };

/** Names the part of the snapshot that has changed in the database; it is read again, and sent to all nodes. */
export type PolicyNotice =
  | { readonly part: "policy"; readonly target: PolicyTarget }
  | { readonly part: "link-key"; readonly id: string }
  | { readonly part: "address-list"; readonly id: string }
  /** @param id `app/name` */
  | { readonly part: "channel"; readonly id: string }
  | { readonly part: "exemption"; readonly id: string }
  | { readonly part: "degradation"; readonly id: string };

/** Given to the routes of the API: call it after the commit. */
export type PolicyNotices = { readonly policyChanged: (notice: PolicyNotice) => void };

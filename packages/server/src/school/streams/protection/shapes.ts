/** Defines what the API takes and returns about the service's protection. */
import { isIP } from "node:net";
import { z } from "zod";
import type { ProtectionMode } from "../../../access/protection/address-points.ts";
import { ABUSE_SIGNALS, type BlockedAddress, COUNTERMEASURES } from "../../../access/protection/protection-messages.ts";
import { addressOwner } from "../../../platform/address.ts";
import { ID } from "../../../platform/id.ts";
import { fieldText } from "../../foundation/messages/field-texts.ts";
import { policyText } from "../../foundation/messages/policy-texts.ts";
import { protectionText } from "../../foundation/messages/protection-texts.ts";
import { id, instant, time } from "../../foundation/requests/fields.ts";
import { LIST_PREFIX, plainNetwork } from "../../foundation/requests/network.ts";
import type { ExemptionRow } from "../../foundation/store/protection-tables.ts";

const MODES = ["enforce", "watch", "off"] as const satisfies readonly ProtectionMode[];
const MAX_ADDRESS = 64;
const MAX_NOTE = 200;
const MIN_RELEASE_SECONDS = 60;
const MAX_RELEASE_SECONDS = 30 * 24 * 3600;
const RELEASE_SECONDS = 3600;
/** How an IPv6 address is held: its first 64 bits. */
const OWNER_NETWORK = /^([0-9a-f:]+)\/64$/;

const blockedShape = z
  .object({
    address: z.string().describe("An IPv4 address, or the first 64 bits of IPv6 addresses: `2001:db8:0:1::/64`."),
    measure: z
      .enum(COUNTERMEASURES)
      .describe(
        "What becomes of requests without a session, a signed link or a clearance. slow: API requests and joins wait; challenge: they need a clearance; refuse: everything needs one.",
      ),
    points: z.number(),
    because: z
      .array(z.object({ sign: z.enum(ABUSE_SIGNALS), points: z.number() }))
      .describe("Abuse signals, from the one with the most points."),
    about: z.string().nullable().describe("An example of what was wrong."),
    since: time,
    until: time,
    node: z.string().describe("The node that decided."),
    dryRun: z.boolean().describe("Nothing is done: the protection only watches, or the address is exempt."),
  })
  .meta({ id: "BlockedAddress" });

export const protectionShape = z
  .object({
    mode: z.enum(MODES).describe("`protection.mode` of the configuration. watch: measures are only shown."),
    heldCount: z.int().describe("Addresses under a measure; `held` has 1000 at most, those with the most points first."),
    held: z.array(blockedShape),
    ended: z.array(blockedShape).describe("Measures that ended in the last hour, the newest first; 1000 at most."),
  })
  .meta({ id: "Protection" });

export const newRelease = z.strictObject({
  address: z
    .string()
    .max(MAX_ADDRESS, fieldText.key("too-long"))
    .transform((value, context) => releasedOwner(value) ?? wrong(context, value, policyText.key("address"))),
  seconds: z
    .int()
    .min(MIN_RELEASE_SECONDS)
    .max(MAX_RELEASE_SECONDS)
    .default(RELEASE_SECONDS)
    .describe("For this long no measure is taken against the address. Default: an hour."),
});

export const releaseShape = z.object({ address: z.string(), until: time }).meta({ id: "Release" });

export const newExemption = z.strictObject({
  network: z
    .string()
    .max(MAX_ADDRESS, fieldText.key("too-long"))
    .transform((value, context) => exemptNetwork(value) ?? wrong(context, value, policyText.key("network-or-list")))
    .describe("An address, a network such as `10.0.0.0/8`, or a list of the installation's addresses as `list:ID`."),
  note: z.string().trim().max(MAX_NOTE, fieldText.key("too-long")).default("").describe("Why, for other operators."),
  until: instant
    .refine((value) => Date.parse(value) > Date.now(), protectionText.key("in-past"))
    .nullable()
    .default(null)
    .describe("Null: for good."),
});

export const exemptionShape = z
  .object({
    id,
    network: z.string(),
    note: z.string(),
    until: time.nullable(),
    createdBy: z.string().describe("Who added it."),
    createdAt: time,
  })
  .meta({ id: "Exemption" });

export function blockedResponse({ owner, measure, points, because, about, since, until, node, isTrial }: BlockedAddress) {
  return {
    address: owner,
    measure,
    points,
    because: [...because],
    about,
    node,
    since: new Date(since),
    until: new Date(until),
    dryRun: isTrial,
  };
}

export function exemptionResponse({ id: exemptionId, network, note, until, created_by, created_at }: ExemptionRow) {
  return { id: exemptionId, network, note, until, createdBy: created_by, createdAt: created_at };
}

/** As the protection names the address; null where the text is none. */
function releasedOwner(text: string): string | null {
  const written = text.trim().toLowerCase();
  const address = OWNER_NETWORK.exec(written)?.[1] ?? written;
  return isIP(address) === 0 || address.includes("%") ? null : addressOwner(address);
}

function exemptNetwork(text: string): string | null {
  const written = text.trim();
  if (!written.startsWith(LIST_PREFIX)) return plainNetwork(written);
  return ID.test(written.slice(LIST_PREFIX.length)) ? written : null;
}

function wrong(context: z.core.$RefinementCtx<string>, input: string, message: string): never {
  context.issues.push({ code: "custom", message, input });
  return z.NEVER;
}

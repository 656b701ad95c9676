/** Says whether a request has a valid signed link: one of this server, or one of another system whose keys the policies name. */
import { Refusal } from "../../platform/refusal.ts";
import type { LinkKey } from "../links/link-scheme.ts";
import { verifyLink } from "../links/signed-link.ts";
import { verifyForeignLink } from "../links/verify-foreign-link.ts";
import type { AccessSubject } from "./rule.ts";

/** unbound: valid, but for any address, where it must name one. */
export type LinkVerdict = "none" | "valid" | "expired" | "bad-signature" | "other-address" | "unbound";

/** @param boundAddress whether only links count that name the client's address */
export function linkVerdict(subject: AccessSubject, boundAddress = false): LinkVerdict {
  const { app, name, client, credentials, settings, now } = subject;
  const { ip } = client;
  const { link } = credentials;
  const own = link ? verifyLink(link, { app, name, ip, secrets: settings.linkSecrets, now }) : "none";
  const isUnbound = boundAddress && own === "valid" && link?.ip === "";
  if (own === "valid" && !isUnbound) return own;
  const foreign = verifyForeignLink(credentials, { app, name, ip, now, keys: acceptedKeys(subject), boundAddress });
  if (foreign === "valid") return foreign;
  if (isUnbound || isUnboundForeign(subject, boundAddress)) return "unbound";
  return foreign === "none" || own !== "none" ? own : foreign;
}

function isUnboundForeign(subject: AccessSubject, boundAddress: boolean): boolean {
  return boundAddress && subject.credentials.foreign !== null && linkVerdict(subject) === "valid";
}

/** The keys of other systems' links that rules accept here. */
export function acceptedKeys({ rules, linkKeys }: AccessSubject): readonly LinkKey[] {
  if (rules instanceof Refusal || linkKeys.size === 0) return [];
  const ids = rules.flatMap(({ rule }) => (rule.kind === "links" ? rule.keys : []));
  return [...new Set(ids)].flatMap((id) => linkKeys.get(id) ?? []);
}

/** Tells viewers apart by their links, for rules that limit the connections of one viewer. */
import { FOREIGN_SCHEMES } from "../links/schemes/scheme-list.ts";
import { verifyLink } from "../links/signed-link.ts";
import { verifyForeignLink } from "../links/verify-foreign-link.ts";
import { acceptedKeys } from "./link-verdict.ts";
import type { AccessSubject } from "./rule.ts";

/** What is the same for all requests of a viewer with a valid link: the person whom it names, or else its signature. Null without a valid link. */
export function linkIdentity(subject: AccessSubject): string | null {
  const { app, name, client, credentials, settings, now } = subject;
  const { link, foreign } = credentials;
  const of = { app, name, ip: client.ip, now };
  if (link && verifyLink(link, { ...of, secrets: settings.linkSecrets }) === "valid")
    return link.viewer === "" ? `link ${link.sign}` : `person ${link.viewer}`;
  const key = acceptedKeys(subject).find((one) => verifyForeignLink(credentials, { ...of, keys: [one] }) === "valid");
  const read = key && foreign ? FOREIGN_SCHEMES[key.scheme].read(foreign) : null;
  // The request may have other parameters, which prove nothing.
  return read === null || read === "malformed" ? null : `foreign ${read.signature}`;
}

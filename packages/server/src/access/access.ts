/**
 * Who may publish and who may watch: the one function that every door asks before it lets somebody near a stream.
 */
import { Refusal } from "../platform/refusal.ts";
import { equalSecrets } from "./secrets.ts";
import { verifyLink } from "./signed-link.ts";

export type AccessRequest = {
  readonly action: "publish" | "play";
  /** As metrics name it: rtmp, flv, ws. */
  readonly protocol: string;
  readonly app: string;
  readonly name: string;
  /** The person's address, after trusted proxies. */
  readonly ip: string;
  /** What stood behind the name in the address: `key`, or a signed link's parameters. */
  readonly query: URLSearchParams;
};

export type AccessRules = {
  readonly publish: { readonly allow: "keys" | "any"; readonly keys: Readonly<Record<string, string>> };
  readonly play: { readonly allow: "any" | "signed" };
  /** Secrets of signed links; the first is the one in use, others are still accepted. */
  readonly linkSecrets: readonly string[];
};

/** Null when it is allowed. */
export type Ask = (request: AccessRequest) => Refusal | null;

/** @param rules read anew for each question, since a reload may change them */
export function accessControl(rules: () => AccessRules, now: () => number = Date.now): Ask {
  return (request) => (request.action === "publish" ? mayPublish(request, rules()) : mayPlay(request, rules(), now()));
}

function mayPublish(request: AccessRequest, rules: AccessRules): Refusal | null {
  if (rules.publish.allow === "any") return null;
  const given = request.query.get("key");
  if (given === null || given === "")
    return new Refusal("not-signed-in", "A publish key is needed: put ?key=KEY behind the stream's name.");
  const wanted = rules.publish.keys[`${request.app}/${request.name}`];
  // A name without a key is compared as well, so that it takes as long and tells no more.
  const right = equalSecrets(given, wanted ?? given.split("").reverse().join("x"));
  return wanted !== undefined && right ? null : new Refusal("bad-key");
}

function mayPlay(request: AccessRequest, rules: AccessRules, now: number): Refusal | null {
  if (rules.play.allow === "any") return null;
  return verifyLink(request.app, request.name, request.query, request.ip, rules.linkSecrets, now);
}

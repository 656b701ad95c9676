/**
 * Verifies links that other systems have signed. They sign one exact path; here such a link opens its stream in every protocol and in every rung,
 * as our own links do: it is valid where it is signed for any of the stream's addresses. A link for a rung opens this rung only.
 */
import { equalSecrets } from "../../platform/secrets.ts";
import type { LinkKey } from "./link-scheme.ts";
import type { ForeignScheme } from "./schemes/foreign-scheme.ts";
import type { ForeignToken } from "./schemes/foreign-token.ts";
import { FOREIGN_SCHEMES } from "./schemes/scheme-list.ts";

export type ForeignLinkCheck = {
  readonly app: string;
  /** With or without a rung. */
  readonly name: string;
  /** The client's address. */
  readonly ip: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Accepted keys: a link of one of them suffices. */
  readonly keys: readonly LinkKey[];
  /** Whether only links count that name the client's address. Default: no. */
  readonly boundAddress?: boolean;
};

/** none: the request has no link of the keys' schemes, or of one that could name an address where that is required. */
export type ForeignVerdict = "none" | "valid" | "expired" | "bad-signature";

const BEST_FIRST = ["valid", "expired", "bad-signature"] as const;
/** RTMP's address has no extension; FLV is also that of WebSockets. Stills have their own addresses, which a link to one must not leave. */
const EXTENSIONS = ["", ".flv", ".m3u8"];

/** @param credentials of the request */
export function verifyForeignLink(credentials: { readonly foreign: ForeignToken | null }, check: ForeignLinkCheck): ForeignVerdict {
  const { foreign } = credentials;
  if (!foreign) return "none";
  const paths = signedPaths(check.app, check.name);
  const verdicts = check.keys.map((key) => verdictOf(key, foreign, paths, check));
  return BEST_FIRST.find((verdict) => verdicts.includes(verdict)) ?? "none";
}

function verdictOf(
  { scheme: name, secret, validSeconds }: LinkKey,
  token: ForeignToken,
  paths: readonly string[],
  { ip, now, boundAddress = false }: ForeignLinkCheck,
): ForeignVerdict {
  const scheme: ForeignScheme = FOREIGN_SCHEMES[name];
  if (boundAddress && !scheme.bindsAddress) return "none";
  const link = scheme.read(token);
  if (link === null) return "none";
  if (link === "malformed") return "bad-signature";
  const addresses = [...(scheme.bindsAddress ? [ip] : []), ...(boundAddress ? [] : [null])];
  const targets = paths.flatMap((path) => addresses.map((address) => ({ path, ip: address })));
  if (!targets.some((target) => equalSecrets(link.signature, link.expected(target, secret)))) return "bad-signature";
  return (link.time + (validSeconds ?? scheme.validSeconds)) * 1000 < now ? "expired" : "valid";
}

/** The paths that a link to this stream may be signed for. Names need no escapes, so a path is the same encoded and decoded. */
function signedPaths(app: string, name: string): readonly string[] {
  const plain = name.split("@")[0] ?? name;
  return [...new Set([plain, name])].flatMap((one) => EXTENSIONS.map((extension) => `/${app}/${one}${extension}`));
}

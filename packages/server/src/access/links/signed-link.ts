/**
 * Provides signed links, scheme `lectern`: `sign = hex(HMAC-SHA256(secret, "/APP/NAME" LF expires LF bound-ip LF viewer))`, where the last two may be
 * empty. Neither the extension nor the rung is signed: one link opens its stream in every protocol. A link for `NAME~` opens the streams `NAME~USER`
 * of all members of a lesson.
 */
import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from "node:crypto";

export type LinkClaims = {
  readonly app: string;
  readonly name: string;
  /** Unix seconds. */
  readonly expires: number;
  /** The only address that may use the link. */
  readonly ip?: string | undefined;
  /** The viewer to whom the link was given. */
  readonly viewer?: string | undefined;
};

/** A link's parameters as a client sent them. */
export type LinkToken = {
  readonly sign: string;
  readonly expires: string;
  /** Empty: not bound to an address. */
  readonly ip: string;
  /** Empty: the link names no viewer. */
  readonly viewer: string;
};

/**
 * The viewer of links that open still images only. A still's address stands in pages and their caches; without a viewer it would open the stream
 * itself, and nobody could be removed.
 */
export const STILLS_ONLY = "stills";

/** What a link is checked against. */
export type LinkCheck = {
  readonly app: string;
  /** With or without a rung. */
  readonly name: string;
  /** The client's address. */
  readonly ip: string;
  /** Accepted secrets. */
  readonly secrets: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: number;
};

/** The query parameters of a signed link. */
export function signLink(claims: LinkClaims, secret: string): URLSearchParams {
  const query = new URLSearchParams({ expires: String(claims.expires) });
  if (claims.ip) query.set("ip", claims.ip);
  if (claims.viewer) query.set("viewer", claims.viewer);
  query.set("sign", signature(claims.app, claims.name, String(claims.expires), claims.ip ?? "", claims.viewer ?? "", secret));
  return query;
}

/** Verifies a link for a stream: valid, or the reason why not. */
export function verifyLink(token: LinkToken, check: LinkCheck): "valid" | "bad-signature" | "expired" | "other-address" {
  const { sign, expires, ip, viewer } = token;
  const plain = check.name.split("@")[0] ?? check.name;
  const member = plain.indexOf("~");
  const names = member < 0 ? [plain] : [plain, plain.slice(0, member + 1)];
  const isSigned = names.some((name) =>
    check.secrets.some((secret) => isEqual(sign, signature(check.app, name, expires, ip, viewer, secret))),
  );
  if (!isSigned || !/^\d{1,12}$/.test(expires)) return "bad-signature";
  if (Number(expires) * 1000 < check.now) return "expired";
  return ip === "" || ip === check.ip ? "valid" : "other-address";
}

function signature(app: string, name: string, expires: string, ip: string, viewer: string, secret: string): string {
  return createHmac("sha256", keyOf(secret)).update(`/${app}/${name}\n${expires}\n${ip}\n${viewer}`).digest("hex");
}

/** A key that is made once spares each signature a part of its work. There are as few as secrets in the configuration. */
const keys = new Map<string, KeyObject>();
const MAX_KEYS = 100;

function keyOf(secret: string): KeyObject {
  const before = keys.get(secret);
  if (before) return before;
  const key = createSecretKey(secret, "utf8");
  if (keys.size >= MAX_KEYS) keys.clear();
  keys.set(secret, key);
  return key;
}

/** In constant time; how long a signature is, everybody knows. */
function isEqual(given: string, expected: string): boolean {
  const [sent, right] = [Buffer.from(given), Buffer.from(expected)];
  return sent.length === right.length && timingSafeEqual(sent, right);
}

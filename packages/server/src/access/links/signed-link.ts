/**
 * Signed links, scheme `lectern`:
 * `sign = hex(HMAC-SHA256(secret, "/APP/NAME" LF expires LF bound-ip LF viewer))`, where the last two may be empty.
 * Neither the extension nor the rung is signed: one link opens its stream in every protocol.
 */
import { createHmac } from "node:crypto";
import { Refusal } from "../../platform/refusal.ts";
import { equalSecrets } from "../secrets.ts";

export type LinkClaims = {
  readonly app: string;
  readonly name: string;
  /** Unix seconds. */
  readonly expires: number;
  /** The only address that may use it. */
  readonly ip?: string | undefined;
  /** Whom it was given to. */
  readonly viewer?: string | undefined;
};

/** The parameters to put behind an address. */
export function signLink(claims: LinkClaims, secret: string): URLSearchParams {
  const query = new URLSearchParams({ expires: String(claims.expires) });
  if (claims.ip) query.set("ip", claims.ip);
  if (claims.viewer) query.set("viewer", claims.viewer);
  query.set("sign", signature(claims.app, claims.name, String(claims.expires), claims.ip ?? "", claims.viewer ?? "", secret));
  return query;
}

/** Null when the link is right. @param now milliseconds since 1970 */
export function verifyLink(
  app: string,
  name: string,
  query: URLSearchParams,
  ip: string,
  secrets: readonly string[],
  now: number,
): Refusal | null {
  const sign = query.get("sign");
  const expires = query.get("expires");
  if (sign === null || expires === null) return new Refusal("not-signed-in", "This stream needs a link that was given to you.");
  const bound = query.get("ip") ?? "";
  const viewer = query.get("viewer") ?? "";
  const plain = name.split("@")[0] ?? name;
  const right = secrets.some((secret) => equalSecrets(sign, signature(app, plain, expires, bound, viewer, secret)));
  if (!right || !/^\d{1,12}$/.test(expires)) return new Refusal("bad-signature");
  if (Number(expires) * 1000 < now) return new Refusal("link-expired");
  if (bound !== "" && bound !== ip)
    return new Refusal("refused-by-rule", "This link was made for another connection. Ask for a new one.");
  return null;
}

function signature(app: string, name: string, expires: string, ip: string, viewer: string, secret: string): string {
  return createHmac("sha256", secret).update(`/${app}/${name}\n${expires}\n${ip}\n${viewer}`).digest("hex");
}

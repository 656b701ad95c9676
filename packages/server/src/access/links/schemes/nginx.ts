/**
 * Provides links of nginx's module secure_link, as its documentation configures it:
 *
 *     secure_link $arg_md5,$arg_expires;
 *     secure_link_md5 "$secure_link_expires$uri$remote_addr secret";
 *
 * `md5` is that MD5 in base64url without padding, `expires` is in Unix seconds. The expression without `$remote_addr` is accepted too, for links
 * that everybody may use. Links without an expiry, and other expressions, are not accepted.
 */
import { createHash } from "node:crypto";
import type { ForeignScheme, SignedTarget } from "./foreign-scheme.ts";

const MD5 = /^[A-Za-z0-9_-]{22}$/;
const EXPIRES = /^\d{1,12}$/;

export const nginx: ForeignScheme = {
  name: "nginx",
  validSeconds: 0,
  bindsAddress: true,
  sign: (target, time, secret) => ({
    query: { md5: signature(target, String(time), secret), expires: String(time) },
    prefix: "",
  }),
  read: ({ parameters: { md5, expires = "" } }) => {
    if (md5 === undefined) return null;
    if (!MD5.test(md5) || !EXPIRES.test(expires)) return "malformed";
    return { signature: md5, time: Number(expires), expected: (target, secret) => signature(target, expires, secret) };
  },
};

function signature({ path, ip }: SignedTarget, expires: string, secret: string): string {
  return createHash("md5")
    .update(`${expires}${path}${ip ?? ""} ${secret}`)
    .digest("base64url");
}

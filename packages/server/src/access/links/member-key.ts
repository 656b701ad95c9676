/**
 * Provides publish keys of members of a lesson: `member.EXPIRES.SIGN`, where `SIGN = hex(HMAC-SHA256(secret, "publish" LF "/APP/NAME~USER" LF
 * EXPIRES))`. A signed link's text starts with `/`, so neither can stand for the other.
 */
import { createHmac } from "node:crypto";
import { equalSecrets } from "../../platform/secrets.ts";

export type MemberKeyClaims = {
  readonly app: string;
  /** `NAME~USER` */
  readonly name: string;
  /** Unix seconds. */
  readonly expires: number;
};

export type MemberKeyCheck = Pick<MemberKeyClaims, "app" | "name"> & {
  /** Accepted secrets. */
  readonly secrets: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: number;
};

/** A key begins publishing for this long. A publisher who began in time goes on. */
export const MEMBER_KEY_SECONDS = 120;

const KEY = /^member\.(\d{1,12})\.([0-9a-f]{64})$/;

export function signMemberKey({ app, name, expires }: MemberKeyClaims, secret: string): string {
  return `member.${expires}.${signature(app, name, String(expires), secret)}`;
}

/** Verifies the key of a member for the member's stream: valid, or the reason why not. */
export function verifyMemberKey(key: string, { app, name, secrets, now }: MemberKeyCheck): "valid" | "bad-key" | "expired" {
  const [, expires = "", sign = ""] = KEY.exec(key) ?? [];
  if (expires === "" || !secrets.some((secret) => equalSecrets(sign, signature(app, name, expires, secret)))) return "bad-key";
  return Number(expires) * 1000 < now ? "expired" : "valid";
}

function signature(app: string, name: string, expires: string, secret: string): string {
  return createHmac("sha256", secret).update(`publish\n/${app}/${name}\n${expires}`).digest("hex");
}

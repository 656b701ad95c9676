/**
 * Provides Tencent Cloud's links of live streams: `txTime` is a time in Unix seconds as 8 hexadecimal digits, capitals or small letters, and
 * `txSecret` is MD5, or SHA-256 where the domain is configured so, of `SECRET STREAM txTime` without spaces. The stream's name is signed alone,
 * without app and extension. Decimal times are not accepted: digits of the time could be moved to the name.
 */
import { createHash } from "node:crypto";
import { type ForeignScheme, hexTime, type SignedTarget } from "./foreign-scheme.ts";

const TX_SECRET = /^(?:[0-9a-fA-F]{32}|[0-9a-fA-F]{64})$/;
const TX_TIME = /^[0-9a-fA-F]{8}$/;
const SHA256_DIGITS = 64;

export const tencent: ForeignScheme = {
  name: "tencent",
  // The vendor's domains may add a time of validity: the key says it.
  validSeconds: 0,
  bindsAddress: false,
  sign: (target, time, secret) => {
    const txTime = hexTime(time).toUpperCase();
    return { query: { txSecret: signature("md5", target, txTime, secret), txTime }, prefix: "" };
  },
  read: ({ parameters: { txSecret, txTime = "" } }) => {
    if (txSecret === undefined) return null;
    if (!TX_SECRET.test(txSecret) || !TX_TIME.test(txTime)) return "malformed";
    const algorithm = txSecret.length === SHA256_DIGITS ? "sha256" : "md5";
    return {
      signature: txSecret.toLowerCase(),
      time: Number.parseInt(txTime, 16),
      expected: (target, secret) => signature(algorithm, target, txTime, secret),
    };
  },
};

function signature(algorithm: "md5" | "sha256", { path }: SignedTarget, txTime: string, secret: string): string {
  const stream = path.slice(path.lastIndexOf("/") + 1).replace(/\.[a-z0-9]+$/, "");
  return createHash(algorithm).update(`${secret}${stream}${txTime}`).digest("hex");
}

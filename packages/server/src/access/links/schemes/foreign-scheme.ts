/** Defines a scheme of signed links that another system makes. Each has a file of its own beside this one. */
import { createHash } from "node:crypto";
import type { ForeignToken } from "./foreign-token.ts";

/** What a link is signed for. */
export type SignedTarget = {
  /** As it stands in the address, with its extension and without a query: `/live/math.flv`; `/live/math` of RTMP. */
  readonly path: string;
  /** The only address that may use the link; null: the link names none. */
  readonly ip: string | null;
};

/** How a signature changes an address. */
export type SignedUrl = {
  readonly query: Readonly<Record<string, string>>;
  /** Stands before the path, with a slash at its beginning; empty for most schemes. */
  readonly prefix: string;
};

/** A link as a client sent it. */
export type ForeignLink = {
  /** In small letters, where it is hexadecimal. */
  readonly signature: string;
  /** Unix seconds. The link expires at this time, or `validSeconds` later. */
  readonly time: number;
  /** The signature that a link with this time has for a target. */
  readonly expected: (target: SignedTarget, secret: string) => string;
};

export type ForeignScheme = {
  readonly name: string;
  /** Seconds after its time that a link expires, where the key does not say it. */
  readonly validSeconds: number;
  /** Whether a link can name the address that may use it. */
  readonly bindsAddress: boolean;
  /** @param time Unix seconds, which is written in the link */
  readonly sign: (target: SignedTarget, time: number, secret: string) => SignedUrl;
  /** The link of this scheme in a request; null: it has none. */
  readonly read: (token: ForeignToken) => ForeignLink | "malformed" | null;
};

/** MD5 of UTF-8 in hexadecimal digits, as all vendors but nginx write it. */
export function md5Hex(text: string): string {
  return createHash("md5").update(text).digest("hex");
}

/** Unix seconds as 8 hexadecimal digits: enough until 2106, and a fixed length keeps the time apart from the name before it. */
export function hexTime(time: number): string {
  return time.toString(16).padStart(8, "0");
}

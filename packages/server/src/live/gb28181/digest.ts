/**
 * Provides digest authentication of devices: RFC 7616 as SIP uses it (RFC 3261 section 22, RFC 8760), with and without `qop`. A nonce carries its own
 * time, so that nothing is kept for devices that have not proved who they are.
 */
import { createHash, createHmac, randomBytes } from "node:crypto";
import { equalSecrets } from "../../platform/secrets.ts";

export type DigestAlgorithm = "MD5" | "SHA-256";

export type DigestCheck = "ok" | "wrong" | "stale";

type Used = { readonly count: number; readonly attempt: string };

const HASHES = { MD5: "md5", "SHA-256": "sha256" } as const;
/** A device answers a challenge within this. */
const NONCE_MS = 300_000;
/** Answers that were right, which are remembered for as long as their nonce lives. */
const MAX_USED = 20_000;
/** `nc` (RFC 7616 section 3.4): eight hexadecimal digits. Some devices write fewer. */
const COUNT = /^[0-9a-f]{1,8}$/i;

export class Digest {
  private readonly realm: () => string;
  private readonly now: () => number;
  private readonly key = randomBytes(32);
  private serial = 0;
  /** By device and nonce, the oldest first. */
  private readonly used = new Map<string, Used>();

  /** @param now milliseconds of any clock that goes on */
  constructor(realm: () => string, now: () => number) {
    this.realm = realm;
    this.now = now;
  }

  /** The value of `WWW-Authenticate`. */
  challenge(algorithm: DigestAlgorithm, isStale: boolean): string {
    const stale = isStale ? ", stale=true" : "";
    return `Digest realm="${this.realm()}", nonce="${this.nonce(Math.floor(this.now()), ++this.serial)}", algorithm=${algorithm}, qop="auth"${stale}`;
  }

  /** Whether an answer is to a challenge of this server that has not grown old: for less is not looked up who a device is. */
  isFresh(authorization: string): boolean {
    return this.isOwn(readDigest(authorization)?.get("nonce") ?? "");
  }

  /**
   * Each answer counts once: who has heard it and sends it again, from wherever, has to answer another challenge.
   * @param authorization the value of the header
   * @param attempt names the request: the same one may come again, as its answer may be lost
   */
  check(authorization: string, method: string, user: string, password: string, attempt: string): DigestCheck {
    const fields = readDigest(authorization);
    if (!fields || fields.get("username") !== user) return "wrong";
    const nonce = fields.get("nonce") ?? "";
    if (!this.isOwn(nonce)) return "stale";
    const expected = digestResponse(fields, method, password);
    if (expected === null || !equalSecrets(expected, (fields.get("response") ?? "").toLowerCase())) return "wrong";
    const text = fields.get("nc") ?? "1";
    const count = COUNT.test(text) ? Number.parseInt(text, 16) : 0;
    return count === 0 ? "wrong" : this.use(`${user} ${nonce}`, { count, attempt });
  }

  private isOwn(nonce: string): boolean {
    const [time = Number.NaN, serial = Number.NaN] = nonce.split("-", 2).map((part) => Number.parseInt(part, 36));
    if (!Number.isFinite(time + serial) || !equalSecrets(this.nonce(time, serial), nonce)) return false;
    return this.now() - time <= NONCE_MS;
  }

  /** Only right answers come here: wrong ones must not use up a count. */
  private use(key: string, now: Used): DigestCheck {
    const before = this.used.get(key);
    if (before && before.attempt === now.attempt && before.count === now.count) return "ok";
    if (before && before.count >= now.count) return "stale";
    this.used.delete(key);
    this.used.set(key, now);
    if (this.used.size > MAX_USED) for (const oldest of this.used.keys()) if (this.used.delete(oldest)) break;
    return "ok";
  }

  private nonce(time: number, serial: number): string {
    const name = `${time.toString(36)}-${serial.toString(36)}`;
    return `${name}-${createHmac("sha256", this.key).update(name).digest("hex").slice(0, 32)}`;
  }
}

/** The response that proves the password; null: by an algorithm or a quality that is unknown. */
export function digestResponse(fields: ReadonlyMap<string, string>, method: string, password: string): string | null {
  const algorithm = (fields.get("algorithm") ?? "MD5").toUpperCase();
  if (algorithm !== "MD5" && algorithm !== "SHA-256") return null;
  const hash = (text: string) => createHash(HASHES[algorithm]).update(text).digest("hex");
  const field = (name: string) => fields.get(name) ?? "";
  const secret = hash(`${field("username")}:${field("realm")}:${password}`);
  const request = hash(`${method}:${field("uri")}`);
  const quality = fields.get("qop");
  if (quality === undefined) return hash(`${secret}:${field("nonce")}:${request}`);
  if (quality !== "auth") return null;
  return hash([secret, field("nonce"), field("nc"), field("cnonce"), quality, request].join(":"));
}

/** The fields of a `Digest` header; null where it is none. */
export function readDigest(value: string): ReadonlyMap<string, string> | null {
  const scheme = /^\s*Digest\s+/i.exec(value);
  if (!scheme) return null;
  const fields = new Map<string, string>();
  for (const [, name = "", quoted, plain] of value
    .slice(scheme[0].length)
    .matchAll(/(?<![A-Za-z])([A-Za-z]+)\s*=\s*(?:"([^"]*)"|([^\s,]+))/g))
    fields.set(name.toLowerCase(), quoted ?? plain ?? "");
  return fields;
}

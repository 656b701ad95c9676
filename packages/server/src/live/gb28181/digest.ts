/**
 * Digest authentication of devices: RFC 7616 as SIP uses it (RFC 3261 section 22, RFC 8760), with and without `qop`. A nonce carries its own time, so that
 * nothing is kept for devices that have not proved who they are.
 */
import { createHash, createHmac, randomBytes } from "node:crypto";
import { equalSecrets } from "../../platform/secrets.ts";

export type DigestAlgorithm = "MD5" | "SHA-256";

export type DigestCheck = "ok" | "wrong" | "stale";

const HASHES = { MD5: "md5", "SHA-256": "sha256" } as const;
/** A device answers a challenge within this; some use one for all their registrations until they are told that it is stale. */
const NONCE_MS = 300_000;

export class Digest {
  private readonly realm: () => string;
  private readonly now: () => number;
  private readonly key = randomBytes(32);

  /** @param now milliseconds of any clock that goes on */
  constructor(realm: () => string, now: () => number) {
    this.realm = realm;
    this.now = now;
  }

  /** The value of `WWW-Authenticate`. */
  challenge(algorithm: DigestAlgorithm, isStale: boolean): string {
    const stale = isStale ? ", stale=true" : "";
    return `Digest realm="${this.realm()}", nonce="${this.nonce(Math.floor(this.now()))}", algorithm=${algorithm}, qop="auth"${stale}`;
  }

  /** @param authorization the value of the header */
  check(authorization: string, method: string, user: string, password: string): DigestCheck {
    const fields = readDigest(authorization);
    if (!fields || fields.get("username") !== user) return "wrong";
    const nonce = fields.get("nonce") ?? "";
    const time = Number.parseInt(nonce.split("-")[0] ?? "", 36);
    if (!Number.isFinite(time) || !equalSecrets(this.nonce(time), nonce)) return "stale";
    if (this.now() - time > NONCE_MS) return "stale";
    const expected = digestResponse(fields, method, password);
    return expected !== null && equalSecrets(expected, (fields.get("response") ?? "").toLowerCase()) ? "ok" : "wrong";
  }

  private nonce(time: number): string {
    const signature = createHmac("sha256", this.key).update(String(time)).digest("hex").slice(0, 32);
    return `${time.toString(36)}-${signature}`;
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
  for (const [, name = "", quoted, plain] of value.slice(scheme[0].length).matchAll(/([A-Za-z]+)\s*=\s*(?:"([^"]*)"|([^\s,]+))/g))
    fields.set(name.toLowerCase(), quoted ?? plain ?? "");
  return fields;
}

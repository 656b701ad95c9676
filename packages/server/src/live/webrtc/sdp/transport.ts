/** Provides the part of a description that ICE and DTLS need (RFC 8839, RFC 8842): reads the other side's. */
import { Malformed } from "@lectern/media";
import { type Attribute, attributeOf } from "./description.ts";

/** Which side begins the DTLS handshake (RFC 8842 section 5.2). */
export type DtlsSetup = "actpass" | "active" | "passive";

export type TransportDescription = {
  readonly iceUfrag: string;
  readonly icePwd: string;
  /** `sha-256 AB:CD:…`, of the certificate. */
  readonly fingerprint: string;
  readonly setup: DtlsSetup;
};

/** What this side tells the other. */
export type LocalTransport = TransportDescription & {
  /** Values of `a=candidate`, each with its port. */
  readonly candidates: readonly string[];
};

const UFRAG = /^[A-Za-z0-9+/]{4,256}$/;
const PWD = /^[A-Za-z0-9+/]{22,256}$/;
const FINGERPRINTS: ReadonlyMap<string, number> = new Map([
  ["sha-256", 32],
  ["sha-384", 48],
  ["sha-512", 64],
]);

/** @param attributes of the first medium, then of the session: the first that says something counts */
export function readTransport(attributes: readonly Attribute[]): TransportDescription | Malformed {
  const credentials = readIceCredentials(attributes);
  if (credentials instanceof Malformed) return credentials;
  if (credentials === null) return new Malformed("the description has no ice-ufrag and ice-pwd");
  const fingerprint = readFingerprint(attributeOf(attributes, "fingerprint") ?? "");
  if (fingerprint === null) return new Malformed("the description has no fingerprint of SHA-256 or better");
  // RFC 4145 section 4.1: active is the default.
  const setup = attributeOf(attributes, "setup") ?? "active";
  if (setup !== "actpass" && setup !== "active" && setup !== "passive") return new Malformed("the description has a wrong setup");
  return { ...credentials, fingerprint, setup };
}

/** Null where there are none. */
export function readIceCredentials(
  attributes: readonly Attribute[],
): { readonly iceUfrag: string; readonly icePwd: string } | null | Malformed {
  const [iceUfrag, icePwd] = [attributeOf(attributes, "ice-ufrag"), attributeOf(attributes, "ice-pwd")];
  if (iceUfrag === null && icePwd === null) return null;
  if (iceUfrag === null || !UFRAG.test(iceUfrag)) return new Malformed("the description has a wrong ice-ufrag");
  if (icePwd === null || !PWD.test(icePwd)) return new Malformed("the description has a wrong ice-pwd");
  return { iceUfrag, icePwd };
}

function readFingerprint(value: string): string | null {
  const [algorithm = "", digest = ""] = value.split(" ", 2);
  const length = FINGERPRINTS.get(algorithm.toLowerCase());
  const isDigest = /^[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2})*$/.test(digest);
  return length !== undefined && isDigest && digest.length === length * 3 - 1
    ? `${algorithm.toLowerCase()} ${digest.toUpperCase()}`
    : null;
}

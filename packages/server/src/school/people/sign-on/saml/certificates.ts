/** Reads certificates as administrators paste them and as metadata has them: PEM, or the base64 of its DER. */
import { X509Certificate } from "node:crypto";

/** NIST SP 800-131A, section 3. */
const MIN_RSA_BITS = 2048;

/** The base64 of the DER, without spaces; null: it is no certificate of an RSA key that is long enough. */
export function certificateOf(text: string): string | null {
  const base64 = text.replace(/-----(?:BEGIN|END) CERTIFICATE-----/g, "").replace(/\s+/g, "");
  if (base64 === "" || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return null;
  const { publicKey } = readCertificate(base64) ?? {};
  const bits = publicKey?.asymmetricKeyDetails?.modulusLength ?? 0;
  return publicKey?.asymmetricKeyType === "rsa" && bits >= MIN_RSA_BITS ? base64 : null;
}

function readCertificate(base64: string): X509Certificate | null {
  try {
    return new X509Certificate(Buffer.from(base64, "base64"));
  } catch {
    return null;
  }
}

/** PEM, as libraries want it (RFC 7468). */
export function pemOf(base64: string): string {
  return `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{1,64}/g, "$&\n")}-----END CERTIFICATE-----\n`;
}

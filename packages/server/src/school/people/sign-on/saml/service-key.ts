/** Makes the key of this server at an identity provider, with which it signs requests and decrypts assertions, and the certificate that shows it. */
import { createPrivateKey } from "node:crypto";

const ALGORITHM = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", publicExponent: new Uint8Array([1, 0, 1]), modulusLength: 2048 };
/** Identity providers know the certificate itself, and trust no issuer: its end is no protection, and breaks the sign-on. */
const VALID_YEARS = 20;

export type ServiceKey = {
  /** PKCS #8, PEM. */
  readonly privateKey: string;
  /** Self-signed; base64 of DER. */
  readonly certificate: string;
};

export async function makeServiceKey(): Promise<ServiceKey> {
  // The library needs it first (https://github.com/PeculiarVentures/x509#installation).
  await import("reflect-metadata");
  const { X509CertificateGenerator } = await import("@peculiar/x509");
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const notBefore = new Date();
  const notAfter = new Date(notBefore);
  notAfter.setFullYear(notAfter.getFullYear() + VALID_YEARS);
  const name = "CN=Lectern";
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name,
    notBefore,
    notAfter,
    keys,
    signingAlgorithm: ALGORITHM,
  });
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey("pkcs8", keys.privateKey));
  const privateKey = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" }).export({ format: "pem", type: "pkcs8" });
  return { privateKey: privateKey.toString(), certificate: Buffer.from(certificate.rawData).toString("base64") };
}

/**
 * Encrypts what the server hands to a browser and wants back unchanged and unread: JSON Web Encryption with a key of this server (RFC 7516).
 * So the server holds nothing for strangers.
 */
import { derivedSecret } from "../../../platform/secrets.ts";

export type TokenOptions = {
  /** A token of one purpose is no token of another. */
  readonly purpose: string;
  /** The server's secret. */
  readonly secret: string;
};

/** @param seconds after which the token has expired */
export async function encryptToken(
  content: Readonly<Record<string, unknown>>,
  seconds: number,
  { purpose, secret }: TokenOptions,
): Promise<string> {
  const { EncryptJWT } = await import("jose");
  return await new EncryptJWT({ ...content })
    .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
    .setExpirationTime(`${seconds}s`)
    .encrypt(derivedSecret(purpose, secret));
}

/** The content of a token; null where it is not ours, was changed, or has expired. */
export async function decryptToken(token: string, { purpose, secret }: TokenOptions): Promise<unknown> {
  const { jwtDecrypt } = await import("jose");
  try {
    const { payload } = await jwtDecrypt(token, derivedSecret(purpose, secret), {
      keyManagementAlgorithms: ["dir"],
      contentEncryptionAlgorithms: ["A256GCM"],
    });
    return payload;
  } catch {
    return null;
  }
}

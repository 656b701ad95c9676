/**
 * Verifies what authenticators answer: Web Authentication Level 3, sections 7.1 (a new credential) and 7.2 (an assertion). The person has to be
 * verified by the authenticator, so that a passkey counts as both factors: something one has, and a PIN or a finger.
 */
import type { CreatedPasskey, PasskeyAnswer } from "./passkey-shapes.ts";

/** What an answer must fit. */
export type Expected = {
  readonly challenge: string;
  /** The public origin of this server: `https://school.example`. */
  readonly origin: string;
};
type StoredKey = { readonly credential_id: string; readonly public_key: string; readonly sign_count: number };

/** ES256, EdDSA and RS256 (IANA's registry of COSE algorithms): what authenticators have. */
export const ALGORITHMS: readonly number[] = [-7, -8, -257];

/** A passkey belongs to the host of the public address (section 5.1.2, RP ID). */
export function relyingPartyId(origin: string): string {
  return new URL(origin).hostname;
}

/** What to store of a new credential. @throws Error with the reason, which is for the log */
export async function verifyCreated({ id, rawId, type, response }: CreatedPasskey, expected: Expected): Promise<StoredKey> {
  const { verifyRegistrationResponse } = await import("@simplewebauthn/server");
  await refuseCertificates(response.attestationObject);
  const { clientDataJSON, attestationObject } = response;
  const { registrationInfo } = await verifyRegistrationResponse({
    response: { id, rawId, type, response: { clientDataJSON, attestationObject }, clientExtensionResults: {} },
    ...expectations(expected),
    supportedAlgorithmIDs: [...ALGORITHMS],
  });
  if (!registrationInfo) throw new Error("the attestation does not fit the key");
  const { credential } = registrationInfo;
  return {
    credential_id: credential.id,
    public_key: Buffer.from(credential.publicKey).toString("base64url"),
    sign_count: credential.counter,
  };
}

/** The new count of signatures. @throws Error with the reason, which is for the log */
export async function verifyAnswer(answer: PasskeyAnswer, stored: StoredKey, expected: Expected): Promise<number> {
  const { verifyAuthenticationResponse } = await import("@simplewebauthn/server");
  const { clientDataJSON, authenticatorData, signature } = answer.response;
  const { id, rawId, type } = answer;
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response: { id, rawId, type, response: { clientDataJSON, authenticatorData, signature }, clientExtensionResults: {} },
    ...expectations(expected),
    credential: { id: stored.credential_id, publicKey: Buffer.from(stored.public_key, "base64url"), counter: stored.sign_count },
  });
  if (!verified) throw new Error("the signature does not fit the key");
  return authenticationInfo.newCounter;
}

function expectations({ challenge, origin }: Expected) {
  return {
    expectedChallenge: challenge,
    expectedOrigin: new URL(origin).origin,
    expectedRPID: relyingPartyId(origin),
    requireUserVerification: true,
  };
}

/**
 * None is asked for, and browsers leave it out. To follow the certificates of one would lead the server to addresses that a stranger wrote into them.
 */
async function refuseCertificates(attestationObject: string): Promise<void> {
  const { decodeAttestationObject } = await import("@simplewebauthn/server/helpers");
  const decoded = decodeAttestationObject(Buffer.from(attestationObject, "base64url"));
  const format = decoded.get("fmt");
  const isPlain = format === "none" || (format === "packed" && decoded.get("attStmt").get("x5c") === undefined);
  if (!isPlain) throw new Error(`attestation ${String(format)}`);
}

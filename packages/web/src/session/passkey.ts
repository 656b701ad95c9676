/** Asks the browser for passkeys (Web Authentication Level 3, section 5.1): answers of those that it has, and new ones. */
import { api, unwrap } from "./api.ts";

/** A passkey's answer to a question of the server; null: the person has cancelled. */
export async function answerOfPasskey(client: ReturnType<typeof api>) {
  const question = await unwrap(client.POST("/api/v1/sessions/passkey-question"));
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(question);
  const credential = await credentialOf(navigator.credentials.get({ publicKey }));
  if (!credential) return null;
  const { id, rawId, response } = credential.toJSON();
  return "signature" in response ? { id, rawId, type: "public-key" as const, response } : null;
}

/** Proves with a passkey who the signed-in person is. @returns the minutes that it counts; null: the person has cancelled */
export async function proveWithPasskey(): Promise<number | null> {
  const passkey = await answerOfPasskey(api());
  return passkey && (await unwrap(api().POST("/api/v1/me/proof", { body: { passkey } }))).minutes;
}

/** Makes a passkey for the signed-in person. @returns new recovery codes, where there were none; null: the person has cancelled */
export async function addPasskey(name: string): Promise<readonly string[] | null> {
  const options = await unwrap(api().POST("/api/v1/me/passkeys/options"));
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  const credential = await credentialOf(navigator.credentials.create({ publicKey }));
  if (!credential) return null;
  const { id, rawId, response } = credential.toJSON();
  if (!("attestationObject" in response)) return null;
  const passkey = { id, rawId, type: "public-key" as const, response };
  return (await unwrap(api().POST("/api/v1/me/passkeys", { body: { name, passkey } }))).recoveryCodes;
}

/** Null where the person has cancelled or waited too long, of which browsers say the same. */
async function credentialOf(asked: Promise<Credential | null>): Promise<PublicKeyCredential | null> {
  try {
    const credential = await asked;
    return credential instanceof PublicKeyCredential ? credential : null;
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotAllowedError") return null;
    throw error;
  }
}

/**
 * Asks for a recent proof of who the person is before the own account changes: its password, its ways to sign in, its mail address. A session that
 * somebody else got hold of is then not enough to take over the account (OWASP ASVS 4.0, 3.7.1).
 */
import type { Actor } from "../../../access/actor.ts";
import type { RequestCredential } from "../../../platform/api/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { hashSecret } from "../../../platform/secrets.ts";
import type { SignInService } from "./sign-in.ts";

/** How long a sign-in, a password or a code counts. */
export const PROOF_MINUTES = 10;

type Request = {
  readonly actor: Actor;
  readonly credential: RequestCredential | null;
};

/**
 * Programs have no session, and are limited by their scopes.
 * @throws RefusalError recent-sign-in-needed
 */
export async function requireRecentProof({ sessions }: SignInService, { actor, credential }: Request): Promise<void> {
  if (actor.kind !== "user") return;
  if (credential === null || !(await sessions.isProvenWithin(hashSecret(credential.token), PROOF_MINUTES)))
    throw new RefusalError("recent-sign-in-needed");
}

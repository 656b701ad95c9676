/**
 * Makes and checks challenges: proof of work after ALTCHA, version 1. The browser looks for the number that gives a hash together with the
 * challenge's salt. The server keeps nothing of a challenge: it is signed with a key of the address that asked for it.
 */
import { randomInt } from "node:crypto";
import { createChallenge, extractParams, verifySolution } from "altcha-lib";
import { z } from "zod";
import type { Countermeasure } from "../../../access/protection/protection-messages.ts";
import { derivedSecret } from "../../../platform/secrets.ts";

/** How long a challenge can be answered. */
const CHALLENGE_SECONDS = 120;
/** In base64; ours have about 400 characters. */
const MAX_PAYLOAD = 2048;

const ALGORITHM = "SHA-256";
/**
 * The number is between half of this and all of it, so that no browser is unlucky. In Chromium on a server's core the most work takes 80 ms, and
 * slowed down six times, as slow phones are, half a second.
 */
const MAX_NUMBER = 40_000;
/** Where nothing opens without a clearance, a clearance costs more. */
const REFUSE_FACTOR = 4;

const hash = z.string().regex(/^[0-9a-f]{64}$/);

export const challengeShape = z
  .object({
    algorithm: z.literal(ALGORITHM),
    challenge: hash.describe("SHA-256 of the salt and the number in decimal, in hex"),
    maxnumber: z.int().describe("No number is larger"),
    salt: z.string(),
    signature: z.string(),
  })
  .meta({ id: "Challenge" });

type IssuedChallenge = z.output<typeof challengeShape>;

const payloadShape = z.object({
  algorithm: z.literal(ALGORITHM),
  challenge: hash,
  number: z.int().nonnegative(),
  salt: z.string(),
  signature: hash,
});

/** A challenge that was solved. */
export type SolvedChallenge = {
  /** Unique among challenges. */
  readonly id: string;
  readonly expiresAt: Date;
};

/**
 * @param owner the client's address, as `addressOwner` gives it
 * @param measure what is done with this address; null: nothing
 * @param secret the first secret of signed links
 * @param now milliseconds since 1970, by the cluster's clock
 */
export async function newChallenge(
  owner: string,
  measure: Countermeasure | null,
  secret: string,
  now: number,
): Promise<IssuedChallenge> {
  const maxNumber = MAX_NUMBER * (measure === "refuse" ? REFUSE_FACTOR : 1);
  const challenge = await createChallenge({
    algorithm: ALGORITHM,
    maxNumber,
    number: randomInt(maxNumber / 2, maxNumber + 1),
    expires: new Date(now + CHALLENGE_SECONDS * 1000),
    hmacKey: signingKey(owner, secret),
  });
  return challengeShape.parse(challenge);
}

/**
 * The solved challenge of a payload: base64 of the JSON of a challenge with its number. Null where it is no solution, or the challenge is not one
 * of ours for this address, or has expired. The caller makes sure that it counts once.
 * @param secrets all secrets of signed links
 */
export async function solvedChallenge(
  payload: string,
  owner: string,
  secrets: readonly string[],
  now: number,
): Promise<SolvedChallenge | null> {
  const solution = readPayload(payload);
  if (!solution) return null;
  // The library would compare with the machine's own clock.
  const expiresAt = new Date(Number(extractParams(solution)["expires"]) * 1000);
  if (!(expiresAt.getTime() > now)) return null;
  for (const secret of secrets)
    if (await verifySolution(solution, signingKey(owner, secret), false)) return { id: solution.challenge, expiresAt };
  return null;
}

function readPayload(payload: string): z.output<typeof payloadShape> | null {
  if (payload.length > MAX_PAYLOAD) return null;
  try {
    return payloadShape.safeParse(JSON.parse(Buffer.from(payload, "base64").toString())).data ?? null;
  } catch {
    return null;
  }
}

function signingKey(owner: string, secret: string): string {
  return derivedSecret(`challenge ${owner}`, secret).toString("base64url");
}

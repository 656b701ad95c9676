/** Serves the API routes by which a browser earns a clearance: it gets a challenge, and shows the solution. */
import { z } from "zod";
import { everybody } from "../../../access/actor.ts";
import { proofOfWorkCookie, signProofOfWork } from "../../../access/protection/proof-of-work.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { addressOwner } from "../../../platform/address.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { systemClock } from "../../../platform/clock.ts";
import type { Database } from "../../foundation/store/tables.ts";
import type { ProtectionControl } from "../protection/protection-control.ts";
import { challengeShape, newChallenge, solvedChallenge } from "./challenge.ts";
import { countermeasureLookup } from "./countermeasure-lookup.ts";
import { countChallenge } from "./solved-challenges.ts";

export type ProofOfWorkContext = {
  readonly db: Database;
  /** Secrets of signed links: the first signs, all of them verify. */
  readonly linkSecrets: () => readonly string[];
  readonly protection: Pick<ProtectionControl, "state">;
};

const TAG = "Protection";
const PATH = "/challenge";
/** Bytes. */
const BODY_LIMIT = 4096;

export function proofOfWorkRoutes(context: ProofOfWorkContext): ApiRoute[] {
  return [getChallengeRoute(context), solveChallengeRoute(context)];
}

function getChallengeRoute({ linkSecrets, protection }: ProofOfWorkContext): ApiRoute {
  const countermeasureOf = countermeasureLookup(() => protection.state());
  return route({
    id: "getChallenge",
    method: "GET",
    path: PATH,
    tag: TAG,
    summary: "Get a challenge: work that a browser does unseen where the server answers challenge-required",
    access: everybody("people:read"),
    rights: ["++++++++", null],
    status: 200,
    answer: challengeShape,
    refusals: [],
    handle: async ({ ip }) => {
      const owner = addressOwner(ip);
      return { body: await newChallenge(owner, await countermeasureOf(owner), linkSecrets()[0] ?? "", systemClock.utc()) };
    },
  });
}

function solveChallengeRoute({ db, linkSecrets }: ProofOfWorkContext): ApiRoute {
  return route({
    id: "solveChallenge",
    method: "POST",
    path: PATH,
    tag: TAG,
    summary: "Show the solution of a challenge; the answer sets a cookie, the clearance of this address for an hour",
    access: everybody("people:write"),
    // No solution.
    rights: ["--------", null],
    body: z.strictObject({ payload: z.string().describe("The challenge with its `number`: JSON, in base64") }),
    bodyLimit: BODY_LIMIT,
    status: 204,
    answer: null,
    refusals: ["bad-challenge", "too-large", "database-away"],
    handle: async ({ ip, body: { payload }, isSecure }) => {
      const owner = addressOwner(ip);
      const now = systemClock.utc();
      const solved = await solvedChallenge(payload, owner, linkSecrets(), now);
      if (!solved || !(await countChallenge(db, solved))) throw new RefusalError("bad-challenge");
      const clearance = signProofOfWork(owner, linkSecrets()[0] ?? "", now);
      return { body: null, headers: { "set-cookie": proofOfWorkCookie(clearance, isSecure) } };
    },
  });
}

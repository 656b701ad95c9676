/**
 * Asks people for their passkeys, and finds out who has answered. Each challenge counts once. An unknown credential, another person's and a wrong
 * signature have the same refusal.
 */
import { addressOwner } from "../../../platform/address.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { systemClock } from "../../../platform/clock.ts";
import type { Logger } from "../../../platform/log.ts";
import { LogThrottle } from "../../../platform/log-throttle.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { useNonce } from "../../foundation/requests/used-nonce.ts";
import type { Database, Db, Passkey, User } from "../../foundation/store/tables.ts";
import type { Attempt, Attempts } from "./attempts.ts";
import { type BrowserRequest, CHALLENGE_SECONDS, type ChallengePurpose, newChallenge, readChallenge } from "./passkey-challenge.ts";
import type { CreatedPasskey, PasskeyAnswer } from "./passkey-shapes.ts";
import { ALGORITHMS, relyingPartyId, verifyAnswer, verifyCreated } from "./passkey-verification.ts";

const TIMEOUT_MS = CHALLENGE_SECONDS * 1000;
const SIGN_IN: ChallengePurpose = "passkey: sign in";

export type PasskeysOptions = {
  readonly db: Database;
  readonly log: Logger;
  readonly attempts: Attempts;
  /** Encrypts challenges in people's browsers. */
  readonly secret: () => string;
};
/** Whose passkey may answer. */
export type AnswerOf = {
  /** The person who has given the password or is signed in; null: any person. */
  readonly userId: string | null;
  /** The slug of the only school whose people may answer; null: any. */
  readonly school: string | null;
};

export class Passkeys {
  private readonly options: PasskeysOptions;
  private readonly refusedLines: LogThrottle;

  constructor(options: PasskeysOptions) {
    this.options = options;
    this.refusedLines = new LogThrottle(systemClock, (count) => options.log.info({ count }, "refused passkey lines suppressed"));
  }

  /** A question that any passkey of this server may answer, so that it tells nothing of anybody. */
  async ask({ origin, isSecure }: BrowserRequest) {
    const { challenge, cookie } = await newChallenge(SIGN_IN, this.options.secret(), isSecure);
    const rpId = relyingPartyId(origin);
    return { question: { challenge, rpId, timeout: TIMEOUT_MS, userVerification: "required" as const }, cookie };
  }

  /** The passkey that has answered, which is used from now on. @throws RefusalError passkey-failed, too-many */
  async answeredBy(answer: PasskeyAnswer, request: BrowserRequest, { userId, school }: AnswerOf): Promise<Passkey> {
    const { attempts } = this.options;
    const challenge = await this.challengeOf(SIGN_IN, request);
    const counted: Attempt[] = [
      userId === null ? { kind: "passkey", subject: addressOwner(request.ip) } : { kind: "factor", subject: userId },
    ];
    await attempts.admit(counted);
    await this.useChallenge(challenge);
    const found = await this.find(answer, { userId, school });
    const passkey = found && (await this.used(found, answer, { challenge, origin: request.origin }));
    if (!passkey) throw new RefusalError("passkey-failed");
    if (userId === null) await attempts.giveBack(counted);
    else await attempts.clear(counted);
    return passkey;
  }

  /** How a browser makes a passkey for a person, with an authenticator that has none yet. */
  async askForNew({ id, login, name }: User, { origin, isSecure }: BrowserRequest) {
    const { challenge, cookie } = await newChallenge(`passkey: add to ${id}`, this.options.secret(), isSecure);
    const known = await this.options.db.selectFrom("passkeys").selectAll().where("user_id", "=", id).execute();
    const creation = {
      challenge,
      rp: { id: relyingPartyId(origin), name: "Lectern" },
      user: { id: userHandle(id), name: login, displayName: name },
      pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key" as const, alg })),
      timeout: TIMEOUT_MS,
      excludeCredentials: known.map(({ credential_id, transports }) => ({
        type: "public-key" as const,
        id: credential_id,
        transports: [...transports],
      })),
      // A passkey that the authenticator finds by itself needs no login, and each counts as both factors.
      authenticatorSelection: {
        residentKey: "required" as const,
        requireResidentKey: true as const,
        userVerification: "required" as const,
      },
      attestation: "none" as const,
    };
    return { creation, cookie };
  }

  /** What to store of a passkey that a person's browser has made. @throws RefusalError passkey-failed */
  async checkNew(created: CreatedPasskey, request: BrowserRequest, { id }: User) {
    const challenge = await this.challengeOf(`passkey: add to ${id}`, request);
    await this.useChallenge(challenge);
    try {
      return await verifyCreated(created, { challenge, origin: request.origin });
    } catch (error) {
      this.logRefusal(error, id);
      throw new RefusalError("passkey-failed", schoolText("passkey-not-added"));
    }
  }

  /** @throws RefusalError passkey-failed */
  private async challengeOf(purpose: ChallengePurpose, request: BrowserRequest): Promise<string> {
    const challenge = await readChallenge(purpose, this.options.secret(), request);
    if (challenge === null) throw new RefusalError("passkey-failed", schoolText("passkey-expired"));
    return challenge;
  }

  /** @throws RefusalError passkey-failed, where it was used before */
  private async useChallenge(challenge: string): Promise<void> {
    if (!(await useNonce(this.options.db, challenge, CHALLENGE_SECONDS)))
      throw new RefusalError("passkey-failed", schoolText("passkey-expired"));
  }

  /** The passkey that the answer names, where its person may sign in and the authenticator names the same person. */
  private async find({ id, response }: PasskeyAnswer, { userId, school }: AnswerOf): Promise<Passkey | null> {
    const passkey = await this.options.db
      .selectFrom("passkeys")
      .innerJoin("users", "users.id", "passkeys.user_id")
      .leftJoin("schools", "schools.id", "users.school_id")
      .selectAll("passkeys")
      .where("passkeys.credential_id", "=", id)
      .where("users.disabled_at", "is", null)
      .where("schools.archived_at", "is", null)
      .$if(userId !== null, (query) => query.where("users.id", "=", userId ?? ""))
      .$if(school !== null, (query) => query.where("schools.slug", "=", school ?? ""))
      .executeTakeFirst();
    return passkey && response.userHandle === userHandle(passkey.user_id) ? passkey : null;
  }

  /** Null where the answer is wrong. The statement's condition keeps the count from going back, also for answers at the same time. */
  private async used(
    passkey: Passkey,
    answer: PasskeyAnswer,
    expected: { readonly challenge: string; readonly origin: string },
  ): Promise<Passkey | null> {
    const count = await verifyAnswer(answer, passkey, expected).catch((error) => {
      this.logRefusal(error, passkey.user_id);
      return null;
    });
    if (count === null) return null;
    const updated = await this.options.db
      .updateTable("passkeys")
      .set({ sign_count: count, used_at: new Date() })
      .where("id", "=", passkey.id)
      .where("sign_count", "=", passkey.sign_count)
      .returningAll()
      .executeTakeFirst();
    return updated ?? null;
  }

  private logRefusal(error: unknown, user: string): void {
    if (this.refusedLines.allow()) this.options.log.info({ user, reason: String(error) }, "passkey refused");
  }
}

/** Tells whose passkey it is; without a name in it (section 14.6.1). */
function userHandle(userId: string): string {
  return Buffer.from(userId).toString("base64url");
}

export async function hasPasskey(db: Db, userId: string): Promise<boolean> {
  const passkeys = db.selectFrom("passkeys").select("id").where("user_id", "=", userId).limit(1);
  return (await passkeys.executeTakeFirst()) !== undefined;
}

/** Signs people in, and resolves bearer tokens to actors: a session, an API key, or the operator's token of the environment. */
import { setTimeout } from "node:timers/promises";
import type { Actor } from "../../../access/actor.ts";
import { OperatorToken } from "../../../access/credentials/operator-token.ts";
import { AddressSet } from "../../../platform/address.ts";
import type { RequestCredential } from "../../../platform/api/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { systemClock } from "../../../platform/clock.ts";
import type { OperatorSettings } from "../../../platform/config/operators-schema.ts";
import type { Logger } from "../../../platform/log.ts";
import { LogThrottle } from "../../../platform/log-throttle.ts";
import { type Rate, RateLimit } from "../../../platform/rate-limit.ts";
import { hashSecret } from "../../../platform/secrets.ts";
import { protectionText } from "../../foundation/messages/protection-texts.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { assertRate } from "../../foundation/requests/request-rate.ts";
import type { Changes } from "../../foundation/store/change.ts";
import type { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import type { Database, User } from "../../foundation/store/tables.ts";
import { KeyLimits, readApiKey } from "./api-key.ts";
import { Attempts } from "./attempts.ts";
import { useBreakGlassAccount } from "./break-glass.ts";
import { KnownDevices } from "./known-device.ts";
import { loginName, storedLogins } from "./login-name.ts";
import { OperatorTokenUses } from "./operator-token-uses.ts";
import { Passkeys } from "./passkeys.ts";
import { PasswordAttempts, type PasswordTry } from "./password-attempts.ts";
import { type PasswordQueue, passwordQueue } from "./password-queue.ts";
import { SecondFactors } from "./second-factor.ts";
import { notEnded, type OpenSession, type SessionLimits, type SessionOrigin, Sessions } from "./sessions.ts";

/** Resolved tokens are cached for this long. Changes by this process clear the cache at once. */
const CACHE_MS = 10_000;
const CACHE_SIZE = 20_000;
/** Several schools may have the same login; the password is compared with this many of them at most. */
const MAX_CANDIDATES = 10;
const REFUSED_AFTER_MS = 500;
export const API_KEY_PREFIX = "lk_";

type CachedActor = {
  readonly actor: Omit<Actor, "ip">;
  readonly networks: AddressSet;
  readonly readAt: number;
  /** Null for API keys. */
  readonly session: OpenSession | null;
  /** Of an API key; null for people. */
  readonly requestsPerMinute: number | null;
};

export type SignInOptions = {
  readonly db: Database;
  readonly log: Logger;
  readonly storedSecrets: StoredSecrets;
  /** Asked for when it is needed: it notes and tells of uses of break-glass accounts. */
  readonly changes: () => Changes;
  /** A break-glass account has signed in. Default: nobody is told. */
  readonly onBreakGlass?: () => void;
  /** Signs the marks of known devices, where empty: none is known; encrypts challenges of passkeys. */
  readonly linkSecret: () => string;
  /** LECTERN_ADMIN_TOKEN. */
  readonly adminToken: string | null;
  readonly operators: () => OperatorSettings;
  readonly sessionLimits: () => SessionLimits;
  /** Requests of one person to the API. */
  readonly requestsOfPerson: () => Rate;
  /** Milliseconds since 1970; default: the machine's clock. */
  readonly now?: () => number;
  /** Where passwords are checked; default: the process's. */
  readonly passwords?: PasswordQueue;
};

/** Who wants to sign in, from where. */
export type SignInRequest = {
  readonly login: string;
  readonly password: string;
  /** The school's slug, needed when several schools have the login. */
  readonly school: string | null;
  readonly ip: string;
  /** The cookie of known devices. */
  readonly device: string | null;
};

export class SignInService {
  readonly attempts: Attempts;
  readonly devices: KnownDevices;
  readonly sessions: Sessions;
  readonly passkeys: Passkeys;
  readonly secondFactors: SecondFactors;
  private readonly passwordAttempts: PasswordAttempts;
  /** LECTERN_ADMIN_TOKEN. */
  readonly operatorToken: OperatorToken;
  private readonly tokenUses: OperatorTokenUses;
  private readonly options: SignInOptions;
  private readonly cache = new Map<string, CachedActor>();
  private readonly keyLimits = new KeyLimits();
  /** By the person, in this process: all sessions of a person count together. */
  private readonly personLimit: RateLimit;
  private readonly failureLines: LogThrottle;
  private readonly now: () => number;
  private readonly passwords: PasswordQueue;

  constructor(options: SignInOptions) {
    this.options = options;
    this.passwords = options.passwords ?? passwordQueue;
    this.now = options.now ?? Date.now;
    this.operatorToken = new OperatorToken(options.adminToken, () => options.operators().token, this.now);
    this.tokenUses = new OperatorTokenUses({ db: options.db, log: options.log, now: this.now });
    this.personLimit = new RateLimit(options.requestsOfPerson);
    this.failureLines = new LogThrottle(systemClock, (count) => options.log.info({ count }, "wrong password lines suppressed"));
    this.attempts = new Attempts(options.db, options.log, this.now);
    this.devices = new KnownDevices(options.linkSecret);
    this.passwordAttempts = new PasswordAttempts(options.db, this.attempts, this.devices);
    this.passkeys = new Passkeys({ db: options.db, log: options.log, attempts: this.attempts, secret: options.linkSecret });
    this.secondFactors = new SecondFactors(options.db, this.passkeys, this.attempts, options.storedSecrets, this.now);
    this.sessions = new Sessions(options.db, options.sessionLimits, () => options.operators().secondFactor, this.now);
  }

  /**
   * The person with a login and a password.
   * @throws RefusalError wrong-password, too-many, bad-request where the password is right in several schools
   */
  async authenticate({ login, password, school, ip, device }: SignInRequest): Promise<User> {
    if (device === null) this.passwords.refuseWhileBusy(ip);
    const name = loginName(login);
    const accounts = await this.findByLogin(login, school);
    const tried = { accounts, login: name, school, ip, device };
    // A known device does not wait behind the strangers at its address.
    const from = accounts.map((account) => this.devices.find(device, account)).find((known) => known !== null) ?? ip;
    const [user, another] = await this.tryPassword(tried, () => this.matching(accounts, password, from));
    if (!user) throw new RefusalError("wrong-password");
    if (another) throw new RefusalError("bad-request", schoolText("several-schools"));
    if (!(await this.allowsPasswords(user))) throw new RefusalError("password-sign-in-off");
    return user;
  }

  /** Asks a signed-in person for the password again. @throws RefusalError wrong-password, too-many */
  async verifyPassword(user: User, password: string, ip: string): Promise<void> {
    this.passwords.refuseWhileBusy(ip);
    const tried = { accounts: [user], login: user.login, school: null, ip, device: null };
    const matches = await this.tryPassword(tried, () => this.matching([user], password, ip));
    if (matches.length === 0) throw new RefusalError("wrong-password");
  }

  /** Opens a session for a person whose identity is proven. @throws RefusalError refused-by-rule, where the network is not allowed */
  async openSession(user: User, origin: SessionOrigin): Promise<{ token: string; expiresAt: Date }> {
    await this.checkNetwork(user, origin.ip);
    if (user.break_glass_until !== null) await this.useBreakGlass(user, origin.ip);
    const session = await this.sessions.open(user, origin);
    this.options.log.info({ user: user.id, ip: origin.ip, provider: origin.providerId ?? undefined }, "session opened");
    return session;
  }

  /** @throws RefusalError wrong-password, where another sign-in was first */
  private async useBreakGlass(user: User, ip: string): Promise<void> {
    const { changes, log, onBreakGlass } = this.options;
    if (!(await useBreakGlassAccount({ changes: changes(), log }, user, ip, this.now()))) throw new RefusalError("wrong-password");
    onBreakGlass?.();
  }

  /** Ends the session of a token. */
  async signOut(token: string): Promise<void> {
    await this.options.db.deleteFrom("sessions").where("token_hash", "=", hashSecret(token)).execute();
    this.cache.delete(hashSecret(token));
  }

  /** The rights of a person or key have changed: tokens are resolved again. */
  clearCache(): void {
    this.cache.clear();
  }

  /** The actor behind a credential; null: a stranger. @throws RefusalError bad-credential, refused-by-rule, too-many */
  async actorOf(credential: RequestCredential | null, ip: string): Promise<Actor> {
    if (credential === null) return { kind: "nobody", id: null, name: "", role: null, schoolId: null, scopes: null, ip };
    const { token, isActive } = credential;
    if (this.operatorToken.matches(token)) return this.tokenActor(ip);
    const { actor, networks, requestsPerMinute } = await this.cachedActor(token, isActive);
    if (requestsPerMinute !== null) this.keyLimits.count(actor.id ?? "", requestsPerMinute);
    else this.countRequest(actor.id ?? "");
    if (actor.role === "operator") this.checkOperatorNetwork(ip);
    else if (actor.role === "administrator" && !networks.has(ip)) refuseNetwork();
    return { ...actor, ip };
  }

  /** @throws RefusalError operator-token-expired, operator-token-address, refused-by-rule */
  private tokenActor(ip: string): Actor {
    const actor: Actor = { kind: "token", id: null, name: "operator", role: "operator", schoolId: null, scopes: null, ip };
    try {
      this.operatorToken.checkUse(ip);
      this.checkOperatorNetwork(ip);
    } catch (error) {
      this.tokenUses.note(actor, error instanceof RefusalError ? error.refusal.code : String(error));
      throw error;
    }
    this.tokenUses.note(actor, null);
    return actor;
  }

  /** @throws RefusalError too-many */
  private countRequest(userId: string): void {
    assertRate(this.personLimit, [userId], protectionText("person-requests"));
  }

  /** Reads the actor of a token, or takes it from the cache, and notes the use of its session. @throws RefusalError bad-credential */
  private async cachedActor(token: string, isActive: boolean): Promise<CachedActor> {
    const hash = hashSecret(token);
    const now = this.now();
    let found = this.cache.get(hash) ?? null;
    if (!found || now - found.readAt > CACHE_MS) {
      const read = token.startsWith(API_KEY_PREFIX) ? await this.readKey(hash) : await this.readSession(hash);
      found = read && { ...read, readAt: now };
    }
    if (!found || (found.session && !this.sessions.isOpen(found.session))) {
      this.cache.delete(hash);
      throw new RefusalError("bad-credential", schoolText("signed-out"));
    }
    if (found.session && isActive) found = { ...found, session: await this.sessions.touch(found.session) };
    if (this.cache.size >= CACHE_SIZE) this.cache.clear();
    this.cache.set(hash, found);
    return found;
  }

  /** Counts the try as failed until the password was found right. */
  private async tryPassword(tried: PasswordTry, check: () => Promise<readonly User[]>): Promise<readonly User[]> {
    const counted = await this.passwordAttempts.admit(tried).catch(refuseSlowly);
    try {
      const matches = await check();
      if (matches.length > 0) await counted.succeeded();
      else this.logFailure(tried);
      return matches;
    } catch (error) {
      await counted.cancelled();
      throw error;
    }
  }

  /** Without the login, into which people type their passwords. */
  private logFailure({ accounts, ip }: PasswordTry): void {
    if (this.failureLines.allow()) this.options.log.info({ users: accounts.map(({ id }) => id), ip }, "wrong password");
  }

  private findByLogin(login: string, school: string | null): Promise<User[]> {
    const query = this.options.db
      .selectFrom("users")
      .leftJoin("schools", "schools.id", "users.school_id")
      .selectAll("users")
      .where("users.login", "in", storedLogins(login))
      .where("users.disabled_at", "is", null)
      .where(notEnded(this.now()))
      .where("schools.archived_at", "is", null)
      .orderBy("users.id")
      .limit(MAX_CANDIDATES);
    return (school === null ? query : query.where("schools.slug", "=", school)).execute();
  }

  /** Operators belong to no school, and always have their password. */
  private async allowsPasswords({ school_id }: User): Promise<boolean> {
    if (school_id === null) return true;
    const schools = this.options.db.selectFrom("schools").select("password_sign_in").where("id", "=", school_id);
    return (await schools.executeTakeFirst())?.password_sign_in ?? false;
  }

  /** The accounts with this password. @throws RefusalError too-many */
  private async matching(accounts: readonly User[], password: string, from: string): Promise<readonly User[]> {
    // An unknown login takes as long as a wrong password.
    if (accounts.length === 0) await this.passwords.verify(password, null, from);
    const matches: User[] = [];
    for (const user of accounts) if (await this.passwords.verify(password, user.password_hash, from)) matches.push(user);
    return matches;
  }

  private async checkNetwork(user: User, ip: string): Promise<void> {
    if (user.role === "operator") return this.checkOperatorNetwork(ip);
    if (user.role !== "administrator" || !user.school_id) return;
    const { db } = this.options;
    const school = await db.selectFrom("schools").select("admin_networks").where("id", "=", user.school_id).executeTakeFirst();
    if (!networkSet(school?.admin_networks ?? []).has(ip)) refuseNetwork();
  }

  private checkOperatorNetwork(ip: string): void {
    if (!networkSet(this.options.operators().allowedNetworks).has(ip)) refuseNetwork();
  }

  private async readSession(hash: string): Promise<Omit<CachedActor, "readAt"> | null> {
    const session = await this.sessions.read(hash);
    if (!session) return null;
    const { userId: id, name, role, schoolId, adminNetworks, lacksSecondFactor, isBreakGlass } = session;
    const actor = { kind: "user" as const, id, name, role, schoolId, scopes: null, lacksSecondFactor, isBreakGlass };
    return { actor, networks: networkSet(adminNetworks), session, requestsPerMinute: null };
  }

  private async readKey(hash: string): Promise<Omit<CachedActor, "readAt"> | null> {
    const key = await readApiKey(this.options.db, hash, new Date(this.now()));
    if (!key) return null;
    const { actor, adminNetworks, requestsPerMinute } = key;
    return { actor, networks: networkSet(adminNetworks), session: null, requestsPerMinute };
  }
}

/** Refuses a locked try after a moment, in which it has one of the places of its address: a client that is refused at once comes again at once. */
async function refuseSlowly(refusal: unknown): Promise<never> {
  await setTimeout(REFUSED_AFTER_MS);
  throw refusal;
}

/** @param networks empty: all */
function networkSet(networks: readonly string[]): AddressSet {
  return new AddressSet(networks.length === 0 ? ["0.0.0.0/0", "::/0"] : networks);
}

function refuseNetwork(): never {
  throw new RefusalError("refused-by-rule", schoolText("network-not-allowed"));
}

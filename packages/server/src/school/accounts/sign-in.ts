/** Signs people in, and resolves bearer tokens to actors: a session, an API key, or the operator's token of the environment. */
import { type Actor, type Role, SCOPES, type Scope } from "../../access/actor.ts";
import { AddressSet } from "../../platform/address.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { equalSecrets, hashSecret, newSecret } from "../../platform/secrets.ts";
import { schoolText } from "../messages/school-texts.ts";
import type { Database, User } from "../store/tables.ts";
import { type Attempt, Attempts } from "./attempts.ts";
import { verifyPassword } from "./password.ts";

export type SignedIn = { readonly token: string; readonly expiresAt: Date; readonly user: User };

/** A session ends when it is unused for this long. */
const SESSION_MS = 30 * 24 * 3600 * 1000;
/** The last use of a session is saved at most this often. */
const SAVE_SEEN_MS = 3600 * 1000;
/** Resolved tokens are cached for this long. Changes by this process clear the cache at once. */
const CACHE_MS = 10_000;
const CACHE_SIZE = 20_000;
/** Several schools may have the same login; the password is compared with this many of them at most. */
const MAX_CANDIDATES = 10;
export const API_KEY_PREFIX = "lk_";

type CachedActor = { readonly actor: Omit<Actor, "ip">; readonly networks: AddressSet; readonly readAt: number };

export type SignInOptions = {
  readonly db: Database;
  /** LECTERN_ADMIN_TOKEN. */
  readonly adminToken: string | null;
  /** Networks that operators may sign in from; empty: all. */
  readonly operatorNetworks: () => readonly string[];
};

export class SignInService {
  readonly attempts: Attempts;
  private readonly options: SignInOptions;
  private readonly cache = new Map<string, CachedActor>();

  constructor(options: SignInOptions) {
    this.options = options;
    this.attempts = new Attempts(options.db);
  }

  /**
   * @param school the school's slug, needed when several schools have the login
   * @throws RefusalError wrong-password, too-many, refused-by-rule
   */
  async signIn(login: string, password: string, school: string | null, ip: string, agent: string): Promise<SignedIn> {
    const name = login.trim().toLowerCase();
    const attempts: Attempt[] = [
      { kind: "person", subject: `${name} ${ip}` },
      { kind: "login", subject: name },
      { kind: "address", subject: ip },
    ];
    await this.attempts.check(attempts);
    const user = await this.findByCredentials(name, password, school);
    if (!user) {
      await this.attempts.failed(attempts);
      throw new RefusalError("wrong-password");
    }
    await this.checkNetwork(user, ip);
    await this.attempts.succeeded(attempts.slice(0, 1));
    return { ...(await this.openSession(user, ip, agent)), user };
  }

  /** Asks a signed-in person for the password again. @throws RefusalError wrong-password, too-many */
  async verifyPassword(user: User, password: string, ip: string): Promise<void> {
    const attempts: Attempt[] = [{ kind: "person", subject: `${user.id} ${ip}` }];
    await this.attempts.check(attempts);
    if (await verifyPassword(password, user.password_hash)) return;
    await this.attempts.failed(attempts);
    throw new RefusalError("wrong-password");
  }

  async openSession(user: User, ip: string, agent: string): Promise<{ token: string; expiresAt: Date }> {
    const token = newSecret();
    const now = new Date();
    const expiresAt = new Date(now.getTime() + SESSION_MS);
    const row = { token_hash: hashSecret(token), user_id: user.id, ip, agent, seen_at: now, expires_at: expiresAt };
    await this.options.db.insertInto("sessions").values(row).execute();
    return { token, expiresAt };
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

  /** The actor behind a token; null: a stranger. @throws RefusalError bad-credential, refused-by-rule */
  async actorOf(token: string | null, ip: string): Promise<Actor> {
    if (token === null) return { kind: "nobody", id: null, name: "", role: null, schoolId: null, scopes: null, ip };
    const { adminToken } = this.options;
    if (adminToken !== null && equalSecrets(token, adminToken)) {
      this.checkOperatorNetwork(ip);
      return { kind: "token", id: null, name: "operator", role: "operator", schoolId: null, scopes: null, ip };
    }
    const hash = hashSecret(token);
    const now = Date.now();
    let cached = this.cache.get(hash);
    if (!cached || now - cached.readAt > CACHE_MS) {
      const read = token.startsWith(API_KEY_PREFIX) ? await this.readKey(hash) : await this.readSession(hash);
      if (!read) {
        this.cache.delete(hash);
        throw new RefusalError("bad-credential", schoolText("signed-out"));
      }
      cached = { ...read, readAt: now };
      if (this.cache.size >= CACHE_SIZE) this.cache.clear();
      this.cache.set(hash, cached);
    }
    const { actor, networks } = cached;
    if (actor.role === "operator") this.checkOperatorNetwork(ip);
    else if (actor.role === "administrator" && !networks.has(ip)) refuseNetwork();
    return { ...actor, ip };
  }

  /** Null where login and password match nobody. @throws RefusalError bad-request, where they match people of several schools */
  private async findByCredentials(login: string, password: string, school: string | null): Promise<User | null> {
    let query = this.options.db
      .selectFrom("users")
      .leftJoin("schools", "schools.id", "users.school_id")
      .selectAll("users")
      .where("users.login", "=", login)
      .where("users.disabled_at", "is", null)
      .where("schools.archived_at", "is", null)
      .limit(MAX_CANDIDATES);
    if (school !== null) query = query.where("schools.slug", "=", school);
    const candidates = await query.execute();
    // An unknown login takes as long as a wrong password.
    if (candidates.length === 0) await verifyPassword(password, null);
    const matches: User[] = [];
    for (const user of candidates) if (await verifyPassword(password, user.password_hash)) matches.push(user);
    if (matches.length > 1) throw new RefusalError("bad-request", schoolText("several-schools"));
    return matches[0] ?? null;
  }

  private async checkNetwork(user: User, ip: string): Promise<void> {
    if (user.role === "operator") return this.checkOperatorNetwork(ip);
    if (user.role !== "administrator" || !user.school_id) return;
    const { db } = this.options;
    const school = await db.selectFrom("schools").select("admin_networks").where("id", "=", user.school_id).executeTakeFirst();
    if (!networkSet(school?.admin_networks ?? []).has(ip)) refuseNetwork();
  }

  private checkOperatorNetwork(ip: string): void {
    if (!networkSet(this.options.operatorNetworks()).has(ip)) refuseNetwork();
  }

  private async readSession(hash: string): Promise<Omit<CachedActor, "readAt"> | null> {
    const { db } = this.options;
    const now = new Date();
    const row = await db
      .selectFrom("sessions")
      .innerJoin("users", "users.id", "sessions.user_id")
      .leftJoin("schools", "schools.id", "users.school_id")
      .select(["users.id", "users.name", "users.role", "users.school_id", "sessions.seen_at", "schools.admin_networks"])
      .where("sessions.token_hash", "=", hash)
      .where("sessions.expires_at", ">", now)
      .where("users.disabled_at", "is", null)
      .where("schools.archived_at", "is", null)
      .executeTakeFirst();
    if (!row) return null;
    if (now.getTime() - row.seen_at.getTime() > SAVE_SEEN_MS) {
      const expires = new Date(now.getTime() + SESSION_MS);
      await db.updateTable("sessions").set({ seen_at: now, expires_at: expires }).where("token_hash", "=", hash).execute();
    }
    const { id, name, role, school_id: schoolId } = row;
    return { actor: { kind: "user", id, name, role, schoolId, scopes: null }, networks: networkSet(row.admin_networks ?? []) };
  }

  private async readKey(hash: string): Promise<Omit<CachedActor, "readAt"> | null> {
    const { db } = this.options;
    const now = new Date();
    const row = await db
      .selectFrom("api_keys")
      .leftJoin("schools", "schools.id", "api_keys.school_id")
      .select(["api_keys.id", "api_keys.name", "api_keys.school_id", "api_keys.scopes", "schools.admin_networks"])
      .where("secret_hash", "=", hash)
      .where((where) => where.or([where("expires_at", "is", null), where("expires_at", ">", now)]))
      .where("schools.archived_at", "is", null)
      .executeTakeFirst();
    if (!row) return null;
    await db.updateTable("api_keys").set({ used_at: now }).where("id", "=", row.id).execute();
    const { id, name, school_id: schoolId } = row;
    const scopes = SCOPES.filter((scope): scope is Scope => row.scopes.includes(scope));
    const role: Role = schoolId === null ? "operator" : "administrator";
    return { actor: { kind: "key", id, name, role, schoolId, scopes }, networks: networkSet(row.admin_networks ?? []) };
  }
}

/** @param networks empty: all */
function networkSet(networks: readonly string[]): AddressSet {
  return new AddressSet(networks.length === 0 ? ["0.0.0.0/0", "::/0"] : networks);
}

function refuseNetwork(): never {
  throw new RefusalError("refused-by-rule", schoolText("network-not-allowed"));
}

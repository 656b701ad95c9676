/**
 * Opens, reads, lists and ends the sessions of people. A session ends when it is idle for the school's time, when it has reached the longest
 * duration, or when somebody ends it (OWASP ASVS 4.0, section 3.3).
 */
import { type Expression, type SqlBool, sql } from "kysely";
import type { Role } from "../../../access/actor.ts";
import { hashSecret, newSecret } from "../../../platform/secrets.ts";
import type { Database, Db, Session, User } from "../../foundation/store/tables.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 3600 * 1000;
/** The last use of a session is saved at most this often, and at most this often in one idle time. */
const SAVE_SEEN_MS = 3600 * 1000;
const SAVES_PER_IDLE_TIME = 20;
const MAX_LISTED = 200;

/** Staff, of whom a school can require a second factor. */
const FACTOR_ROLES: readonly Role[] = ["administrator", "teacher", "assistant"];

/** The limits of sessions, from the configuration. */
export type SessionLimits = {
  /** Minutes without use after which a session ends, where the school does not say otherwise. */
  readonly idleMinutes: number;
  /** Days after which a session ends however much it is used. */
  readonly maxDays: number;
};

/** Where a session was opened. */
export type SessionOrigin = {
  readonly ip: string;
  readonly agent: string;
  /** The provider that signed the person in; null: a password or a passkey did. */
  readonly providerId: string | null;
  /** The passkey that signed the person in, alone or after the password. Default: none. */
  readonly passkeyId?: string | null;
  /** When the person proved who they are, where that was before the session. Default: now. */
  readonly provenAt?: Date;
};

export type OpenSession = {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly role: Role;
  readonly schoolId: string | null;
  readonly adminNetworks: readonly string[];
  readonly tokenHash: string;
  readonly seenAt: number;
  /** Milliseconds. */
  readonly idleMs: number;
  /** Milliseconds since 1970. */
  readonly endsAt: number;
  /** The school requires a second factor, the password opened the session, and the person has none yet. */
  readonly lacksSecondFactor: boolean;
  /** Of an operator for an emergency, whose sessions end with the account. */
  readonly isBreakGlass: boolean;
};

export class Sessions {
  private readonly db: Database;
  private readonly limits: () => SessionLimits;
  private readonly operatorsNeedFactor: () => boolean;
  private readonly now: () => number;

  constructor(db: Database, limits: () => SessionLimits, operatorsNeedFactor: () => boolean, now: () => number) {
    this.db = db;
    this.limits = limits;
    this.operatorsNeedFactor = operatorsNeedFactor;
    this.now = now;
  }

  async open(
    user: User,
    { ip, agent, providerId, passkeyId = null, provenAt }: SessionOrigin,
  ): Promise<{ token: string; expiresAt: Date }> {
    const token = newSecret();
    const now = this.now();
    const idleMs = this.idleMs(await idleMinutesOf(this.db, user.school_id));
    const expiresAt = new Date(Math.min(now + idleMs, now + this.maxMs(), user.break_glass_until?.getTime() ?? Infinity));
    const row = { token_hash: hashSecret(token), user_id: user.id, ip, agent, provider_id: providerId, passkey_id: passkeyId };
    await this.db
      .insertInto("sessions")
      .values({
        ...row,
        created_at: new Date(now),
        seen_at: new Date(now),
        expires_at: expiresAt,
        proven_at: provenAt ?? new Date(now),
      })
      .execute();
    await this.db
      .updateTable("users")
      .set({ signed_in_at: new Date(now) })
      .where("id", "=", user.id)
      .where("signed_in_at", "is", null)
      .execute();
    return { token, expiresAt };
  }

  /** The session of a token's hash; null where it has ended, or its person may not sign in any more. */
  async read(hash: string): Promise<OpenSession | null> {
    const now = this.now();
    const row = await this.db
      .selectFrom("sessions")
      .innerJoin("users", "users.id", "sessions.user_id")
      .leftJoin("schools", "schools.id", "users.school_id")
      .select(["users.id as user_id", "users.name", "users.role", "users.school_id", "users.break_glass_until"])
      .leftJoin("second_factors", "second_factors.user_id", "users.id")
      .select(["sessions.id", "sessions.seen_at", "sessions.created_at", "schools.admin_networks", "schools.idle_minutes"])
      .select(["sessions.provider_id", "schools.second_factor", "second_factors.confirmed_at"])
      .select(({ selectFrom, exists }) =>
        exists(selectFrom("passkeys").select("passkeys.id").whereRef("passkeys.user_id", "=", "users.id")).as("has_passkey"),
      )
      .where("sessions.token_hash", "=", hash)
      .where("sessions.expires_at", ">", new Date(now))
      .where("users.disabled_at", "is", null)
      .where(notEnded(now))
      .where("schools.archived_at", "is", null)
      .executeTakeFirst();
    if (!row) return null;
    const { id, user_id: userId, name, role, school_id: schoolId, break_glass_until: until } = row;
    const session: OpenSession = {
      id,
      userId,
      name,
      role,
      schoolId,
      adminNetworks: row.admin_networks ?? [],
      tokenHash: hash,
      seenAt: row.seen_at.getTime(),
      idleMs: this.idleMs(row.idle_minutes ?? 0),
      endsAt: Math.min(row.created_at.getTime() + this.maxMs(), until?.getTime() ?? Infinity),
      isBreakGlass: until !== null,
      lacksSecondFactor:
        this.needsFactor(role, row.second_factor ?? false) &&
        row.provider_id === null &&
        until === null &&
        row.confirmed_at === null &&
        !row.has_passkey,
    };
    return this.isOpen(session) ? session : null;
  }

  /** The provider that opened the session of a token; null where a password did, or there is none. */
  async providerOf(token: string): Promise<string | null> {
    const sessions = this.db.selectFrom("sessions").select("provider_id").where("token_hash", "=", hashSecret(token));
    return (await sessions.executeTakeFirst())?.provider_id ?? null;
  }

  /** @param schoolRequires the setting of the person's school */
  private needsFactor(role: Role, schoolRequires: boolean): boolean {
    return role === "operator" ? this.operatorsNeedFactor() : schoolRequires && FACTOR_ROLES.includes(role);
  }

  /** Whether the school, or for operators the server, requires a second factor of the person. */
  async requiresFactor({ role, school_id }: User): Promise<boolean> {
    const schools = this.db
      .selectFrom("schools")
      .select("second_factor")
      .where("id", "=", school_id ?? "");
    return this.needsFactor(role, (await schools.executeTakeFirst())?.second_factor ?? false);
  }

  /** False once the session was idle or open for too long. */
  isOpen({ seenAt, idleMs, endsAt }: OpenSession): boolean {
    const now = this.now();
    return now - seenAt < idleMs && now < endsAt;
  }

  /** Notes that the person uses the session. Gives the session as it is then. */
  async touch(session: OpenSession): Promise<OpenSession> {
    const now = this.now();
    const { idleMs, endsAt, tokenHash } = session;
    if (now - session.seenAt < Math.min(SAVE_SEEN_MS, idleMs / SAVES_PER_IDLE_TIME)) return session;
    const expires = new Date(Math.min(now + idleMs, endsAt));
    await this.db
      .updateTable("sessions")
      .set({ seen_at: new Date(now), expires_at: expires })
      .where("token_hash", "=", tokenHash)
      .execute();
    return { ...session, seenAt: now };
  }

  /** Notes that the person has just proved again who they are. @param hash of the session's token */
  async prove(hash: string): Promise<void> {
    const proven_at = new Date(this.now());
    await this.db.updateTable("sessions").set({ proven_at }).where("token_hash", "=", hash).execute();
  }

  /** Whether the person has proved who they are so recently. Read from the database: another process may have noted it. */
  async isProvenWithin(hash: string, minutes: number): Promise<boolean> {
    const sessions = this.db.selectFrom("sessions").select(["proven_at", "created_at"]).where("token_hash", "=", hash);
    const session = await sessions.executeTakeFirst();
    if (!session) return false;
    const { proven_at: provenAt, created_at: createdAt } = session;
    return this.now() - (provenAt ?? createdAt).getTime() < minutes * MINUTE_MS;
  }

  /** The open sessions of a person, the last used first. */
  async list(userId: string): Promise<Session[]> {
    const now = this.now();
    const idleMs = this.idleMs(await idleMinutesOfUser(this.db, userId));
    return await this.db
      .selectFrom("sessions")
      .selectAll()
      .where("user_id", "=", userId)
      .where("expires_at", ">", new Date(now))
      .where("seen_at", ">", new Date(now - idleMs))
      .where("created_at", ">", new Date(now - this.maxMs()))
      .orderBy("seen_at", "desc")
      .limit(MAX_LISTED)
      .execute();
  }

  private idleMs(schoolMinutes: number): number {
    return (schoolMinutes > 0 ? schoolMinutes : this.limits().idleMinutes) * MINUTE_MS;
  }

  private maxMs(): number {
    return this.limits().maxDays * DAY_MS;
  }
}

/** Whether an account has no end, or has not reached it. @param now milliseconds since 1970 */
export function notEnded(now: number): Expression<SqlBool> {
  return sql<SqlBool>`(users.break_glass_until is null or users.break_glass_until > ${new Date(now)})`;
}

async function idleMinutesOf(db: Db, schoolId: string | null): Promise<number> {
  if (schoolId === null) return 0;
  const school = await db.selectFrom("schools").select("idle_minutes").where("id", "=", schoolId).executeTakeFirst();
  return school?.idle_minutes ?? 0;
}

async function idleMinutesOfUser(db: Db, userId: string): Promise<number> {
  const user = await db.selectFrom("users").select("school_id").where("id", "=", userId).executeTakeFirst();
  return await idleMinutesOf(db, user?.school_id ?? null);
}

/** Resolves API keys, also by their secret before the last rotation, and limits how many requests each may make. */
import { type Actor, type Role, SCOPES, type Scope } from "../../../access/actor.ts";
import { RateLimit } from "../../../platform/rate-limit.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { assertRate } from "../../foundation/requests/request-rate.ts";
import type { Database } from "../../foundation/store/tables.ts";

/** Of keys without a limit of their own: a hundred in a second. */
export const DEFAULT_REQUESTS_PER_MINUTE = 6000;
/** Seconds' worth of requests that a key may make at once after a rest. */
const BURST_SECONDS = 10;
/** The last use of a key is saved at most this often. */
const SAVE_USED_MS = 60_000;

export type KeyActor = {
  readonly actor: Omit<Actor, "ip">;
  /** Of the key's school; empty: all. */
  readonly adminNetworks: readonly string[];
  readonly requestsPerMinute: number;
};

/** The actor behind a key, by the hash of its secret; null where the key does not exist, has expired, or was rotated too long ago. */
export async function readApiKey(db: Database, hash: string, now: Date): Promise<KeyActor | null> {
  const row = await db
    .selectFrom("api_keys")
    .leftJoin("schools", "schools.id", "api_keys.school_id")
    .select(["api_keys.id", "api_keys.name", "api_keys.school_id", "api_keys.scopes", "api_keys.requests_per_minute"])
    .select(["api_keys.used_at", "schools.admin_networks"])
    .where((where) =>
      where.or([
        where("secret_hash", "=", hash),
        where.and([where("previous_hash", "=", hash), where("previous_until", ">", now)]),
      ]),
    )
    .where((where) => where.or([where("expires_at", "is", null), where("expires_at", ">", now)]))
    .where("schools.archived_at", "is", null)
    .executeTakeFirst();
  if (!row) return null;
  if (row.used_at === null || now.getTime() - row.used_at.getTime() > SAVE_USED_MS)
    await db.updateTable("api_keys").set({ used_at: now }).where("id", "=", row.id).execute();
  const { id, name, school_id: schoolId } = row;
  const scopes = SCOPES.filter((scope): scope is Scope => row.scopes.includes(scope));
  const role: Role = schoolId === null ? "operator" : "administrator";
  return {
    actor: { kind: "key", id, name, role, schoolId, scopes },
    adminNetworks: row.admin_networks ?? [],
    requestsPerMinute: row.requests_per_minute ?? DEFAULT_REQUESTS_PER_MINUTE,
  };
}

/** Counts the requests of each key, in this process. */
export class KeyLimits {
  private readonly now: () => number;
  /** Keys with the same limit share the buckets' settings. */
  private readonly byRate = new Map<number, RateLimit>();

  /** @param now monotonic milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.now = now;
  }

  /** Counts a request. @throws RefusalError too-many, with the seconds until the next request is let through */
  count(keyId: string, requestsPerMinute: number): void {
    assertRate(this.limitOf(requestsPerMinute), [keyId], schoolText("key-limit", { count: requestsPerMinute }));
  }

  private limitOf(requestsPerMinute: number): RateLimit {
    let limit = this.byRate.get(requestsPerMinute);
    if (!limit) {
      const perSecond = requestsPerMinute / 60;
      limit = new RateLimit({ burst: Math.max(1, Math.round(perSecond * BURST_SECONDS)), perSecond }, this.now);
      this.byRate.set(requestsPerMinute, limit);
    }
    return limit;
  }
}

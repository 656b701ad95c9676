/** Counts failed attempts at passwords and join codes, and locks further ones. The counts are in the database and survive a restart. */
import { RefusalError } from "../../platform/api/server.ts";
import { schoolText } from "../messages/school-texts.ts";
import type { Database } from "../store/tables.ts";

export type AttemptLimit = {
  /** This many failures… */
  readonly failures: number;
  /** …each within this time after the one before… */
  readonly withinSeconds: number;
  /** …lock for this long. */
  readonly lockSeconds: number;
};

const MINUTE = 60;
export const LIMITS = {
  /** One login from one address. */
  person: { failures: 5, withinSeconds: 15 * MINUTE, lockSeconds: 5 * MINUTE },
  /** One login from all addresses: many attackers, one victim. */
  login: { failures: 50, withinSeconds: 60 * MINUTE, lockSeconds: 15 * MINUTE },
  /** One address, all logins. A whole school may share it. */
  address: { failures: 1000, withinSeconds: 15 * MINUTE, lockSeconds: 15 * MINUTE },
  /** Unknown join codes from one address, which a whole school may share. */
  code: { failures: 300, withinSeconds: 10 * MINUTE, lockSeconds: 10 * MINUTE },
} as const satisfies Record<string, AttemptLimit>;

export type Attempt = { readonly kind: keyof typeof LIMITS; readonly subject: string };

export class Attempts {
  private readonly db: Database;
  private readonly now: () => number;

  constructor(db: Database, now: () => number = Date.now) {
    this.db = db;
    this.now = now;
  }

  /** @throws RefusalError too-many, while any of them is locked */
  async check(attempts: readonly Attempt[]): Promise<void> {
    const keys = attempts.map(keyOf);
    const locked = await this.db
      .selectFrom("attempts")
      .select("locked_until")
      .where("key", "in", keys)
      .where("locked_until", ">", new Date(this.now()))
      .executeTakeFirst();
    if (!locked?.locked_until) return;
    const minutes = Math.max(1, Math.ceil((locked.locked_until.getTime() - this.now()) / 60_000));
    throw new RefusalError("too-many", schoolText("locked", { count: minutes }));
  }

  /** Counts a failure for each of them. */
  async failed(attempts: readonly Attempt[]): Promise<void> {
    const now = new Date(this.now());
    for (const attempt of attempts) {
      const { failures: maxFailures, withinSeconds, lockSeconds } = LIMITS[attempt.kind];
      const key = keyOf(attempt);
      await this.db.transaction().execute(async (trx) => {
        const known = await trx.selectFrom("attempts").selectAll().where("key", "=", key).forUpdate().executeTakeFirst();
        const recent = known && now.getTime() - known.failed_at.getTime() < withinSeconds * 1000;
        const failures = recent ? known.failures + 1 : 1;
        const locks = failures >= maxFailures;
        const row = {
          failures: locks ? 0 : failures,
          failed_at: now,
          locked_until: locks ? new Date(now.getTime() + lockSeconds * 1000) : (known?.locked_until ?? null),
        };
        await trx
          .insertInto("attempts")
          .values({ key, ...row })
          .onConflict((conflict) => conflict.column("key").doUpdateSet(row))
          .execute();
      });
    }
  }

  /** Clears the counts. */
  async succeeded(attempts: readonly Attempt[]): Promise<void> {
    await this.db.deleteFrom("attempts").where("key", "in", attempts.map(keyOf)).execute();
  }

  /** Deletes counts that no longer matter. */
  async sweep(): Promise<void> {
    await this.db
      .deleteFrom("attempts")
      .where("failed_at", "<", new Date(this.now() - 24 * 3600 * 1000))
      .execute();
  }
}

function keyOf({ kind, subject }: Attempt): string {
  return `${kind} ${subject}`;
}

/** Failed attempts at passwords and join codes: who fails too often waits. Kept in the database, so that a restart forgives nobody. */
import { RefusalError } from "../../platform/api/server.ts";
import type { Database } from "../store/tables.ts";

export type AttemptLimit = {
  /** So many failures… */
  readonly failures: number;
  /** …of which none is older than this before the next… */
  readonly withinSeconds: number;
  /** …lock for so long. */
  readonly lockSeconds: number;
};

const MINUTE = 60;
export const LIMITS = {
  /** One person's name from one address. */
  person: { failures: 5, withinSeconds: 15 * MINUTE, lockSeconds: 5 * MINUTE },
  /** One person's name from anywhere: many addresses, one victim. */
  login: { failures: 50, withinSeconds: 60 * MINUTE, lockSeconds: 15 * MINUTE },
  /** One address, many names. A whole school may be behind it. */
  address: { failures: 1000, withinSeconds: 15 * MINUTE, lockSeconds: 15 * MINUTE },
  /** Join codes that are none, from one address, behind which a whole school may mistype them. */
  code: { failures: 300, withinSeconds: 10 * MINUTE, lockSeconds: 10 * MINUTE },
} as const satisfies Record<string, AttemptLimit>;

export type Attempt = { readonly kind: keyof typeof LIMITS; readonly of: string };

export class Attempts {
  private readonly db: Database;
  private readonly now: () => number;

  constructor(db: Database, now: () => number = Date.now) {
    this.db = db;
    this.now = now;
  }

  /** @throws RefusalError `too-many`, while one of them is locked */
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
    throw new RefusalError("too-many", `Too many wrong attempts. Try again in ${minutes} minute${minutes === 1 ? "" : "s"}.`);
  }

  async failed(attempts: readonly Attempt[]): Promise<void> {
    const now = new Date(this.now());
    for (const attempt of attempts) {
      const { failures: most, withinSeconds, lockSeconds } = LIMITS[attempt.kind];
      const key = keyOf(attempt);
      await this.db.transaction().execute(async (trx) => {
        const known = await trx.selectFrom("attempts").selectAll().where("key", "=", key).forUpdate().executeTakeFirst();
        const recent = known && now.getTime() - known.failed_at.getTime() < withinSeconds * 1000;
        const failures = recent ? known.failures + 1 : 1;
        const locks = failures >= most;
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

  async succeeded(attempts: readonly Attempt[]): Promise<void> {
    await this.db.deleteFrom("attempts").where("key", "in", attempts.map(keyOf)).execute();
  }

  /** Forgets what is long over. */
  async sweep(): Promise<void> {
    await this.db
      .deleteFrom("attempts")
      .where("failed_at", "<", new Date(this.now() - 24 * 3600 * 1000))
      .execute();
  }
}

function keyOf({ kind, of }: Attempt): string {
  return `${kind} ${of}`;
}

/**
 * Counts failed attempts at passwords and join codes, and locks further ones. An attempt is counted before it is made and given back when it
 * succeeds, so forty attempts at once count as forty. The counts are in the database: all control processes share them, and they survive a
 * restart.
 */
import { sql } from "kysely";
import { RefusalError } from "../../../platform/api/server.ts";
import type { Logger } from "../../../platform/log.ts";
import { Refusal } from "../../../platform/refusal.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import type { Database } from "../../foundation/store/tables.ts";

export type AttemptLimit = {
  /** This many failures… */
  readonly failures: number;
  /** …each within this time after the one before… */
  readonly withinSeconds: number;
  /** …lock for this long. */
  readonly lockSeconds: number;
};

const MINUTE = 60;
const BELIEVED_MS = 1000;
const MAX_SEEN = 10_000;
export const LIMITS = {
  /** One account from one address. */
  person: { failures: 5, withinSeconds: 15 * MINUTE, lockSeconds: 5 * MINUTE },
  /** One account from one known device. */
  device: { failures: 10, withinSeconds: 15 * MINUTE, lockSeconds: 5 * MINUTE },
  /** One account from all unknown devices and addresses: many attackers, one victim. Each address has no more than `person` allows. */
  account: { failures: 200, withinSeconds: 60 * MINUTE, lockSeconds: 5 * MINUTE },
  /** One address, all accounts. A whole school may share it. */
  address: { failures: 1000, withinSeconds: 15 * MINUTE, lockSeconds: 15 * MINUTE },
  /** Unknown join codes from one address, which a whole school may share. Known codes are always accepted. */
  code: { failures: 300, withinSeconds: 10 * MINUTE, lockSeconds: 10 * MINUTE },
  /** Access codes of one examination that one person tries; it stays locked for the right one too. */
  access: { failures: 20, withinSeconds: 10 * MINUTE, lockSeconds: 10 * MINUTE },
  /** Access codes of one examination that people without an account try at one address, which a whole school may share. */
  entrance: { failures: 300, withinSeconds: 10 * MINUTE, lockSeconds: 10 * MINUTE },
  /** Codes and passkeys of the second factor of one account, from everywhere: a person who tries them has the password. */
  factor: { failures: 5, withinSeconds: 60 * MINUTE, lockSeconds: 15 * MINUTE },
  /** Passkeys from one address that are not known here or answer wrongly. A whole school may share it. */
  passkey: { failures: 300, withinSeconds: 15 * MINUTE, lockSeconds: 15 * MINUTE },
  /** Codes of televisions that one person types, or people without an account at one address. */
  screen: { failures: 20, withinSeconds: 10 * MINUTE, lockSeconds: 10 * MINUTE },
  /** Reset links that one address requests, or uses without success. */
  reset: { failures: 60, withinSeconds: 15 * MINUTE, lockSeconds: 15 * MINUTE },
  /** Reset links that strangers request for one login. */
  mailbox: { failures: 3, withinSeconds: 60 * MINUTE, lockSeconds: 60 * MINUTE },
} as const satisfies Record<string, AttemptLimit>;

export type Attempt = { readonly kind: keyof typeof LIMITS; readonly subject: string };

type Row = { readonly key: string; readonly failures: number; readonly locked_until: Date | null };

export class Attempts {
  private readonly db: Database;
  private readonly log: Logger;
  private readonly now: () => number;
  /** Locks that were seen a moment ago, by key: a flood of refused attempts asks the database once a second. */
  private readonly seenLocks = new Map<string, { readonly seenAt: number; readonly until: number }>();

  constructor(db: Database, log: Logger, now: () => number = Date.now) {
    this.db = db;
    this.log = log;
    this.now = now;
  }

  /**
   * Counts a failure for each of them, before it is known whether the attempt fails. Where one is locked, none is counted.
   * @returns the seconds until the last lock ends; 0: nothing is locked
   */
  async count(attempts: readonly Attempt[]): Promise<number> {
    if (attempts.length === 0) return 0;
    const now = this.now();
    const known = this.knownWait(attempts, now);
    if (known > 0) return known;
    const rows = await this.increment(attempts, now);
    // A row above its limit was locked before this attempt, which did not raise it.
    const locked = attempts.flatMap((attempt) => {
      const row = rows.find(({ key }) => key === keyOf(attempt));
      return row && row.failures > LIMITS[attempt.kind].failures ? [{ attempt, row }] : [];
    });
    if (locked.length === 0) {
      this.logLocks(attempts, rows);
      return 0;
    }
    await this.giveBack(attempts.filter((attempt) => locked.every((other) => other.attempt !== attempt)));
    for (const { row } of locked) this.remember(row, now);
    return Math.max(...locked.map(({ row }) => ((row.locked_until?.getTime() ?? now) - now) / 1000), 1);
  }

  /** Seconds until its lock ends; 0: it is not locked. Counts nothing. */
  async lockedFor(attempt: Attempt): Promise<number> {
    const now = this.now();
    const known = this.knownWait([attempt], now);
    if (known > 0) return known;
    const rows = this.db.selectFrom("attempts").select("locked_until").where("key", "=", keyOf(attempt));
    const until = (await rows.executeTakeFirst())?.locked_until?.getTime() ?? now;
    return Math.max(until - now, 0) / 1000;
  }

  /** Counts like `count`. @throws RefusalError too-many, while one of them is locked */
  async admit(attempts: readonly Attempt[]): Promise<void> {
    const seconds = await this.count(attempts);
    if (seconds > 0) throw lockedRefusal(seconds);
  }

  /** Takes counted attempts back: they did not fail. Opens the locks that they caused. */
  async giveBack(attempts: readonly Attempt[]): Promise<void> {
    for (const attempt of ordered(attempts)) {
      this.seenLocks.delete(keyOf(attempt));
      const { failures } = LIMITS[attempt.kind];
      await this.db
        .updateTable("attempts")
        .set((row) => ({
          failures: row
            .case()
            .when("failures", ">", failures)
            .then(failures - 1)
            .else(sql<number>`greatest(failures - 1, 0)`)
            .end(),
          locked_until: null,
        }))
        .where("key", "=", keyOf(attempt))
        .execute();
    }
  }

  /** Clears the counts. */
  async clear(attempts: readonly Attempt[]): Promise<void> {
    if (attempts.length === 0) return;
    for (const attempt of attempts) this.seenLocks.delete(keyOf(attempt));
    await this.db.deleteFrom("attempts").where("key", "in", attempts.map(keyOf)).execute();
  }

  /** Deletes counts that no longer matter. */
  async sweep(): Promise<void> {
    await this.db
      .deleteFrom("attempts")
      .where("failed_at", "<", new Date(this.now() - 24 * 3600 * 1000))
      .execute();
  }

  /**
   * One statement, so that attempts at the same time are counted one after the other. `failures` of the result: the number of this attempt, or
   * more than the limit where the key is locked.
   */
  private async increment(attempts: readonly Attempt[], now: number): Promise<readonly Row[]> {
    const at = new Date(now);
    const rows = ordered(attempts).map((attempt) => {
      const { failures, withinSeconds, lockSeconds } = LIMITS[attempt.kind];
      const since = new Date(now - withinSeconds * 1000);
      const until = new Date(now + lockSeconds * 1000);
      return { key: keyOf(attempt), failures, since, until };
    });
    const values = sql.join(
      rows.map(
        ({ key, failures, since, until }) =>
          sql`(${key}::text, ${failures}::integer, ${since}::timestamptz, ${until}::timestamptz)`,
      ),
    );
    // Each row's limit travels beside it, because EXCLUDED has the columns of the table only.
    const { rows: counted } = await sql<Row>`
      with wanted (key, most, since, until) as (values ${values})
      insert into attempts as known (key, failures, failed_at, locked_until)
      select key, 1, ${at}::timestamptz, case when most <= 1 then until end from wanted order by key
      on conflict (key) do update set
        failures = case
          when known.locked_until > ${at}::timestamptz then (select most + 1 from wanted where wanted.key = known.key)
          when known.locked_until is not null or known.failed_at <= (select since from wanted where wanted.key = known.key) then 1
          else known.failures + 1 end,
        failed_at = case when known.locked_until > ${at}::timestamptz then known.failed_at else ${at}::timestamptz end,
        locked_until = case
          when known.locked_until > ${at}::timestamptz then known.locked_until
          when known.locked_until is null and known.failed_at > (select since from wanted where wanted.key = known.key)
            and known.failures + 1 >= (select most from wanted where wanted.key = known.key)
            then (select until from wanted where wanted.key = known.key)
          end
      returning key, failures, locked_until`.execute(this.db);
    return counted;
  }

  /** Seconds until the end of locks that were seen a moment ago. Another process may open them, so they are not believed for long. */
  private knownWait(attempts: readonly Attempt[], now: number): number {
    const waits = attempts.map((attempt) => {
      const lock = this.seenLocks.get(keyOf(attempt));
      return lock && now - lock.seenAt < BELIEVED_MS && now >= lock.seenAt ? (lock.until - now) / 1000 : 0;
    });
    return Math.max(...waits, 0);
  }

  private remember({ key, locked_until }: Row, now: number): void {
    if (this.seenLocks.size >= MAX_SEEN) this.seenLocks.clear();
    if (locked_until) this.seenLocks.set(key, { seenAt: now, until: locked_until.getTime() });
  }

  /** A lock is logged when it begins, which no flood can repeat. */
  private logLocks(attempts: readonly Attempt[], rows: readonly Row[]): void {
    for (const attempt of attempts) {
      const { failures, lockSeconds } = LIMITS[attempt.kind];
      const row = rows.find(({ key }) => key === keyOf(attempt));
      if (row && row.failures === failures)
        this.log.warn({ what: attempt.kind, subject: attempt.subject, lockSeconds }, "failed attempts locked");
    }
  }
}

export function lockedRefusal(seconds: number): RefusalError {
  const minutes = Math.max(1, Math.ceil(seconds / MINUTE));
  return new RefusalError(new Refusal("too-many", schoolText("locked", { count: minutes })).after(seconds));
}

/** Rows are locked in one order everywhere, so that two transactions cannot wait for each other. */
function ordered(attempts: readonly Attempt[]): Attempt[] {
  return attempts.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function keyOf({ kind, subject }: Attempt): string {
  return `${kind} ${subject}`;
}

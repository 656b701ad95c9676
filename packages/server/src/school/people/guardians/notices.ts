/**
 * Tells guardians by mail of lessons that their child missed, and of check-ins. What is to be told is written with the change that causes it, once
 * for each guardian, and sent by the process that runs the leader tasks, with growing delays where the mail server fails.
 */

import { newId } from "../../../platform/id.ts";
import type { Logger } from "../../../platform/log.ts";
import { PeriodicWork } from "../../../platform/periodic-work.ts";
import { RETRY_DELAYS_MS } from "../../foundation/delivery/retry-schedule.ts";
import type { Database, Db } from "../../foundation/store/tables.ts";
import type { Mail } from "../accounts/mail.ts";

export type GuardianNotice = {
  readonly kind: "absence" | "check-in";
  readonly childId: string;
  /** The lesson, or the form and the day. */
  readonly about: string;
  readonly subject: string;
  /** English and Chinese: nothing says which language a guardian reads. */
  readonly text: (child: string) => string;
};

/** Writes what the guardians of children are to be told; one that was told before is told nothing. */
export async function queueNotices(trx: Db, notices: readonly GuardianNotice[]): Promise<void> {
  if (notices.length === 0) return;
  const kinds = { absence: "guardians.absences", "check-in": "guardians.check_ins" } as const;
  const guardians = await trx
    .selectFrom("guardians")
    .innerJoin("users", "users.id", "guardians.child_id")
    .select(["guardians.id", "guardians.child_id", "guardians.absences", "guardians.check_ins", "users.name as child"])
    .where("guardians.child_id", "in", [...new Set(notices.map(({ childId }) => childId))])
    .where("users.disabled_at", "is", null)
    .where(({ eb, or }) => or([eb(kinds.absence, "=", true), eb(kinds["check-in"], "=", true)]))
    .execute();
  const now = new Date();
  const rows = guardians.flatMap((guardian) =>
    notices
      .filter(({ childId, kind }) => childId === guardian.child_id && (kind === "absence" ? guardian.absences : guardian.check_ins))
      .map(({ kind, about, subject, text }) => ({
        id: newId(),
        guardian_id: guardian.id,
        kind,
        about,
        subject,
        body: text(guardian.child),
        next_at: now,
      })),
  );
  for (let i = 0; i < rows.length; i += ROWS_AT_ONCE)
    await trx
      .insertInto("guardian_notices")
      .values(rows.slice(i, i + ROWS_AT_ONCE))
      .onConflict((conflict) => conflict.constraint("guardian_notices_once").doNothing())
      .execute();
}

/** A statement has at most 65,535 parameters. */
const ROWS_AT_ONCE = 1000;
const POLL_MS = 10_000;
const NOTICES_AT_ONCE = 50;
/** A notice that could not be sent for so long is no news any more. */
const NEWS_MS = 24 * 3600_000;

export type GuardianNoticesOptions = {
  readonly db: Database;
  readonly log: Logger;
  readonly mail: Pick<Mail, "sendToGuardian">;
  readonly isLeader: () => boolean;
};

export class GuardianNotices {
  private readonly options: GuardianNoticesOptions;
  private readonly work: PeriodicWork;

  constructor(options: GuardianNoticesOptions) {
    this.options = options;
    this.work = new PeriodicWork({
      everyMs: POLL_MS,
      work: (now) => this.send(now),
      log: options.log,
      failure: "notices to guardians not sent, trying again",
      isWanted: options.isLeader,
    });
  }

  start(): void {
    this.work.start();
  }

  /** Sends what is due. @param now milliseconds since 1970 */
  async send(now: number): Promise<void> {
    const { db, mail } = this.options;
    const due = await db
      .selectFrom("guardian_notices")
      .innerJoin("guardians", "guardians.id", "guardian_notices.guardian_id")
      .select([
        "guardian_notices.id",
        "subject",
        "body",
        "attempts",
        "guardian_notices.created_at",
        "guardians.email",
        "guardians.name",
      ])
      .where("next_at", "<=", new Date(now))
      .orderBy("next_at")
      .limit(NOTICES_AT_ONCE)
      .execute();
    for (const { id, subject, body, attempts, created_at: createdAt, email, name } of due) {
      const isSent = await mail.sendToGuardian({ email, name }, subject, body);
      const delay = now - createdAt.getTime() < NEWS_MS ? RETRY_DELAYS_MS[attempts] : undefined;
      await db
        .updateTable("guardian_notices")
        .set({
          attempts: attempts + 1,
          next_at: isSent || delay === undefined ? null : new Date(now + delay),
          sent_at: isSent ? new Date() : null,
        })
        .where("id", "=", id)
        .execute();
    }
  }

  async close(): Promise<void> {
    await this.work.close();
  }
}

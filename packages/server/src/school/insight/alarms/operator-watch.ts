/**
 * Looks after ways in as an operator: raises alarms about a break-glass account that is in use and about an operator's token of the environment that
 * ends soon, and tells of entries into schools whose time is over.
 */
import type { OperatorToken, TokenEnd } from "../../../access/credentials/operator-token.ts";
import type { Logger } from "../../../platform/log.ts";
import { PeriodicWork } from "../../../platform/periodic-work.ts";
import type { Database } from "../../foundation/store/tables.ts";
import { endBreakGlassAccounts, openAccounts } from "../../people/accounts/break-glass.ts";
import type { AlarmService, OpenAlarm } from "./alarm-service.ts";

const EVERY_MS = 20_000;
const DAY_MS = 24 * 3600 * 1000;

export type OperatorWatchOptions = {
  readonly db: Database;
  readonly log: Logger;
  readonly alarms: Pick<AlarmService, "report">;
  readonly operatorToken: Pick<OperatorToken, "end">;
  readonly isLeader: () => boolean;
  /** A break-glass account has ended. */
  readonly onEnded: () => void;
  /** The time of an operator's entry into a school is over. @param userId the operator */
  readonly onEntryOver: (userId: string, schoolId: string) => void;
};

export class OperatorWatch {
  private readonly options: OperatorWatchOptions;
  private readonly work: PeriodicWork;
  private entriesUntil = new Date();
  private warnedAt = Number.NEGATIVE_INFINITY;

  constructor(options: OperatorWatchOptions) {
    this.options = options;
    this.work = new PeriodicWork({
      everyMs: EVERY_MS,
      log: options.log,
      failure: "operators' accounts not looked at, trying again",
      work: (now) => this.look(now),
    });
  }

  start(): void {
    this.work.start();
    this.work.wake();
  }

  /** Looks now: a break-glass account was used. */
  wake(): void {
    this.work.wake();
  }

  async close(): Promise<void> {
    await this.work.close();
  }

  /** @param now milliseconds since 1970 */
  async look(now: number): Promise<void> {
    const { db, alarms, operatorToken, isLeader } = this.options;
    const end = operatorToken.end();
    this.warn(end, now);
    if (!isLeader()) return;
    if (await endBreakGlassAccounts(db, now)) this.options.onEnded();
    await this.tellOfEntries(now);
    const accounts = await openAccounts(db, now);
    alarms.report("operators", [...accounts.filter(({ isUsed }) => isUsed).map(alarmOfAccount), ...alarmsOfToken(end)]);
  }

  private async tellOfEntries(now: number): Promise<void> {
    const until = new Date(now);
    const over = await this.options.db
      .selectFrom("approvals")
      .select(["asked_by", "school_id"])
      .where("ends_at", ">", this.entriesUntil)
      .where("ends_at", "<=", until)
      .execute();
    this.entriesUntil = until;
    for (const { asked_by, school_id } of over) if (asked_by !== null) this.options.onEntryOver(asked_by, school_id);
  }

  private warn(end: TokenEnd | null, now: number): void {
    if (end === null || end.state === "far" || now - this.warnedAt < DAY_MS) return;
    this.warnedAt = now;
    const words = end.state === "over" ? "operator token has expired" : "operator token expires soon";
    this.options.log.warn({ daysLeft: end.daysLeft }, `${words}, set a new LECTERN_ADMIN_TOKEN and operators.token.expires`);
  }
}

function alarmOfAccount({ login, until }: { readonly login: string; readonly until: Date }): OpenAlarm {
  return { code: "break-glass", subject: login, detail: `has signed in, ends at ${until.toISOString()}` };
}

function alarmsOfToken(end: TokenEnd | null): OpenAlarm[] {
  if (end === null || end.state === "far") return [];
  const detail = end.state === "over" ? "it has expired" : `${end.daysLeft} days are left`;
  return [{ code: "operator-token-expires", subject: "", detail }];
}

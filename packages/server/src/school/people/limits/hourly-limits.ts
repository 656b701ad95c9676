/**
 * Limits mails, invitations, codes, imports and guests in an hour: of one person, from one address, to one recipient. The counts are in the
 * database: all control processes share them, and they survive a restart. An hour begins with the first of what is counted.
 */
import { sql } from "kysely";
import type { Actor } from "../../../access/actor.ts";
import { addressOwner } from "../../../platform/address.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { systemClock } from "../../../platform/clock.ts";
import { Gathering } from "../../../platform/gathering.ts";
import type { Logger } from "../../../platform/log.ts";
import { LogThrottle } from "../../../platform/log-throttle.ts";
import { Refusal } from "../../../platform/refusal.ts";
import { protectionText } from "../../foundation/messages/protection-texts.ts";
import type { Database } from "../../foundation/store/tables.ts";

/** How many of each in an hour. A school may share an address; docs/administrators.md has the table. */
export const HOURLY = {
  /** Reset links that an administrator creates, which are mailed. */
  "mail-person": 1000,
  "mail-address": 3000,
  "mail-recipient": 10,
  /** Reset links that strangers request: by the mail address that they go to, whatever login and school they name. */
  "reset-recipient": 5,
  /** Sheets of printed invitations, each of up to 2000 people. */
  "slips-person": 100,
  /** Notices of changes of an account. */
  "notice-recipient": 20,
  /** Notices of sign-ins on devices that are not known. */
  "device-recipient": 10,
  /** People who are invited to lessons: one for each person and lesson. */
  "invitation-person": 3000,
  "invitation-address": 20_000,
  "invitation-recipient": 200,
  /** Lessons that a person creates and codes that are replaced: each makes a code. */
  "code-person": 10_000,
  "code-address": 50_000,
  /** Files of people and timetables. */
  "import-person": 500,
  "import-address": 2000,
  /** Guests who are new in a lesson. Each gets a token. */
  "guest-address": 100_000,
} as const;

type Kind = keyof typeof HOURLY;
export type HourlyCount = { readonly kind: Kind; readonly subject: string };
type Reached = { readonly kind: Kind; readonly seconds: number };

const HOUR_SECONDS = 3600;
const MINUTE = 60;
const TEXT_OF = { person: "hour-person", address: "hour-address", recipient: "hour-recipient" } as const;

export class HourlyLimits {
  private readonly db: Database;
  private readonly log: Logger;
  private readonly now: () => number;
  private readonly lines: LogThrottle;
  private readonly together = new Gathering<HourlyCount, Reached | null>((_, counts) => this.takeEach(counts));

  /** @param now milliseconds since 1970 */
  constructor(db: Database, log: Logger, now: () => number = Date.now) {
    this.db = db;
    this.log = log;
    this.now = now;
    this.lines = new LogThrottle(systemClock, (count) => log.warn({ count }, "hourly limit lines suppressed"));
  }

  /** Counts one of each. @throws RefusalError too-many, where one of the limits is reached; then none is counted */
  async admit(counts: readonly HourlyCount[]): Promise<void> {
    const reached = await this.take(counts);
    if (reached !== null) throw refusalOf(reached);
  }

  /** Counts one, in one statement with others that come at the same moment: of a class that joins. @throws RefusalError too-many */
  async admitInCrowd(count: HourlyCount): Promise<void> {
    const reached = await this.together.add("", count);
    if (reached !== null) throw refusalOf(reached);
  }

  /** Counts like `admit`. @returns the limit that is reached, with the seconds until its hour ends; null: all are counted */
  async take(counts: readonly HourlyCount[]): Promise<Reached | null> {
    if (counts.length === 0) return null;
    const now = this.now();
    const taken = await this.increment(
      counts.map((count) => ({ ...count, times: 1 })),
      now,
    );
    const refused = counts.filter((count) => !taken.has(keyOf(count)));
    const [first] = refused;
    if (!first) return null;
    await this.giveBack([...taken]);
    return await this.reached(first, refused, now);
  }

  /** Each by itself. @returns in the order of the counts */
  private async takeEach(counts: readonly HourlyCount[]): Promise<(Reached | null)[]> {
    const alike = [...Map.groupBy(counts, keyOf).values()];
    const wanted = alike.flatMap(([first, ...rest]) => (first ? [{ ...first, times: 1 + rest.length }] : []));
    const taken = await this.increment(wanted, this.now());
    const reached: (Reached | null)[] = [];
    // Where there is not room for all, there may be for some.
    for (const count of counts) reached.push(taken.has(keyOf(count)) ? null : await this.take([count]));
    return reached;
  }

  /**
   * One statement, so that what happens at the same time is counted one after the other. Returns the keys that were counted: a row that would
   * get beyond its limit is left as it is.
   */
  private async increment(
    counts: readonly (HourlyCount & { readonly times: number })[],
    now: number,
  ): Promise<ReadonlySet<string>> {
    const [at, since] = [new Date(now), new Date(now - HOUR_SECONDS * 1000)];
    const values = sql.join(
      ordered(counts).map((count) => sql`(${keyOf(count)}::text, ${HOURLY[count.kind]}::integer, ${count.times}::integer)`),
    );
    const { rows } = await sql<{ readonly key: string }>`
      with wanted (key, most, times) as (values ${values})
      insert into attempts as known (key, failures, failed_at)
      select key, times, ${at}::timestamptz from wanted where times <= most order by key
      on conflict (key) do update set
        failures = case when known.failed_at <= ${since}::timestamptz then 0 else known.failures end + excluded.failures,
        failed_at = case when known.failed_at <= ${since}::timestamptz then ${at}::timestamptz else known.failed_at end
      where known.failed_at <= ${since}::timestamptz
        or known.failures + excluded.failures <= (select most from wanted where wanted.key = known.key)
      returning key`.execute(this.db);
    return new Set(rows.map(({ key }) => key));
  }

  private async giveBack(keys: readonly string[]): Promise<void> {
    for (const key of keys.toSorted())
      await this.db
        .updateTable("attempts")
        .set({ failures: sql<number>`greatest(failures - 1, 0)` })
        .where("key", "=", key)
        .execute();
  }

  /** The limit whose hour ends last. */
  private async reached(first: HourlyCount, refused: readonly HourlyCount[], now: number): Promise<Reached> {
    const latest = await this.db
      .selectFrom("attempts")
      .select(["key", "failed_at"])
      .where("key", "in", refused.map(keyOf))
      .orderBy("failed_at", "desc")
      .limit(1)
      .executeTakeFirst();
    const { kind, subject } = refused.find((one) => keyOf(one) === latest?.key) ?? first;
    // Mail addresses of people are not logged.
    const named = subject.includes("@") ? {} : { subject };
    if (this.lines.allow()) this.log.warn({ what: kind, ...named }, "hourly limit reached");
    return { kind, seconds: Math.max(1, ((latest?.failed_at.getTime() ?? now) - now) / 1000 + HOUR_SECONDS) };
  }
}

function refusalOf({ kind, seconds }: Reached): RefusalError {
  const message = protectionText(TEXT_OF[subjectOf(kind)], { count: Math.max(1, Math.ceil(seconds / MINUTE)) });
  return new RefusalError(new Refusal("too-many", message).after(seconds));
}

/**
 * What a person does is counted for the person, the address, and the recipient. API keys and the operator's token have the limits of keys, and
 * act for a whole school: of what they do, only recipients are counted, and only of mails.
 */
export function hourlyCounts(
  what: "mail" | "invitation" | "code" | "import",
  actor: Pick<Actor, "kind" | "id" | "ip">,
  recipient: string | null = null,
): readonly HourlyCount[] {
  const isPerson = actor.kind === "user" && actor.id !== null;
  const counts: HourlyCount[] = isPerson
    ? [
        { kind: `${what}-person`, subject: actor.id ?? "" },
        { kind: `${what}-address`, subject: addressOwner(actor.ip) },
      ]
    : [];
  if (recipient === null || what === "code" || what === "import") return counts;
  return isPerson || what === "mail" ? [...counts, { kind: `${what}-recipient`, subject: recipient }] : counts;
}

/** Rows are locked in one order everywhere, so that two statements cannot wait for each other. */
function ordered<Count extends HourlyCount>(counts: readonly Count[]): Count[] {
  return counts.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function keyOf({ kind, subject }: HourlyCount): string {
  return `hour ${kind} ${subject}`;
}

function subjectOf(kind: Kind): keyof typeof TEXT_OF {
  return kind.endsWith("person") ? "person" : kind.endsWith("address") ? "address" : "recipient";
}

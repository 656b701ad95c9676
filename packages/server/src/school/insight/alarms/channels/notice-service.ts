/**
 * Tells channels of alarms what they have yet to be told: one message for all that came together, and rarer ones the longer it goes on. The process
 * that runs the leader tasks sends them; a restart loses nothing. A channel that fails is tried again, with growing delays.
 */
import { newId } from "../../../../platform/id.ts";
import type { Logger } from "../../../../platform/log.ts";
import { PeriodicWork } from "../../../../platform/periodic-work.ts";
import { RETRY_DELAYS_MS } from "../../../foundation/delivery/retry-schedule.ts";
import type { AlarmChannel } from "../../../foundation/store/alarm-tables.ts";
import type { Database } from "../../../foundation/store/tables.ts";
import { insertNotices, upTo } from "../queue-notices.ts";
import { mayBeTold } from "./hours.ts";
import { type GapState, levelAfter, nextMessageAt, SETTLE_MS, type Urgency } from "./message-gaps.ts";
import { messageText, type ToldAlarm, testText } from "./message-text.ts";
import { type SendOptions, type Sent, sendMessage } from "./send-message.ts";

const POLL_MS = 2000;
/** What a channel could not be told for so long is no news any more. */
const NEWS_MS = 24 * 3600_000;
/** Critical alarms that nobody has acknowledged are told again. */
const REMIND_MS = 4 * 3600_000;
/** An alarm that was raised within this before only comes and goes. */
const RECENT_MS = 6 * 3600_000;
const MAX_ALARMS = 1000;
const MAX_REMINDERS = 100;
const CHANNELS_AT_ONCE = 8;
/** Channels with something to tell that are looked at together. */
const MAX_DUE = 1000;
/** Delays after failures stay below this: a robot that works again is used again soon. */
const MAX_DELAY_MS = 600_000;
const MAX_RETRY_AFTER_SECONDS = 3600;

export type NoticeServiceOptions = SendOptions & {
  readonly db: Database;
  readonly log: Logger;
  readonly isLeader: () => boolean;
  /** The server's public address; empty: it is not known. */
  readonly publicUrl: () => string;
};

type Waiting = Omit<ToldAlarm, "event"> & {
  readonly noticeId: string;
  readonly notice: "raised" | "cleared" | "reminder";
  readonly cameBefore: unknown;
};

export class NoticeService {
  private readonly options: NoticeServiceOptions;
  private readonly sending = new Set<string>();
  private readonly work: PeriodicWork;

  constructor(options: NoticeServiceOptions) {
    this.options = options;
    this.work = new PeriodicWork({
      everyMs: POLL_MS,
      work: (now) => this.send(now),
      log: options.log,
      failure: "channels of alarms not told, trying again",
      isWanted: options.isLeader,
    });
  }

  start(): void {
    this.work.start();
  }

  async close(): Promise<void> {
    await this.work.close();
  }

  /** The address of the console's page of alarms; empty: it is not known. */
  private get pageUrl(): string {
    const url = this.options.publicUrl().replace(/\/+$/, "");
    return url === "" ? "" : `${url}/console/alarms`;
  }

  /** Sends what is due. @param now milliseconds since 1970 */
  async send(now: number): Promise<void> {
    const { db } = this.options;
    await this.remind(now);
    const due = await db
      .selectFrom("alarm_channels")
      .leftJoin("schools", "schools.id", "alarm_channels.school_id")
      .selectAll("alarm_channels")
      .select("schools.time_zone")
      .where("enabled", "=", true)
      .where((where) => where.or([where("next_at", "is", null), where("next_at", "<=", new Date(now))]))
      .where((where) =>
        where.exists(
          where
            .selectFrom("alarm_notices")
            .select("alarm_notices.id")
            .whereRef("alarm_notices.channel_id", "=", "alarm_channels.id")
            .where("sent_at", "is", null)
            .where("created_at", "<=", new Date(now - SETTLE_MS)),
        ),
      )
      .orderBy("next_at")
      .limit(MAX_DUE)
      .execute();
    // Those that are not on call now must not stand in the way of others.
    const told = due.filter(({ hours, time_zone }) => mayBeTold(hours, time_zone ?? "UTC", now) !== "nothing");
    await Promise.all(told.slice(0, CHANNELS_AT_ONCE).map((channel) => this.sendTo(channel, channel.time_zone ?? "UTC", now)));
  }

  /** Sends a test message at once. Gives why the channel did not take it; null: it did. */
  async sendTest(channel: AlarmChannel, now: number): Promise<string | null> {
    const text = testText(channel.language, this.pageUrl);
    const { error } = await sendMessage(this.options, channel, { id: newId(), text, alarms: [] }, now);
    return error;
  }

  /** Deletes what is no news any more, and what ended. @param now milliseconds since 1970 */
  async sweep(now: number): Promise<void> {
    const { db } = this.options;
    const old = new Date(now - NEWS_MS);
    await db.deleteFrom("alarm_notices").where("sent_at", "is", null).where("created_at", "<", old).execute();
    await db
      .deleteFrom("alarm_notices")
      .where("created_at", "<", old)
      .where("alarm_id", "in", (nested) => nested.selectFrom("alarms").select("id").where("cleared_at", "<", old))
      .execute();
  }

  private async sendTo(channel: AlarmChannel, timeZone: string, now: number): Promise<void> {
    if (this.sending.has(channel.id)) return;
    this.sending.add(channel.id);
    try {
      const gaps: GapState = { level: channel.gap_level, lastSentAt: channel.last_sent_at?.getTime() ?? null };
      if (now < Math.min(nextMessageAt(gaps, "ended"), nextMessageAt(gaps, "critical"))) return;
      const waiting = await this.waitingFor(channel.id, now);
      if (waiting.length === 0 || now < nextMessageAt(gaps, urgencyOf(waiting))) return;
      if (mayBeTold(channel.hours, timeZone, now) === "critical" && !waiting.some(isNewCritical)) return;
      const alarms = toldAlarms(waiting);
      const text = messageText(alarms, { language: channel.language, timeZone, url: this.pageUrl });
      const sent = await sendMessage(this.options, channel, { id: newId(), text, alarms }, now);
      await this.save(channel, gaps, sent, waiting, now);
    } finally {
      this.sending.delete(channel.id);
    }
  }

  private async waitingFor(channelId: string, now: number): Promise<readonly Waiting[]> {
    return await this.options.db
      .selectFrom("alarm_notices")
      .innerJoin("alarms", "alarms.id", "alarm_notices.alarm_id")
      .leftJoin("alarm_rules", "alarm_rules.id", "alarms.rule_id")
      .leftJoin("lessons", "lessons.id", "alarms.lesson_id")
      .select(["alarm_notices.id as noticeId", "alarm_notices.event as notice", "alarms.id", "alarms.code", "alarms.subject"])
      .select(["detail", "alarms.severity", "raised_at", "cleared_at", "seen"])
      .select(["alarm_rules.name as ruleName", "lessons.title as lessonTitle"])
      .select((row) =>
        row
          .exists(
            row
              .selectFrom("alarms as earlier")
              .select("earlier.id")
              .whereRef("earlier.source", "=", "alarms.source")
              .whereRef("earlier.code", "=", "alarms.code")
              .whereRef("earlier.subject", "=", "alarms.subject")
              .whereRef("earlier.id", "<", "alarms.id")
              .where("earlier.raised_at", ">", new Date(now - RECENT_MS)),
          )
          .as("cameBefore"),
      )
      .where("channel_id", "=", channelId)
      .where("sent_at", "is", null)
      .orderBy("alarm_notices.id")
      .limit(MAX_ALARMS)
      .execute();
  }

  private async save(channel: AlarmChannel, gaps: GapState, sent: Sent, waiting: readonly Waiting[], now: number): Promise<void> {
    const { db, log } = this.options;
    const { error } = sent;
    if (error !== null) {
      const next_at = new Date(now + delayAfter(channel.failures, sent.retryAfterSeconds));
      const state = { failures: channel.failures + 1, last_error: error, next_at };
      await db.updateTable("alarm_channels").set(state).where("id", "=", channel.id).execute();
      log.warn({ channel: channel.id, kind: channel.kind, error }, "channel of alarms failed, trying again");
      return;
    }
    const state = { failures: 0, last_error: null, last_sent_at: new Date(now), next_at: null, gap_level: levelAfter(gaps, now) };
    await db.transaction().execute(async (trx) => {
      await trx.updateTable("alarm_channels").set(state).where("id", "=", channel.id).execute();
      const idsOf = (...notices: readonly Waiting["notice"][]) => [
        "",
        ...waiting.filter(({ notice }) => notices.includes(notice)).map(({ noticeId }) => noticeId),
      ];
      await trx
        .updateTable("alarm_notices")
        .set({ sent_at: new Date(now) })
        .where("id", "in", idsOf("raised"))
        .execute();
      await trx.deleteFrom("alarm_notices").where("id", "in", idsOf("cleared", "reminder")).execute();
      // The channel knows of the end: nothing is left to say about the alarm.
      const ended = waiting.filter(({ notice }) => notice === "cleared").map(({ id }) => id);
      if (ended.length > 0)
        await trx.deleteFrom("alarm_notices").where("channel_id", "=", channel.id).where("alarm_id", "in", ended).execute();
    });
  }

  /** Queues critical alarms that are open and that nobody has acknowledged, for the channels that were told of them. */
  private async remind(now: number): Promise<void> {
    const { db } = this.options;
    const before = new Date(now - REMIND_MS);
    const forgotten = await db
      .selectFrom("alarms")
      .select("id")
      .where("cleared_at", "is", null)
      .where("acknowledged_at", "is", null)
      .where("severity", "not in", upTo("warning"))
      .where("raised_at", "<=", before)
      .where((where) => where.or([where("reminded_at", "is", null), where("reminded_at", "<=", before)]))
      .limit(MAX_REMINDERS)
      .execute();
    if (forgotten.length === 0) return;
    const ids = forgotten.map(({ id }) => id);
    await db.transaction().execute(async (trx) => {
      await trx
        .updateTable("alarms")
        .set({ reminded_at: new Date(now) })
        .where("id", "in", ids)
        .execute();
      const told = await trx
        .selectFrom("alarm_notices")
        .select(["channel_id", "alarm_id"])
        .where("alarm_id", "in", ids)
        .where("event", "=", "raised")
        .where("sent_at", "is not", null)
        .execute();
      await insertNotices(
        trx,
        told.map((notice) => ({ ...notice, event: "reminder" as const })),
        now,
      );
    });
  }
}

/** What only comes and goes is not urgent. The end of an alarm that the channel was not told of is news, and no more. */
function urgencyOf(waiting: readonly Waiting[]): Urgency {
  const fresh = waiting.filter(({ cameBefore }) => !cameBefore);
  // It is there again, or it was over before anybody was told.
  const begins = waiting.filter(({ notice }) => notice === "raised");
  const isBack = (one: Waiting) => begins.some(({ code, subject }) => code === one.code && subject === one.subject);
  if (fresh.some((one) => one.notice === "cleared" && !isBack(one))) return "ended";
  return fresh.some(isNewCritical) ? "critical" : "usual";
}

function isNewCritical({ notice, severity, cameBefore }: Waiting): boolean {
  return notice === "raised" && severity === "critical" && !cameBefore;
}

/** Each alarm once: one that ended in the meantime is told of as ended. */
export function toldAlarms(waiting: readonly Waiting[]): readonly ToldAlarm[] {
  const byAlarm = Map.groupBy(waiting, ({ id }) => id);
  return [...byAlarm.values()].flatMap((notices) => {
    const [first] = notices;
    if (!first) return [];
    const { noticeId, notice, cameBefore, ...alarm } = first;
    const has = (event: Waiting["notice"]) => notices.some((one) => one.notice === event);
    return [{ ...alarm, event: has("cleared") ? "ended" : has("raised") ? "began" : "still" }];
  });
}

function delayAfter(failures: number, retryAfterSeconds: number | null): number {
  const delay = Math.min(RETRY_DELAYS_MS[failures] ?? MAX_DELAY_MS, MAX_DELAY_MS);
  return Math.max(delay, Math.min(retryAfterSeconds ?? 0, MAX_RETRY_AFTER_SECONDS) * 1000);
}

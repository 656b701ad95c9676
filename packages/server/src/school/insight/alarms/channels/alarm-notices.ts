/**
 * Tells channels of alarms what they have yet to be told: one message for all that came together, and rarer ones the longer it goes on. A restart
 * loses nothing. A channel that fails is tried again, with growing delays.
 */
import { sql } from "kysely";
import { newId } from "../../../../platform/id.ts";
import type { Logger } from "../../../../platform/log.ts";
import { publicOrigin } from "../../../../platform/public-origin.ts";
import { RETRY_DELAYS_MS } from "../../../foundation/delivery/retry-schedule.ts";
import type { AlarmChannel } from "../../../foundation/store/alarm-tables.ts";
import type { Database } from "../../../foundation/store/tables.ts";
import { type Look, soleItem, type WorkItem, type WorkKind } from "../../../foundation/work/work-kind.ts";
import { ALARM_NOTICES, insertNotices, upTo } from "../queue-notices.ts";
import { mayNotify } from "./hours.ts";
import { type GapState, levelAfter, nextMessageAt, SETTLE_MS, type Urgency } from "./message-gaps.ts";
import { messageText, type NotifiedAlarm, testText } from "./message-text.ts";
import { type SendOptions, type Sent, sendMessage } from "./send-message.ts";

/** What a channel could not be told for so long is no news any more. */
const NEWS_MS = 24 * 3600_000;
/** Critical alarms that nobody has acknowledged are told again. */
const REMIND_MS = 4 * 3600_000;
/** An alarm that was raised within this before only comes and goes. */
const RECENT_MS = 6 * 3600_000;
const MAX_ALARMS = 1000;
const MAX_REMINDERS = 100;
const PLACES = { total: 8 };
/** Channels with something to tell that are looked at together. */
const MAX_DUE = 1000;
/** A channel with something to tell is looked at again after this: what waits may have become urgent. */
const REST_MS = 2000;
/** Hours of channels begin and end with a minute. */
const MINUTE_MS = 60_000;
/** Delays after failures stay below this: a robot that works again is used again soon. */
const MAX_DELAY_MS = 600_000;
const MAX_RETRY_AFTER_SECONDS = 3600;

export type AlarmNoticesOptions = SendOptions & {
  readonly db: Database;
  readonly log: Logger;
  /** The server's public address; empty: it is not known. */
  readonly publicUrl: () => string;
};

type Waiting = Omit<NotifiedAlarm, "event"> & {
  readonly noticeId: string;
  readonly notice: "raised" | "cleared" | "reminder";
  readonly cameBefore: unknown;
};

type DueChannel = WorkItem & { readonly channel: AlarmChannel; readonly timeZone: string };

/** An item is a channel. */
export function alarmNotices(options: AlarmNoticesOptions): WorkKind<DueChannel> {
  return {
    name: ALARM_NOTICES,
    places: PLACES,
    restMs: REST_MS,
    failure: "channel of alarms not told, trying again",
    isWokenBy: ({ action }) => action.startsWith("alarm-channel."),
    find: (look) => findChannels(options.db, look),
    perform: ({ channel, timeZone }, { now }) => tellChannel(options, channel, timeZone, now),
  };
}

/** Queues critical alarms again that are open and that nobody has acknowledged, for the channels that were told of them. */
export function alarmReminders(db: Database, wake: (kind: string) => void): WorkKind<WorkItem> {
  return {
    name: "alarm-reminders",
    places: { total: 1 },
    failure: "reminders of alarms not queued, trying again",
    find: async ({ busy }) => {
      const dueAt = busy.length > 0 ? null : await firstReminder(db);
      return dueAt === null ? [] : [soleItem("reminders", dueAt)];
    },
    perform: async (_, { now }) => {
      await remind(db, now);
      wake(ALARM_NOTICES);
    },
  };
}

/** Sends a test message at once. Gives why the channel did not take it; null: it did. */
export async function sendTest(options: AlarmNoticesOptions, channel: AlarmChannel, now: number): Promise<string | null> {
  const text = testText(channel.language, pageUrl(options));
  const { error } = await sendMessage(options, channel, { id: newId(), text, alarms: [] }, now);
  return error;
}

/** Deletes what is no news any more, and what ended. @param now milliseconds since 1970 */
export async function sweepNotices(db: Database, now: number): Promise<void> {
  const old = new Date(now - NEWS_MS);
  await db.deleteFrom("alarm_notices").where("sent_at", "is", null).where("created_at", "<", old).execute();
  await db
    .deleteFrom("alarm_notices")
    .where("created_at", "<", old)
    .where("alarm_id", "in", (nested) => nested.selectFrom("alarms").select("id").where("cleared_at", "<", old))
    .execute();
}

/** The address of the console's page of alarms; empty: it is not known. */
function pageUrl({ publicUrl }: AlarmNoticesOptions): string {
  const url = publicOrigin(publicUrl());
  return url === "" ? "" : `${url}/console/alarms`;
}

/** Channels with something to tell, and from when on the most urgent of it might be told. */
async function findChannels(db: Database, { now, until, busy }: Look): Promise<DueChannel[]> {
  const rows = await db
    .selectFrom("alarm_channels")
    .innerJoinLateral(
      (nested) =>
        nested
          .selectFrom("alarm_notices")
          .select("alarm_notices.created_at as waiting_since")
          .whereRef("alarm_notices.channel_id", "=", "alarm_channels.id")
          .where("sent_at", "is", null)
          .where("created_at", "<=", new Date(until - SETTLE_MS))
          .orderBy("created_at")
          .limit(1)
          .as("first"),
      (join) => join.onTrue(),
    )
    .leftJoin("schools", "schools.id", "alarm_channels.school_id")
    .selectAll("alarm_channels")
    .select(["schools.time_zone", "first.waiting_since"])
    .where("enabled", "=", true)
    .where((where) => where.or([where("next_at", "is", null), where("next_at", "<=", new Date(until))]))
    .where("alarm_channels.id", "not in", ["", ...busy])
    .orderBy("next_at")
    .limit(MAX_DUE)
    .execute();
  return rows
    .map(({ time_zone: zone, waiting_since: since, ...channel }) => {
      const timeZone = zone ?? "UTC";
      const gaps = gapsOf(channel);
      const soonest = Math.min(nextMessageAt(gaps, "ended"), nextMessageAt(gaps, "critical"));
      const isOff = mayNotify(channel.hours, timeZone, now) === "nothing";
      const from = isOff ? now - (now % MINUTE_MS) + MINUTE_MS : 0;
      const dueAt = Math.max(channel.next_at?.getTime() ?? 0, since.getTime() + SETTLE_MS, soonest, from);
      const { id, school_id: schoolId, failures } = channel;
      return { id, schoolId, target: id, failures, dueAt, channel, timeZone };
    })
    .toSorted((one, other) => one.dueAt - other.dueAt);
}

function gapsOf({ gap_level: level, last_sent_at: lastSentAt }: AlarmChannel): GapState {
  return { level, lastSentAt: lastSentAt?.getTime() ?? null };
}

async function tellChannel(options: AlarmNoticesOptions, channel: AlarmChannel, timeZone: string, now: number): Promise<void> {
  const gaps = gapsOf(channel);
  const waiting = await waitingFor(options.db, channel.id, now);
  if (waiting.length === 0 || now < nextMessageAt(gaps, urgencyOf(waiting))) return;
  if (mayNotify(channel.hours, timeZone, now) === "critical" && !waiting.some(isNewCritical)) return;
  const alarms = notifiedAlarms(waiting);
  const text = messageText(alarms, { language: channel.language, timeZone, url: pageUrl(options) });
  const sent = await sendMessage(options, channel, { id: newId(), text, alarms }, now);
  await save(options, channel, gaps, sent, waiting, now);
}

async function waitingFor(db: Database, channelId: string, now: number): Promise<readonly Waiting[]> {
  return await db
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

async function save(
  { db, log }: AlarmNoticesOptions,
  channel: AlarmChannel,
  gaps: GapState,
  sent: Sent,
  waiting: readonly Waiting[],
  now: number,
): Promise<void> {
  const { error } = sent;
  if (error !== null) {
    const next_at = new Date(now + delayAfter(channel.failures, sent.retryAfterSeconds));
    const state = { failures: channel.failures + 1, last_error: error, next_at };
    await db.updateTable("alarm_channels").set(state).where("id", "=", channel.id).execute();
    log.warn({ channel: channel.id, kind: channel.kind, error }, "alarm channel failed, retrying");
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

/** Critical alarms that are open and that nobody has acknowledged. */
function forgottenAlarms(db: Database) {
  return db
    .selectFrom("alarms")
    .where("cleared_at", "is", null)
    .where("acknowledged_at", "is", null)
    .where("severity", "not in", upTo("warning"));
}

/** When the first of them is told again, milliseconds since 1970; null: there is none. */
async function firstReminder(db: Database): Promise<number | null> {
  const last = sql<Date | null>`min(greatest(raised_at, reminded_at))`;
  const { last_told: at } = await forgottenAlarms(db).select(last.as("last_told")).executeTakeFirstOrThrow();
  return at === null ? null : at.getTime() + REMIND_MS;
}

async function remind(db: Database, now: number): Promise<void> {
  const before = new Date(now - REMIND_MS);
  const forgotten = await forgottenAlarms(db)
    .select("id")
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
export function notifiedAlarms(waiting: readonly Waiting[]): readonly NotifiedAlarm[] {
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

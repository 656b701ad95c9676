/** Writes the message that a channel gets of the alarms it has yet to be told of: those that began, and those that ended, by their names. */
import type { Language } from "../../../../platform/messages/language.ts";
import { SEVERITIES } from "../../../foundation/store/alarm-codes.ts";
import type { Alarm } from "../../../foundation/store/alarm-tables.ts";
import { alarmName, measuredText, severityName } from "../alarm-texts.ts";
import { ALL_SUBJECTS } from "../rule-watch.ts";

export type NotifiedAlarm = Pick<Alarm, "id" | "code" | "subject" | "detail" | "severity" | "raised_at" | "cleared_at" | "seen"> & {
  /** `ended`: the channel is told of the end, and perhaps of the beginning too. */
  readonly event: "began" | "ended" | "still";
  /** Of a rule that an operator has made. */
  readonly ruleName: string | null;
  readonly lessonTitle: string | null;
};

export type MessageText = {
  readonly title: string;
  /** Plain lines, the most urgent first. */
  readonly lines: readonly string[];
  /** The console's page of alarms; empty: the server does not know its address. */
  readonly url: string;
};

/** More lines are counted only. */
const MAX_LINES = 20;
const MAX_DETAIL = 200;
const MINUTE_MS = 60_000;

const TEXTS = {
  en: {
    began: (n: number) => (n === 1 ? "1 alarm" : `${n} alarms`),
    ended: (n: number) => `${n} resolved`,
    still: (n: number) => `${n} still open`,
    endedMark: "Resolved",
    stillMark: "Still open",
    at: "since",
    after: "after",
    minutes: "min",
    comma: ", ",
    all: (n: number) => `${n} in all`,
    more: (n: number) => `… and ${n} more`,
    test: "This is a test. Alarms will come here.",
  },
  zh: {
    began: (n: number) => `${n} 条告警`,
    ended: (n: number) => `${n} 条已恢复`,
    still: (n: number) => `${n} 条仍未恢复`,
    endedMark: "已恢复",
    stillMark: "仍未恢复",
    at: "开始于",
    after: "持续",
    minutes: "分钟",
    comma: "，",
    all: (n: number) => `共 ${n} 个`,
    more: (n: number) => `……另有 ${n} 条`,
    test: "这是一条测试消息，告警会发到这里。",
  },
} as const;

export type TextOptions = { readonly language: Language; readonly timeZone: string; readonly url: string };

export function messageText(alarms: readonly NotifiedAlarm[], { language, timeZone, url }: TextOptions): MessageText {
  const texts = TEXTS[language];
  const counts = (["began", "still", "ended"] as const).flatMap((event) => {
    const count = alarms.filter((alarm) => alarm.event === event).length;
    return count === 0 ? [] : [texts[event](count)];
  });
  const order = { began: 0, still: 1, ended: 2 } as const;
  const sorted = alarms.toSorted(
    (a, b) => order[a.event] - order[b.event] || SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity),
  );
  const lines = sorted.slice(0, MAX_LINES).map((alarm) => lineOf(alarm, language, timeZone));
  if (sorted.length > MAX_LINES) lines.push(texts.more(sorted.length - MAX_LINES));
  return { title: `Lectern: ${counts.join(texts.comma)}`, lines, url };
}

export function testText(language: Language, url: string): MessageText {
  return { title: "Lectern", lines: [TEXTS[language].test], url };
}

function lineOf(alarm: NotifiedAlarm, language: Language, timeZone: string): string {
  const texts = TEXTS[language];
  const name = (alarm.code === "rule" ? alarm.ruleName : null) ?? alarmName(language, alarm.code);
  const subject = alarm.lessonTitle ?? (alarm.subject === ALL_SUBJECTS ? "" : alarm.subject);
  const what = oneLine(subject === "" ? name : `${name} – ${subject}`);
  if (alarm.event === "ended") {
    const minutes = Math.max(
      1,
      Math.round(((alarm.cleared_at ?? alarm.raised_at).getTime() - alarm.raised_at.getTime()) / MINUTE_MS),
    );
    return `[${texts.endedMark}] ${what} (${texts.after} ${minutes} ${texts.minutes})`;
  }
  const mark = alarm.event === "still" ? texts.stillMark : severityName(language, alarm.severity);
  const detail = oneLine(detailOf(alarm, language)).slice(0, MAX_DETAIL);
  return `[${mark}] ${what}${detail === "" ? "" : `: ${detail}`} (${texts.at} ${clockTime(alarm.raised_at, language, timeZone)})`;
}

/** Where a rule says what was measured, it is said in the reader's language. */
function detailOf({ seen, detail, subject }: NotifiedAlarm, language: Language): string {
  const value = seen?.values.at(-1)?.[1];
  if (subject === ALL_SUBJECTS) return TEXTS[language].all(Number.parseInt(detail, 10));
  if (seen?.threshold == null || value === undefined) return detail;
  return measuredText(language, seen.metric, value);
}

function clockTime(at: Date, language: Language, timeZone: string): string {
  const format = { timeZone, month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", timeZoneName: "short" } as const;
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : "zh-CN", { ...format, hourCycle: "h23" }).format(at);
}

/** Titles of lessons are what people write: they make no lines of their own. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

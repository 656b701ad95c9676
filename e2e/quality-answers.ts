/**
 * Defines what the API says of alarms and of lesson quality, for their pages: a storm of alarms with what was measured, rules, and lessons that fell
 * short.
 */
import type { components } from "../packages/client/src/schema.ts";
import { RefusalError } from "../packages/server/src/platform/api/server.ts";
import { newId } from "../packages/server/src/platform/id.ts";
import { alarmName } from "../packages/server/src/school/insight/alarms/alarm-texts.ts";
import { DEFAULT_RULES, defaultRuleId } from "../packages/server/src/school/insight/alarms/default-rules.ts";
import { consoleAnswers, endedLesson, listOf, QUIET_HOME, QUIET_STUDIO } from "./console-answers.ts";
import { fullExit } from "./fresh-quality.ts";
import type { Answers } from "./served-answers.ts";

type Schemas = components["schemas"];
type Alarm = Schemas["Alarm"];
type Figures = Schemas["QualityFigures"];
type MakeUp = Schemas["MakeUp"];

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();

type NewAlarm = Pick<Alarm, "code" | "subject" | "severity" | "detail"> & {
  readonly minutesAgo: number;
  /** Minutes. Default: it is open. */
  readonly lasted?: number;
};

function alarmOf({ minutesAgo, lasted, ...alarm }: NewAlarm): Alarm {
  const rule = DEFAULT_RULES.find(({ code }) => code === alarm.code);
  return {
    ...alarm,
    id: newId(),
    schoolId: null,
    ruleId: rule ? defaultRuleId(rule.code) : null,
    ruleName: rule ? alarmName("en", rule.code) : null,
    lessonId: null,
    lessonTitle: null,
    raisedAt: ago(minutesAgo * MINUTE_MS),
    clearedAt: lasted === undefined ? null : ago((minutesAgo - lasted) * MINUTE_MS),
    acknowledgedAt: null,
    acknowledgedBy: null,
  };
}

/** As the API lists them, the newest first: one that is critical, a storm, one that comes and goes, and an old one. */
function alarmsOfAStorm(): Alarm[] {
  const exit = { code: "exit-full", subject: "edge-7.beijing", detail: "exit bandwidth in use 97 %" } as const;
  const lossy = { code: "link-lossy", severity: "warning" } as const;
  const uplink = { code: "uplink-poor", subject: "live/math", severity: "warning", detail: "", lasted: 12 } as const;
  const away = { code: "source-away", subject: "live/city-television", severity: "warning" } as const;
  return [
    { ...away, minutesAgo: 1500, lasted: 20, detail: "no answer from 203.0.113.9" },
    ...[300, 280, 260].map((minutesAgo) => ({ ...uplink, minutesAgo })),
    ...Array.from({ length: 20 }, (_, i) => ({
      ...lossy,
      subject: `origin-1>edge-${i + 1}`,
      detail: "lost 12 %",
      minutesAgo: 20 - i / 10,
    })),
    { ...lossy, subject: "*", detail: "44 in all", minutesAgo: 18 },
    { ...exit, severity: "critical" as const, minutesAgo: 5 },
  ]
    .map(alarmOf)
    .toReversed();
}

function ruleOf(rule: (typeof DEFAULT_RULES)[number]): Schemas["AlarmRule"] {
  return {
    id: defaultRuleId(rule.code),
    code: rule.code,
    name: alarmName("en", rule.code),
    kind: rule.kind,
    metric: rule.metric,
    subject: "*",
    comparison: rule.comparison,
    threshold: rule.threshold,
    clearThreshold: rule.clear,
    forSeconds: rule.forSeconds,
    clearSeconds: rule.clearSeconds,
    onlyWhile: rule.onlyWhile ?? null,
    severity: rule.severity,
    channelIds: [],
    silentUntil: null,
    enabled: true,
    createdAt: ago(DAY_MS),
    version: 1,
  };
}

/** An operator's alarms, which can be acknowledged, and the rules that raise them. */
export function alarmAnswers() {
  const alarms = alarmsOfAStorm();
  const person = consoleAnswers("operator");
  const rules = DEFAULT_RULES.map(ruleOf);
  const seenOf = ({ code, subject }: Alarm): Schemas["AlarmWithSeen"]["seen"] => {
    if (code !== "exit-full") return null;
    const { values, ...seen } = fullExit(subject);
    return { ...seen, others: { ...seen.others }, values: values.map(([at, value]) => [new Date(at).toISOString(), value]) };
  };
  const answers = {
    ...person,
    ...QUIET_HOME,
    listAlarms: ({ query: { open, severity } }) =>
      listOf(
        alarms
          .filter(({ clearedAt }) => open === undefined || open === (clearedAt === null))
          .filter((alarm) => severity === undefined || severity === alarm.severity),
      ),
    getAlarm: ({ params }) => {
      const alarm = byId(alarms, params["alarmId"]);
      return { ...alarm, seen: seenOf(alarm) };
    },
    acknowledgeAlarm: ({ params, body: { acknowledged } }) =>
      Object.assign(byId(alarms, params["alarmId"]), {
        acknowledgedAt: acknowledged ? ago(0) : null,
        acknowledgedBy: acknowledged ? person.getMe.name : null,
      }),
    listAlarmRules: listOf(rules),
    getAlarmRule: ({ params }) => byId(rules, params["alarmRuleId"]),
    listAlarmChannels: listOf([]),
  } satisfies Answers;
  return { alarms, answers };
}

function byId<Thing extends { readonly id: string }>(things: readonly Thing[], id: string | undefined): Thing {
  const thing = things.find((one) => one.id === id);
  if (!thing) throw new RefusalError("not-found");
  return thing;
}

/** Of the lesson that fell short. */
const SHORT: Figures = {
  lessons: 1,
  viewers: 40,
  watchedMs: 40 * 55 * MINUTE_MS,
  stalls: 108,
  stallMs: 48 * MINUTE_MS,
  disconnects: 4,
  affected: 12,
  complained: 5,
  complainedWithoutView: 2,
  stallRatio: 0.022,
  completionRate: 0.95,
  complaintRate: 5 / 42,
  droppedShare: 0.00004,
};
const GOOD: Figures = {
  ...SHORT,
  stalls: 0,
  stallMs: 0,
  disconnects: 0,
  affected: 0,
  complained: 0,
  complainedWithoutView: 0,
  stallRatio: 0,
  completionRate: 1,
  complaintRate: 0,
};
const DAYS = 12;

/** An administrator's reports of lesson quality, and a make-up lesson, which can be decided. */
export function qualityAnswers(role: "administrator" | "teacher" = "administrator") {
  const person = consoleAnswers(role);
  const lessonId = newId();
  const title = "Fractions 分数";
  const teacher = { key: newId(), name: "Wang teacher" };
  const carriers = [
    { key: "telecom", name: "telecom", ...SHORT, viewers: 20 },
    { key: "mobile", name: "mobile", ...GOOD, viewers: 20 },
  ];
  const makeUp: MakeUp = {
    lessonId,
    title,
    teacher: teacher.name,
    startedAt: ago(90 * MINUTE_MS),
    state: "proposed",
    viewers: SHORT.viewers,
    affected: SHORT.affected,
    stallMs: SHORT.stallMs,
    proposedAt: ago(20 * MINUTE_MS),
    decidedAt: null,
    decidedBy: null,
  };
  let rule: Schemas["QualityRule"] = { enabled: true, stallSeconds: 180, viewerShare: 0.2 };
  const isProposed = (): boolean => makeUp.affected / makeUp.viewers >= rule.viewerShare;
  const days = Array.from({ length: DAYS }, (_, i) => ago(i * DAY_MS).slice(0, 10)).map((day, i) => ({
    key: day,
    name: day,
    ...(i === 0 ? SHORT : GOOD),
  }));
  const answers = {
    ...person,
    ...QUIET_STUDIO,
    readQualityReport: ({ query: { by } }) => {
      if (by === "teacher") return { items: [{ ...teacher, ...SHORT, lessons: DAYS }] };
      if (by === "lesson") return { items: [{ key: lessonId, name: title, ...SHORT }] };
      return { items: by === "carrier" ? carriers : days };
    },
    exportQualityReport: ({ query: { by } }) => `by,${by}\r\n`,
    getLesson: endedLesson(lessonId, title),
    readLessonQuality: { computedAt: ago(20 * MINUTE_MS), total: SHORT, carriers, makeUp: "proposed" },
    listMakeUps: () => listOf(isProposed() ? [makeUp] : []),
    decideMakeUp: ({ body: { state } }) =>
      Object.assign(makeUp, {
        state,
        decidedAt: state === "proposed" ? null : ago(0),
        decidedBy: state === "proposed" ? null : person.getMe.name,
      }),
    getQualityRule: () => rule,
    putQualityRule: ({ body }) => (rule = body),
    recomputeReports: { lessons: DAYS },
  } satisfies Answers;
  return { lessonId, makeUp, answers, rule: () => rule };
}

/** Defines types of the tables of alarms, for Kysely: open and past alarms, the rules that raise them, and the channels that people are told by. */
import type { ColumnType, Generated, Selectable } from "kysely";
import type { AlarmCode, Severity } from "./alarm-codes.ts";
import type { Created, Instant, Json, MaybeInstant } from "./column-types.ts";
import type { PrivacyOf } from "./privacy.ts";

/** What is measured, by what it is measured of. */
export const MEASURED_KINDS = ["node", "link", "hop", "stream", "component", "lesson", "platform", "probe"] as const;
export type MeasuredKind = (typeof MEASURED_KINDS)[number];

/** What was measured around an alarm. */
export type Seen = {
  readonly kind: MeasuredKind;
  readonly subject: string;
  readonly metric: string;
  /** Of the rule; null: no rule raised the alarm. */
  readonly threshold: number | null;
  /** Time in milliseconds since 1970, and value: from ten minutes before the alarm to its end, thinned out. */
  readonly values: readonly (readonly [at: number, value: number])[];
  /** The newest values of the subject's other metrics when the alarm was raised. */
  readonly others: Readonly<Record<string, number>>;
};

/** A condition that needs attention, until it is cleared. */
type AlarmTable = {
  readonly id: string;
  readonly school_id: string | null;
  readonly source: string;
  readonly code: AlarmCode;
  readonly subject: string;
  readonly detail: string;
  readonly raised_at: Created;
  cleared_at: MaybeInstant;
  readonly severity: Severity;
  /** Null: none, or the rule is deleted. */
  readonly rule_id: string | null;
  /** Null: the alarm is not about a lesson. */
  readonly lesson_id: string | null;
  acknowledged_at: MaybeInstant;
  acknowledged_by: string | null;
  reminded_at: MaybeInstant;
  seen: Json<Seen | null>;
};

type AlarmRuleTable = {
  readonly id: string;
  /** `rule`: an operator has made it. */
  readonly code: AlarmCode;
  name: string;
  readonly kind: MeasuredKind;
  readonly metric: string;
  /** Subjects that it judges, where `*` stands for any text. */
  subject: string;
  readonly comparison: "above" | "below";
  threshold: number;
  /** The alarm ends beyond it, on the good side of the threshold. */
  clear_threshold: number;
  for_seconds: number;
  clear_seconds: number;
  /** It judges a subject only while this metric of the subject is at least so large. */
  readonly guard_metric: string | null;
  guard_least: number | null;
  severity: Severity;
  /** Ids of the channels that are told; none: all channels. */
  channels: Json<readonly string[]>;
  silent_until: MaybeInstant;
  enabled: boolean;
  created_at: Created;
  version: Generated<number>;
};

export const CHANNEL_KINDS = ["webhook", "mail", "wecom", "dingtalk", "feishu", "slack"] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

/** A time of the week. `to` at or before `from` is on the next day. */
export type WeekHours = {
  /** 1 (Monday) to 7, on which it begins. */
  readonly days: readonly number[];
  /** HH:MM. */
  readonly from: string;
  readonly to: string;
};

/** In the time zone of the school, or UTC for the platform. */
export type ChannelHours = {
  /** Outside of them the channel is told nothing, and everything when they begin. Empty: always on call. */
  readonly onCall: readonly WeekHours[];
  /** Within them only new critical alarms are told; what has waited is told with them, or afterwards. */
  readonly quiet: readonly WeekHours[];
};

type AlarmChannelTable = {
  readonly id: string;
  /** Null: of the platform, told of all alarms. */
  readonly school_id: string | null;
  readonly kind: ChannelKind;
  name: string;
  /** The address of the robot or webhook, which has a key in it, or mail addresses. Encrypted (`stored-secrets.ts`), as the next one. */
  secret_target: string;
  /** Signs messages; empty: they are not signed. */
  secret: string;
  language: "en" | "zh";
  /** It is told of alarms that are at least so urgent. */
  severity: Severity;
  enabled: boolean;
  /** Failed attempts since the last message that was taken. */
  failures: Generated<number>;
  last_error: string | null;
  last_sent_at: MaybeInstant;
  /** No message is sent before. */
  next_at: MaybeInstant;
  hours: ColumnType<ChannelHours, ChannelHours | undefined, ChannelHours>;
  /** How far messages are apart (`channels/message-gaps.ts`). */
  gap_level: Generated<number>;
  created_at: Created;
  version: Generated<number>;
};

/** What a channel is told. The beginning of an alarm stays until the channel was told of its end. */
type AlarmNoticeTable = {
  readonly id: string;
  readonly channel_id: string;
  readonly alarm_id: string;
  readonly event: "raised" | "cleared" | "reminder";
  readonly created_at: Instant;
  sent_at: MaybeInstant;
};

export type AlarmTables = {
  alarms: AlarmTable;
  alarm_rules: AlarmRuleTable;
  alarm_channels: AlarmChannelTable;
  alarm_notices: AlarmNoticeTable;
};
export type Alarm = Selectable<AlarmTable>;
export type AlarmRule = Selectable<AlarmRuleTable>;
export type AlarmChannel = Selectable<AlarmChannelTable>;

export const ALARM_PRIVACY = {
  alarms: { erasure: "figures", atRest: "figures" },
  alarm_rules: { erasure: "school", atRest: "school" },
  alarm_channels: { erasure: "school", atRest: "school" },
  alarm_notices: { erasure: "figures", atRest: "figures" },
} as const satisfies PrivacyOf<AlarmTables>;

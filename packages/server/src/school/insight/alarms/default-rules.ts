/**
 * Provides the rules that every server has. They are written to the database at the start; one that an operator has changed stays as it is, others
 * follow the server's version. Shares are 0 to 1.
 */
import { createHash } from "node:crypto";
import { json } from "../../../platform/store/store.ts";
import type { RuleCode, Severity } from "../../foundation/store/alarm-codes.ts";
import type { MeasuredKind } from "../../foundation/store/alarm-tables.ts";
import type { Database } from "../../foundation/store/tables.ts";
import { alarmName } from "./alarm-texts.ts";

export type DefaultRule = {
  readonly code: RuleCode;
  readonly kind: MeasuredKind;
  readonly metric: string;
  readonly comparison: "above" | "below";
  readonly threshold: number;
  readonly clear: number;
  readonly forSeconds: number;
  readonly clearSeconds: number;
  readonly severity: Severity;
  /** It judges only while this metric of the subject is at least so large. */
  readonly onlyWhile?: { readonly metric: string; readonly least: number };
};

type Bounds = readonly [threshold: number, clear: number, forSeconds: number, clearSeconds: number];

function above(code: RuleCode, severity: Severity, of: string, [threshold, clear, forSeconds, clearSeconds]: Bounds): DefaultRule {
  const [kind, metric = ""] = of.split(" ");
  return {
    code,
    severity,
    metric,
    threshold,
    clear,
    forSeconds,
    clearSeconds,
    kind: kind as MeasuredKind,
    comparison: "above",
  };
}

/** Fewer viewers than this say more about their own lines than about the lesson. */
const VIEWERS_OF_LESSON = { metric: "viewers", least: 5 };
const VIEWERS_OF_PLATFORM = { metric: "viewers", least: 20 };

export const DEFAULT_RULES: readonly DefaultRule[] = [
  above("processors-busy", "warning", "node cpu", [0.9, 0.8, 300, 120]),
  above("processors-stolen", "warning", "node stolen", [0.1, 0.05, 300, 120]),
  above("memory-full", "critical", "node memory", [0.92, 0.88, 180, 60]),
  above("disk-filling", "warning", "node disk", [0.85, 0.83, 60, 60]),
  above("disk-full", "critical", "node disk", [0.95, 0.93, 60, 60]),
  above("files-open", "warning", "node descriptors", [0.8, 0.7, 60, 60]),
  above("process-held", "warning", "node hold_ms", [1000, 500, 30, 120]),
  above("exit-full", "critical", "node egress", [0.9, 0.8, 60, 60]),
  above("exit-lossy", "warning", "node retransmitted", [0.05, 0.03, 180, 120]),
  above("link-lossy", "warning", "link loss", [0.05, 0.02, 60, 120]),
  above("link-slow", "warning", "link rtt_ms", [400, 300, 120, 120]),
  above("relay-behind", "critical", "hop age_ms", [5000, 2000, 30, 30]),
  // The verdict is an index; 0 says that nothing is wrong.
  above("uplink-poor", "warning", "stream verdict", [0.5, 0.5, 60, 60]),
  above("uplink-drops-frames", "warning", "stream dropped_share", [0.01, 0.005, 60, 120]),
  above("uplink-unsteady", "warning", "stream jitter_ms", [500, 300, 60, 60]),
  above("key-frames-rare", "info", "stream gop_seconds", [10, 8, 120, 60]),
  // 0 up, 1 degraded, 2 down.
  above("component-impaired", "warning", "component state", [0.5, 0.5, 300, 60]),
  above("component-down", "critical", "component state", [1.5, 1.5, 30, 30]),
  { ...above("lesson-stalls", "warning", "lesson stall_ratio", [0.05, 0.02, 60, 120]), onlyWhile: VIEWERS_OF_LESSON },
  { ...above("lesson-starts-slowly", "warning", "lesson first_frame_ms", [5000, 3000, 120, 120]), onlyWhile: VIEWERS_OF_LESSON },
  above("lesson-complaints", "warning", "lesson complaints", [2, 2, 0, 60]),
  { ...above("platform-stalls", "critical", "platform stall_ratio", [0.03, 0.01, 120, 120]), onlyWhile: VIEWERS_OF_PLATFORM },
  { ...above("probe-failed", "critical", "probe ok", [0.5, 0.5, 0, 0]), comparison: "below" },
  above("probe-starts-slowly", "warning", "probe first_frame_ms", [5000, 3000, 0, 0]),
  above("probe-stalls", "warning", "probe stall_ratio", [0.05, 0.02, 0, 0]),
];

const RANDOM_DIGITS = 16;
const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";

/** The id of a default rule, the same on every server: as `platform/id.ts` makes them, of the beginning of time. */
export function defaultRuleId(code: RuleCode): string {
  const hash = createHash("sha256").update(`alarm rule ${code}`).digest();
  return "0".repeat(10) + Array.from(hash.subarray(0, RANDOM_DIGITS), (byte) => DIGITS[byte & 31]).join("");
}

/** The columns of a default rule that an operator may change, as they come. */
export function defaultColumns(rule: DefaultRule) {
  return {
    name: alarmName("en", rule.code),
    subject: "*",
    threshold: rule.threshold,
    clear_threshold: rule.clear,
    for_seconds: rule.forSeconds,
    clear_seconds: rule.clearSeconds,
    guard_least: rule.onlyWhile?.least ?? null,
    severity: rule.severity,
  };
}

/** Writes the default rules that are missing, and those that nobody has changed. */
export async function writeDefaultRules(db: Database): Promise<void> {
  const rows = DEFAULT_RULES.map((rule) => ({
    id: defaultRuleId(rule.code),
    code: rule.code,
    kind: rule.kind,
    metric: rule.metric,
    comparison: rule.comparison,
    guard_metric: rule.onlyWhile?.metric ?? null,
    channels: json<readonly string[]>([]),
    enabled: true,
    ...defaultColumns(rule),
  }));
  await db
    .insertInto("alarm_rules")
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .column("id")
        .doUpdateSet((row) => ({
          threshold: row.ref("excluded.threshold"),
          clear_threshold: row.ref("excluded.clear_threshold"),
          for_seconds: row.ref("excluded.for_seconds"),
          clear_seconds: row.ref("excluded.clear_seconds"),
          guard_least: row.ref("excluded.guard_least"),
          severity: row.ref("excluded.severity"),
        }))
        .where("alarm_rules.version", "=", 1),
    )
    .execute();
}

/** Names the conditions that need attention, and how urgent each is. */

/** Conditions that parts of the server report themselves. */
const REPORTED = [
  "recording-stopped",
  "recording-behind",
  "storage-away",
  "quota-reached",
  "node-gone",
  "clock-skew",
  "load-shed",
  "rung-dropped",
  "ladder-refused",
  "ladder-failed",
  "source-away",
  "forward-away",
  "publish-refused",
  "break-glass",
  "operator-token-expires",
] as const;

/** Conditions of the server's own rules (`school/insight/alarms/default-rules.ts`), each by its rule's name. */
export const RULE_CODES = [
  "processors-busy",
  "processors-stolen",
  "memory-full",
  "disk-filling",
  "disk-full",
  "files-open",
  "process-held",
  "exit-full",
  "exit-lossy",
  "link-lossy",
  "link-slow",
  "relay-behind",
  "uplink-poor",
  "uplink-drops-frames",
  "uplink-unsteady",
  "key-frames-rare",
  "component-impaired",
  "component-down",
  "lesson-stalls",
  "lesson-starts-slowly",
  "lesson-complaints",
  "platform-stalls",
  "probe-failed",
  "probe-starts-slowly",
  "probe-stalls",
] as const;
export type RuleCode = (typeof RULE_CODES)[number];

/** `rule`: of a rule that an operator has made. */
export const ALARM_CODES = [...REPORTED, ...RULE_CODES, "rule"] as const;
export type AlarmCode = (typeof ALARM_CODES)[number];

/** From the least urgent on. */
export const SEVERITIES = ["info", "warning", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

const CRITICAL: readonly AlarmCode[] = ["recording-stopped", "recording-behind", "storage-away", "node-gone", "break-glass"];

/** Of conditions without a rule, which would have its own. */
export function reportedSeverity(code: AlarmCode): Severity {
  return CRITICAL.includes(code) ? "critical" : "warning";
}

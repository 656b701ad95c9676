/** Makes what the API takes of the form of a rule of alarms, and the form of a rule. */
import type { AlarmRule } from "@lectern/client";
import type { Values } from "../list/fields-form.tsx";
import { fromLocalInput, toLocalInput } from "../school/zoned-time.ts";
import { KINDS, METRICS, typedValue, valueOfTyped } from "./measured.ts";
import type { SentenceRule } from "./rule-sentence.ts";

export const SEVERITIES = ["info", "warning", "critical"] as const;
const COMPARISONS = ["above", "below"] as const;

/** What a form for a new rule begins with. */
export const NEW_RULE = {
  name: "",
  kind: "node",
  metric: "egress",
  subject: "*",
  comparison: "above",
  severity: "critical",
  threshold: 0.95,
  clearThreshold: 0.85,
  forSeconds: 60,
  clearSeconds: 120,
  onlyWhile: null,
  channelIds: [],
  silentUntil: null,
} as const satisfies SentenceRule & Pick<AlarmRule, "name" | "channelIds" | "silentUntil">;

/** The fields' values for a rule. @param zone in which `silentUntil` is typed */
export function ruleValues(rule: Omit<AlarmRule, "id" | "code" | "enabled" | "createdAt" | "version">, zone: string) {
  const { metric } = rule;
  return {
    name: rule.name,
    kind: rule.kind,
    metric,
    subject: rule.subject,
    comparison: rule.comparison,
    severity: rule.severity,
    threshold: typedValue(metric, rule.threshold),
    clearThreshold: typedValue(metric, rule.clearThreshold),
    forSeconds: String(rule.forSeconds),
    clearSeconds: String(rule.clearSeconds),
    channelIds: rule.channelIds.join(" "),
    silentUntil: toLocalInput(rule.silentUntil, zone),
  };
}

/** What can be changed of a rule. */
export function changedRule(values: Values, metric: string, zone: string) {
  const { threshold = "", clearThreshold = "", severity } = values;
  return {
    // The server's own rules keep their names.
    ...(values["name"] === undefined ? {} : { name: values["name"].trim() }),
    subject: (values["subject"] ?? "").trim() || "*",
    threshold: valueOfTyped(metric, threshold),
    clearThreshold: valueOfTyped(metric, clearThreshold.trim() === "" ? threshold : clearThreshold),
    forSeconds: Number(values["forSeconds"]),
    clearSeconds: Number(values["clearSeconds"]),
    severity: SEVERITIES.find((one) => one === severity) ?? "warning",
    channelIds: (values["channelIds"] ?? "").split(" ").filter((id) => id !== ""),
    silentUntil: fromLocalInput(values["silentUntil"], zone),
  };
}

export function newRule(values: Values, zone: string) {
  const { kind: ofKind, metric = "", comparison } = values;
  const kind = KINDS.find((one) => one === ofKind) ?? "node";
  return {
    ...changedRule(values, metric, zone),
    name: (values["name"] ?? "").trim(),
    kind,
    metric,
    comparison: COMPARISONS.find((one) => one === comparison) ?? "above",
  };
}

/** The rule that a form would make, to say it in words; null while it is incomplete. @param rule that is edited */
export function typedRule(values: Values, rule: AlarmRule | null, zone: string): SentenceRule | null {
  const { metric, ...typed } = rule
    ? { ...rule, ...changedRule(values, rule.metric, zone) }
    : { ...newRule(values, zone), onlyWhile: null };
  const numbers = [typed.threshold, typed.clearThreshold, typed.forSeconds, typed.clearSeconds];
  return METRICS[typed.kind].includes(metric) && numbers.every(Number.isFinite) ? { metric, ...typed } : null;
}

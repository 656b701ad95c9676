/** Says a rule of alarms in a sentence: "Critical when the exit bandwidth in use of a node is above 95 % for 60 s, until it is 85 % or less for 120 s." */
import type { AlarmRule } from "@lectern/client";
import type { Translate } from "../../texts/use-translation.ts";
import { isKnownMetric, valueText } from "./measured.ts";

export type SentenceRule = Pick<AlarmRule, "kind" | "metric" | "subject" | "comparison" | "threshold" | "clearThreshold"> &
  Pick<AlarmRule, "forSeconds" | "clearSeconds" | "onlyWhile" | "severity">;

/** @param language BCP 47 */
export function ruleSentence(rule: SentenceRule, t: Translate, language: string): string {
  const { kind, metric, subject, comparison, threshold, clearThreshold, onlyWhile } = rule;
  const span = (seconds: number) => (seconds === 0 ? "" : t("alarmRules.sentence.span", { seconds }));
  const shared = {
    severity: t(`alarmSeverities.${rule.severity}`),
    subject: subject === "*" ? t(`alarmRules.sentence.of.${kind}`) : t("alarmRules.sentence.named", { name: subject }),
    span: span(rule.forSeconds),
    clearSpan: span(rule.clearSeconds),
    guard:
      onlyWhile === null
        ? ""
        : t("alarmRules.sentence.guard", {
            metric: metricName(onlyWhile.metric, t),
            value: valueText(onlyWhile.metric, onlyWhile.least, language),
          }),
  };
  const state = stateOf(rule);
  if (state !== null) return t(`alarmRules.sentence.states.${state}`, shared);
  return t(`alarmRules.sentence.${comparison}`, {
    ...shared,
    metric: metricName(metric, t),
    value: valueText(metric, threshold, language),
    clear: valueText(metric, clearThreshold, language),
  });
}

/** In words; a metric that the console does not know is named as the series name it. */
export function metricName(metric: string, t: Translate): string {
  return isKnownMetric(metric) ? t(`alarmMetrics.${metric}`) : metric;
}

/** Metrics that are an index stand for words. Null: for a number. */
function stateOf({ metric, comparison, threshold, clearThreshold }: SentenceRule): string | null {
  if (metric === "ok" && comparison === "below" && threshold > 0 && threshold <= 1) return "failed";
  if (comparison !== "above" || threshold !== clearThreshold || threshold < 0) return null;
  if (metric === "verdict" && threshold < 1) return "fault";
  if (metric !== "state" || threshold >= 2) return null;
  return threshold < 1 ? "impaired" : "down";
}

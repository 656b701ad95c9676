/** Provides the fields of the form of a rule of alarms. Of an existing one, what it judges stays. */

import type { AlarmRule } from "@lectern/client";
import type { Translate } from "../../texts/use-translation.ts";
import type { Field, Values } from "../list/fields-form.tsx";
import type { Option } from "../list/filters.tsx";
import { withZone } from "../school/zone-name.ts";
import { KINDS, METRICS, unitOf } from "./measured.ts";
import { metricName } from "./rule-sentence.ts";
import { NEW_RULE, ruleValues, SEVERITIES } from "./rule-values.ts";

type RuleFieldsOptions = {
  readonly t: Translate;
  /** IANA name. */
  readonly zone: string;
  readonly channels: readonly Option[];
};

/** @param rule null for a new one */
export function ruleFields(rule: AlarmRule | null, options: RuleFieldsOptions): readonly Field[] {
  const { t, zone, channels } = options;
  const value = ruleValues(rule ?? NEW_RULE, zone);
  const isNamed = rule === null || rule.code === "rule";
  const unit = (values: Values) => {
    const of = unitOf(rule?.metric ?? values["metric"] ?? "");
    return of === "" ? null : t("alarmRules.unit", { unit: of === "share" ? "%" : of });
  };
  const clearHint = (values: Values) => [unit(values), t("alarmRules.clearHint")].filter((text) => text !== null).join(". ");
  return [
    ...(isNamed ? [{ name: "name", label: t("fields.name"), required: true, value: value.name }] : []),
    ...(rule === null ? judgedFields(value, t) : []),
    { name: "subject", label: t("alarmRules.subject"), hint: t("alarmRules.subjectHint"), value: value.subject },
    { name: "threshold", label: t("alarmRules.threshold"), hint: unit, required: true, value: value.threshold },
    { name: "clearThreshold", label: t("alarmRules.clearThreshold"), hint: clearHint, value: value.clearThreshold },
    { name: "forSeconds", label: t("alarmRules.forSeconds"), type: "number", required: true, value: value.forSeconds },
    { name: "clearSeconds", label: t("alarmRules.clearSeconds"), type: "number", required: true, value: value.clearSeconds },
    {
      name: "severity",
      label: t("alarmPages.severity"),
      required: true,
      value: value.severity,
      options: SEVERITIES.map((one) => ({ value: one, label: t(`alarmSeverities.${one}`) })),
    },
    {
      name: "channelIds",
      label: t("alarmRules.channels"),
      hint: t("alarmRules.channelsHint"),
      value: value.channelIds,
      options: channels,
      multiple: true,
      isShown: () => channels.length > 0,
    },
    {
      name: "silentUntil",
      label: withZone(t("alarmRules.silentUntil"), zone, t),
      value: value.silentUntil,
      type: "datetime-local",
      hint: t("alarmRules.silentHint"),
    },
  ];
}

function judgedFields(value: ReturnType<typeof ruleValues>, t: Translate): readonly Field[] {
  return [
    {
      name: "kind",
      label: t("alarmRules.kind"),
      required: true,
      value: value.kind,
      options: KINDS.map((kind) => ({ value: kind, label: t(`alarmRules.kinds.${kind}`) })),
    },
    {
      name: "metric",
      label: t("alarmRules.metric"),
      required: true,
      value: value.metric,
      options: ({ kind }) =>
        METRICS[KINDS.find((one) => one === kind) ?? "node"].map((metric) => ({ value: metric, label: metricName(metric, t) })),
    },
    {
      name: "comparison",
      label: t("alarmRules.comparison"),
      required: true,
      value: value.comparison,
      options: (["above", "below"] as const).map((one) => ({ value: one, label: t(`alarmRules.comparisons.${one}`) })),
    },
  ];
}

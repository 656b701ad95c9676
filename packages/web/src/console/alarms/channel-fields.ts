/** The form of a channel of alarms: for each kind, where its address and its secret are found. */
import type { AlarmChannel } from "@lectern/client";
import type { Translate } from "../ladders/quality-fields.ts";
import type { Field, Values } from "../list/fields-form.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { SEVERITIES } from "./rule-values.ts";

const KINDS = ["wecom", "dingtalk", "feishu", "slack", "webhook", "mail"] as const;
/** Kinds whose messages can be signed. */
const SIGNED = ["dingtalk", "feishu", "webhook"] as const;
/** Stands for no school in a select. */
const PLATFORM = "platform";
const LANGUAGES = ["en", "zh"] as const;
type Kind = AlarmChannel["kind"];
type NamedSchool = { readonly id: string; readonly name: string };

/**
 * @param channel null for a new one
 * @param schools of which one can be chosen, or the platform; none: it is of the school that is shown
 * @param language BCP 47
 */
export function channelFields(
  channel: AlarmChannel | null,
  schools: readonly NamedSchool[],
  schoolId: string,
  language: string,
  t: Translate,
): readonly Field[] {
  const kinds: readonly Kind[] = channel ? [channel.kind] : KINDS;
  const signed = SIGNED.filter((kind) => kinds.includes(kind));
  const isOf = (kind: Kind) => (values: Values) => (channel?.kind ?? values["kind"]) === kind;
  return [
    ...(channel
      ? []
      : [
          {
            ...{
              name: "kind",
              label: t("alarmChannels.kind"),
              required: true,
              value: language.startsWith("zh") ? "wecom" : "slack",
            },
            options: KINDS.map((kind) => ({ value: kind, label: t(`alarmChannels.kinds.${kind}`) })),
          },
        ]),
    { name: "name", label: t("fields.name"), required: true, value: channel?.name ?? "" },
    ...kinds.map((kind) => ({
      ...{ name: `target-${kind}`, label: t(`alarmChannels.target.${kind}`), required: channel === null, isShown: isOf(kind) },
      hint: `${t(`alarmChannels.targetHint.${kind}`)} ${channel ? t("alarmChannels.kept", { target: channel.target }) : ""}`.trim(),
    })),
    ...signed.map((kind) => ({
      ...{ name: `secret-${kind}`, label: t(`alarmChannels.secret.${kind}`), type: "password" as const, isShown: isOf(kind) },
      hint: channel?.hasSecret ? t("alarmChannels.secretKept") : t(`alarmChannels.secretHint.${kind}`),
      required: kind === "webhook" && channel === null,
    })),
    {
      ...{ name: "language", label: t("alarmChannels.language"), required: true },
      value: channel?.language ?? (language.startsWith("zh") ? "zh" : "en"),
      options: LANGUAGES.map((one) => ({ value: one, label: t(`alarmChannels.languages.${one}`) })),
    },
    {
      ...{ name: "severity", label: t("alarmChannels.severity"), required: true, value: channel?.severity ?? "warning" },
      options: SEVERITIES.map((one) => ({ value: one, label: t(`alarmChannels.severities.${one}`) })),
    },
    {
      ...{ name: "schoolId", label: t("school"), required: true, value: schoolId || PLATFORM, isShown: () => schools.length > 0 },
      options: [
        { value: PLATFORM, label: t("alarmChannels.platform") },
        ...schools.map(({ id, name }) => ({ value: id, label: name })),
      ],
    },
  ];
}

/** What the form says of a new channel. */
export function newChannel(values: Values) {
  const kind = KINDS.find((one) => one === values["kind"]) ?? "wecom";
  return {
    ...{ kind, ...shared(values), target: values[`target-${kind}`] ?? "" },
    ...nonEmpty({ schoolId: values["schoolId"] === PLATFORM ? undefined : values["schoolId"], secret: values[`secret-${kind}`] }),
  };
}

/** What it says of one that exists: an address or secret that is not typed in stays. */
export function changedChannel(values: Values) {
  const typed = (prefix: string) => KINDS.map((kind) => values[`${prefix}-${kind}`]).find((text) => text);
  return { ...shared(values), ...nonEmpty({ target: typed("target"), secret: typed("secret") }) };
}

function shared(values: Values) {
  return {
    name: (values["name"] ?? "").trim(),
    language: LANGUAGES.find((one) => one === values["language"]) ?? "en",
    severity: SEVERITIES.find((one) => one === values["severity"]) ?? "warning",
  };
}

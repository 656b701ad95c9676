/** Provides the form of a channel of alarms: for each kind, where its address and its secret are found. */
import type { AlarmChannel } from "@lectern/client";
import { InputError } from "../../session/error-message.ts";
import type { Translate } from "../../texts/use-translation.ts";
import type { Field, Values } from "../list/fields-form.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { windowsOf, windowsText } from "../list/week-windows.ts";
import { SEVERITIES } from "./rule-values.ts";

const KINDS = ["wecom", "dingtalk", "feishu", "slack", "webhook", "mail"] as const;
/** Kinds whose messages can be signed. */
const SIGNED = ["dingtalk", "feishu", "webhook"] as const;
/** Stands for no school in a select. */
const PLATFORM = "platform";
const LANGUAGES = ["en", "zh"] as const;
type Kind = AlarmChannel["kind"];
type NamedSchool = { readonly id: string; readonly name: string; readonly timeZone: string };

const HOURS = ["onCall", "quiet"] as const;
export type HoursName = (typeof HOURS)[number];

export type ChannelForm = {
  /** Null for a new one. */
  readonly channel: AlarmChannel | null;
  readonly schools: readonly NamedSchool[];
  /** Whether one of the schools can be chosen, or the platform; else it is of the school that is shown. */
  readonly canChoose: boolean;
  /** The school that is shown; empty: none alone. */
  readonly schoolId: string;
  /** BCP 47. */
  readonly language: string;
  readonly t: Translate;
  readonly hoursInput: (name: HoursName, label: string) => NonNullable<Field["input"]>;
};

export function channelFields(form: ChannelForm): readonly Field[] {
  const { channel, schools, canChoose, schoolId, language, t } = form;
  const kinds: readonly Kind[] = channel ? [channel.kind] : KINDS;
  const signed = SIGNED.filter((kind) => kinds.includes(kind));
  const isOf = (kind: Kind) => (values: Values) => (channel?.kind ?? values["kind"]) === kind;
  return [
    ...(channel
      ? []
      : [
          {
            name: "kind",
            label: t("alarmChannels.kind"),
            required: true,
            value: language.startsWith("zh") ? "wecom" : "slack",
            options: KINDS.map((kind) => ({ value: kind, label: t(`alarmChannels.kinds.${kind}`) })),
          },
        ]),
    { name: "name", label: t("fields.name"), required: true, value: channel?.name ?? "" },
    ...kinds.map((kind) => ({
      name: `target-${kind}`,
      label: t(`alarmChannels.target.${kind}`),
      required: channel === null,
      isShown: isOf(kind),
      path: "target",
      hint: `${t(`alarmChannels.targetHint.${kind}`)} ${channel ? t("alarmChannels.kept", { target: channel.target }) : ""}`.trim(),
    })),
    ...signed.map((kind) => ({
      name: `secret-${kind}`,
      label: t(`alarmChannels.secret.${kind}`),
      type: "password" as const,
      isShown: isOf(kind),
      path: "secret",
      hint: channel?.hasSecret ? t("alarmChannels.secretKept") : t(`alarmChannels.secretHint.${kind}`),
      required: kind === "webhook" && channel === null,
    })),
    {
      name: "language",
      label: t("alarmChannels.language"),
      required: true,
      value: channel?.language ?? (language.startsWith("zh") ? "zh" : "en"),
      options: LANGUAGES.map((one) => ({ value: one, label: t(`alarmChannels.languages.${one}`) })),
    },
    {
      name: "severity",
      label: t("alarmChannels.severity"),
      required: true,
      value: channel?.severity ?? "warning",
      options: SEVERITIES.map((one) => ({ value: one, label: t(`alarmChannels.severities.${one}`) })),
    },
    {
      name: "schoolId",
      label: t("school"),
      required: true,
      value: schoolId || PLATFORM,
      isShown: () => canChoose,
      options: [
        { value: PLATFORM, label: t("alarmChannels.platform") },
        ...schools.map(({ id, name }) => ({ value: id, label: name })),
      ],
    },
    ...HOURS.map((name) => hoursField(name, form)),
  ];
}

/** Times of the week are those of the channel's school; the platform's are UTC. */
function hoursField(name: HoursName, { channel, schools, canChoose, schoolId, t, hoursInput }: ChannelForm): Field {
  const label = t(`alarmChannels.${name}`);
  const zoneOf = (values: Values): string => {
    const id = channel ? channel.schoolId : canChoose ? values["schoolId"] : schoolId;
    return schools.find((school) => school.id === id)?.timeZone ?? "UTC";
  };
  return {
    name,
    label,
    value: windowsText(channel?.[name] ?? []),
    hint: (values) => t(`alarmChannels.${name}Hint`, { zone: zoneOf(values) }),
    input: hoursInput(name, label),
  };
}

/**
 * What the form says of a new channel.
 * @throws InputError
 */
export function newChannel(values: Values, t: Translate) {
  const kind = KINDS.find((one) => one === values["kind"]) ?? "wecom";
  return {
    kind,
    ...shared(values, t),
    target: values[`target-${kind}`] ?? "",
    ...nonEmpty({ schoolId: values["schoolId"] === PLATFORM ? undefined : values["schoolId"], secret: values[`secret-${kind}`] }),
  };
}

/**
 * What it says of one that exists: an address or secret that is not typed in stays.
 * @throws InputError
 */
export function changedChannel(values: Values, t: Translate) {
  const typed = (prefix: string) => KINDS.map((kind) => values[`${prefix}-${kind}`]).find((text) => text);
  return { ...shared(values, t), ...nonEmpty({ target: typed("target"), secret: typed("secret") }) };
}

function shared(values: Values, t: Translate) {
  return {
    name: (values["name"] ?? "").trim(),
    language: LANGUAGES.find((one) => one === values["language"]) ?? "en",
    severity: SEVERITIES.find((one) => one === values["severity"]) ?? "warning",
    onCall: filledHours("onCall", values, t),
    quiet: filledHours("quiet", values, t),
  };
}

function filledHours(name: HoursName, values: Values, t: Translate) {
  const windows = windowsOf(values[name] ?? "");
  if (windows.some(({ days }) => days.length === 0)) throw new InputError(t("timeWindows.noDays"), name);
  return windows.map(({ days, from, to }) => ({ days: [...days], from, to }));
}

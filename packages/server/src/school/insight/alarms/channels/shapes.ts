/** Defines what the API takes and returns about the channels by which people are told of alarms. */
import { z } from "zod";
import { LANGUAGES } from "../../../../platform/messages/language.ts";
import { platformText } from "../../../../platform/messages/platform-texts.ts";
import { alarmText } from "../../../foundation/messages/alarm-refusal-texts.ts";
import { id, text, time, version } from "../../../foundation/requests/fields.ts";
import { type AlarmChannel, CHANNEL_KINDS, type ChannelKind } from "../../../foundation/store/alarm-tables.ts";
import type { StoredSecrets } from "../../../foundation/store/stored-secrets.ts";
import { email } from "../../../people/accounts/shapes.ts";
import { severity } from "../shapes.ts";

const MAX_ADDRESSES = 10;
const LEAST_SECRET = 16;
/** Two for each day of the week. */
const MAX_HOURS = 14;
const webAddress = z.url({ protocol: /^https?$/ }).max(2000);
/** A space in what is stored would make two addresses of one. */
const mailAddresses = z.array(email).min(1).max(MAX_ADDRESSES);

const time24 = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
const hours = z
  .array(
    z.strictObject({
      days: z.array(z.int().min(1).max(7)).min(1).max(7).describe("On which it begins: 1 is Monday."),
      from: time24.describe("HH:MM in the time zone of the school; of the platform, UTC."),
      to: time24.describe("At or before `from`: on the next day."),
    }),
  )
  .max(MAX_HOURS);

const fields = {
  name: text(100),
  target: z
    .string()
    .trim()
    .min(1)
    .max(3000)
    .describe("The address of the robot or webhook; for `mail`: 1 to 10 mail addresses with spaces between."),
  secret: z
    .string()
    .trim()
    .max(256)
    .describe(
      "Signs messages: needed for `webhook` (docs/api.md, Webhooks), for the robots of DingTalk and Feishu if they ask for it.",
    ),
  language: z.enum(LANGUAGES),
  severity: severity.describe("Alarms that are at least so urgent."),
  enabled: z.boolean(),
  onCall: hours.describe("When the channel is on call; outside, what comes waits until the next of these begins. Empty: always."),
  quiet: hours.describe("Quiet hours: only new critical alarms are told at once; the rest waits until they are over."),
};

export const channelShape = z
  .object({
    id,
    schoolId: id.nullable().describe("Null: of the platform, told of the alarms of all schools."),
    kind: z.enum(CHANNEL_KINDS),
    name: z.string(),
    target: z.string().describe("Addresses with keys are shown without their paths."),
    hasSecret: z.boolean(),
    language: fields.language,
    severity: fields.severity,
    enabled: z.boolean(),
    onCall: fields.onCall,
    quiet: fields.quiet,
    failures: z.int().describe("Failed attempts since the last message that was taken."),
    lastError: z.string().nullable(),
    lastSentAt: time.nullable(),
    createdAt: time,
    version,
  })
  .meta({ id: "AlarmChannel" });

export const newChannel = z
  .strictObject({
    ...fields,
    schoolId: id.optional(),
    kind: z.enum(CHANNEL_KINDS),
    secret: fields.secret.default(""),
    language: fields.language.default("en"),
    severity: fields.severity.default("warning"),
    enabled: z.boolean().default(true),
    onCall: fields.onCall.default([]),
    quiet: fields.quiet.default([]),
  })
  .superRefine(({ kind, target, secret }, context) => {
    const mistake = targetError(kind, target) ?? secretError(kind, secret);
    if (mistake) context.addIssue({ code: "custom", path: [mistake.field], message: mistake.key });
  });

export const changedChannel = z
  .strictObject({
    ...fields,
    target: fields.target.describe("Left out: as it is."),
    secret: fields.secret.describe("Left out: as it is."),
  })
  .partial();

export type ChannelError = {
  readonly field: "target" | "secret";
  readonly key: string;
  readonly message: ReturnType<typeof alarmText> | ReturnType<typeof platformText>;
};

/** What is wrong with an address; null: nothing. */
export function targetError(kind: ChannelKind, target: string): ChannelError | null {
  if (kind === "mail") {
    if (mailAddresses.safeParse(addressesOf(target)).success) return null;
    return { field: "target", key: alarmText.key("mail-addresses"), message: alarmText("mail-addresses") };
  }
  if (webAddress.safeParse(target).success) return null;
  return { field: "target", key: platformText.key("not-a-web-address"), message: platformText("not-a-web-address") };
}

/** What is wrong with a secret; null: nothing. */
export function secretError(kind: ChannelKind, secret: string): ChannelError | null {
  if (kind !== "webhook" || secret.length >= LEAST_SECRET) return null;
  return { field: "secret", key: alarmText.key("secret-needed"), message: alarmText("secret-needed") };
}

/** As it is stored. */
export function storedTarget(kind: ChannelKind, target: string): string {
  return kind === "mail" ? addressesOf(target).join(" ") : target;
}

function addressesOf(target: string): readonly string[] {
  return target.split(/[\s,;]+/).filter((address) => address !== "");
}

export function channelResponse(channel: AlarmChannel, secrets: StoredSecrets) {
  const target = secrets.decrypt("alarm_channels", channel.id, channel.secret_target) ?? "";
  return {
    id: channel.id,
    schoolId: channel.school_id,
    kind: channel.kind,
    name: channel.name,
    target: channel.kind === "mail" ? target : shownTarget(target),
    hasSecret: channel.secret !== "",
    language: channel.language,
    severity: channel.severity,
    enabled: channel.enabled,
    onCall: channel.hours.onCall.map((each) => ({ ...each, days: [...each.days] })),
    quiet: channel.hours.quiet.map((each) => ({ ...each, days: [...each.days] })),
    failures: channel.failures,
    lastError: channel.last_error,
    lastSentAt: channel.last_sent_at,
    createdAt: channel.created_at,
    version: channel.version,
  };
}

/** The keys of robots are in the path or the query. */
function shownTarget(target: string): string {
  return URL.canParse(target) ? `${new URL(target).origin}/***` : "***";
}

/** Defines what the API takes and returns about schools. */

import { z } from "zod";
import { AddressSet } from "../../../platform/address.ts";
import { LEAST_AUDIT_DAYS } from "../../../platform/config/audit-schema.ts";
import { platformText } from "../../../platform/messages/platform-texts.ts";
import { fieldText } from "../messages/field-texts.ts";
import { id, text, time, version } from "../requests/fields.ts";
import { VIEW_DETAILS } from "../store/view-tables.ts";
import { ladderChoiceFields, ladderFields } from "./ladder-choice.ts";

/** 128 KiB in base64. */
const MAX_LOGO_LETTERS = 4 * Math.ceil((128 * 1024) / 3);
const timeZone = z.string().refine(isTimeZone, fieldText.key("time-zone"));
const network = z.string().refine(isNetwork, platformText.key("not-a-network"));
const slug = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, fieldText.key("slug"));
const bytes = z.int().min(0);
const accent = z.string().regex(/^#[0-9a-f]{6}$/, fieldText.key("colour"));

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export function isNetwork(cidr: string): boolean {
  try {
    new AddressSet([cidr]);
    return true;
  } catch {
    return false;
  }
}

export const schoolShape = z
  .object({
    id,
    slug: z.string(),
    name: z.string(),
    timeZone: z.string(),
    guests: z.boolean().describe("Whether new lessons admit people without an account."),
    // For administrators only; others get none of these.
    adminNetworks: z.array(z.string()).optional().describe("Networks that administrators may sign in from; empty: all."),
    keepDays: z.int().optional().describe("Recordings move to the bin after this many days; 0: as configured for the server."),
    keepBytes: z.int().optional().describe("The oldest recordings are deleted permanently when all take more than this; 0: never."),
    quotaBytes: z.int().optional().describe("Recording stops when all recordings take this much; 0: no limit."),
    passwordSignIn: z.boolean().optional().describe("Whether people can sign in with a password, besides the school's providers."),
    secondFactor: z
      .boolean()
      .optional()
      .describe("Whether administrators, teachers and assistants need a second factor where they sign in with a password."),
    idleMinutes: z.int().optional().describe("Sessions end after so many minutes without use; 0: as configured for the server."),
    scimAdministrators: z
      .boolean()
      .optional()
      .describe("Whether the school's directory (SCIM) may make and change administrators."),
    keepAuditDays: z.int().optional().describe("Audit entries are deleted after this many days; 0: never."),
    keepNamesDays: z.int().optional().describe("Names of participants are erased this many days after the lesson; 0: never."),
    viewDetails: z
      .enum(VIEW_DETAILS)
      .optional()
      .describe(
        "What is kept of each viewer: names: who watched; anonymous: sessions without names and addresses; none: sums only.",
      ),
    endAfterMinutes: z
      .int()
      .optional()
      .describe("A lesson that its publisher began ends when nobody has published for so many minutes; 0: with its stream."),
    lessonRanking: z.boolean().optional().describe("Whether the analytics of a lesson rank its students, for staff."),
    guestConsent: z.string().describe("What guests agree to before they join; empty: nothing."),
    accent: accent
      .nullable()
      .describe("The colour of the school's pages; pages make it readable in light and in dark. Null: theirs."),
    logo: z.string().nullable().describe("The address of the school's logo; null: there is none."),
    ...ladderFields,
    deletingSince: time.nullable().describe("The school is being deleted, with everything of it."),
    archivedAt: time.nullable(),
    createdAt: time,
    version,
  })
  .meta({ id: "School" });
export const newSchool = z.strictObject({
  slug: slug.describe("Short name, which people type to sign in when several schools have their login."),
  name: text(200),
  timeZone: timeZone.default("Asia/Shanghai"),
  guests: z.boolean().default(true),
  adminNetworks: z.array(network).max(1000).default([]),
  ...ladderChoiceFields,
});
export const changedSchool = z.strictObject({
  slug: slug.optional(),
  name: text(200).optional(),
  timeZone: timeZone.optional(),
  guests: z.boolean().optional(),
  adminNetworks: z.array(network).max(1000).optional(),
  keepDays: z.int().min(0).max(36_500).optional(),
  keepBytes: bytes.optional(),
  quotaBytes: bytes.optional().describe("For operators."),
  secondFactor: z.boolean().optional(),
  scimAdministrators: z.boolean().optional(),
  passwordSignIn: z.boolean().optional().describe("Off only where a provider is enabled."),
  idleMinutes: z
    .union([z.literal(0), z.int().min(5).max(525_600)])
    .optional()
    .describe("0, or 5 and more."),
  guestConsent: z.string().max(5000).optional(),
  endAfterMinutes: z.int().min(0).max(1440).optional(),
  lessonRanking: z.boolean().optional(),
  accent: accent.nullable().optional().describe("`#rrggbb`; null: the colour of the pages."),
  ...ladderChoiceFields,
  keepAuditDays: z
    .union([z.literal(0), z.int().min(LEAST_AUDIT_DAYS).max(36_500)])
    .optional()
    .describe("0, or 180 and more."),
  keepNamesDays: z.int().min(0).max(36_500).optional(),
  viewDetails: z.enum(VIEW_DETAILS).optional().describe("Holds for what is watched from a minute later."),
  archived: z.boolean().optional().describe("People of an archived school cannot sign in, and its lessons are closed."),
});
export type ChangedSchool = z.output<typeof changedSchool>;
export const brandShape = z
  .object({
    school: z.string().nullable().describe("The name of the school; null: the server has several, and the caller is of none."),
    accent: accent.nullable(),
    logo: z.string().nullable(),
  })
  .meta({ id: "Brand" });
export const logoShape = z.custom<Buffer>((value) => Buffer.isBuffer(value)).meta({ type: "string", description: "The picture." });
export const newLogo = z.strictObject({
  image: z
    .base64()
    .max(MAX_LOGO_LETTERS)
    .describe("The picture in base64: PNG, JPEG or WebP, at most 128 KiB and 1024 px wide and high."),
});
export const storageUsageShape = z
  .object({
    bytes: z.number().describe("Of all recordings, including those in the bin."),
    quotaBytes: z.number().describe("0: no limit."),
  })
  .meta({ id: "Space" });

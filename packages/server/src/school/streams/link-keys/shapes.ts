/** Defines what the API takes and returns about link keys. */
import { z } from "zod";
import { LINK_SCHEMES } from "../../../access/links/link-scheme.ts";
import { isOneLine } from "../../../platform/text.ts";
import { fieldText } from "../../foundation/messages/field-texts.ts";
import { id, text, time, version } from "../../foundation/requests/fields.ts";
import type { LinkKeyRow } from "../../foundation/store/link-key-tables.ts";

const MIN_SECRET = 6;
const MAX_SECRET = 256;
/** A year: more is a mistake of the unit. */
const MAX_VALID_SECONDS = 366 * 24 * 3600;

const scheme = z.enum(LINK_SCHEMES).describe("Which system signs the links: docs/links.md.");
const validSeconds = z
  .int()
  .min(0)
  .max(MAX_VALID_SECONDS)
  .describe("How long a link goes on after the time that is written in it, as the other system is configured.");

export const linkKeyShape = z
  .object({
    id,
    schoolId: id.nullable().describe("Null: of the installation."),
    name: z.string(),
    scheme,
    validSeconds,
    createdAt: time,
    version,
  })
  .meta({ id: "LinkKey" });

export const createdLinkKeyShape = linkKeyShape
  .extend({ secret: z.string().describe("Shown only in this answer.") })
  .meta({ id: "CreatedLinkKey" });

export const newLinkKey = z.strictObject({
  schoolId: id.optional(),
  name: text(100),
  scheme,
  secret: z
    .string()
    .min(MIN_SECRET, fieldText.key("link-secret"))
    .max(MAX_SECRET, fieldText.key("link-secret"))
    .refine(isOneLine, fieldText.key("one-line"))
    .optional()
    .describe("The one that the other system signs with. Default: a new one, of 32 hexadecimal digits."),
  validSeconds: validSeconds.optional().describe("Default: 1800 for Aliyun's schemes, 0 for the others."),
});

export const changedLinkKey = z.strictObject({ name: text(100).optional(), validSeconds: validSeconds.optional() });

export function linkKeyResponse(key: LinkKeyRow) {
  return {
    id: key.id,
    schoolId: key.school_id,
    name: key.name,
    scheme: key.scheme,
    validSeconds: key.valid_seconds,
    createdAt: key.created_at,
    version: key.version,
  };
}

/** Provides Zod schemas of fields that several domains' routes use. Times are ISO 8601 with an offset. */

import { z } from "zod";
import { ID } from "../../../platform/id.ts";
import { isInRange } from "../../../platform/instant.ts";
import { isOneLine, isVisible } from "../../../platform/text.ts";
import { fieldText } from "../messages/field-texts.ts";

export const id = z.string().regex(ID, fieldText.key("id"));
/** A time in a request, of the years 1970 to 9999. */
export const instant = z.iso
  .datetime({ offset: true, abort: true, error: fieldText.key("instant") })
  .refine((value) => isInRange(Date.parse(value)), fieldText.key("instant-range"));
/** A time in an answer; handlers return a Date. */
export const time = z.preprocess((value) => (value instanceof Date ? value.toISOString() : value), z.iso.datetime());
export const version = z.int().describe("Increases by one with each change; also the ETag.");
/** A boolean of a query. */
export const flag = z.stringbool().meta({ type: "boolean" });
/** A name or a title: one visible line. */
export const text = (maxLength: number) =>
  z
    .string()
    .trim()
    .min(1, { error: fieldText.key("empty"), abort: true })
    .max(maxLength, fieldText.key("too-long"))
    .refine(isVisible, fieldText.key("empty"))
    .refine(isOneLine, fieldText.key("one-line"));
/** An id in the school's own system. */
export const externalId = z
  .string()
  .trim()
  .regex(/^[^\p{Cc}\p{Cs}]{1,200}$/u, fieldText.key("external-id"));
/** How a watermark names a person (`accounts/person-watermark.ts`). */
export const personWatermark = z.string().max(20).toUpperCase().describe("How a watermark names the person.");
/** A file in an answer. */
export const fileBytes = z.custom<Buffer>((sent) => Buffer.isBuffer(sent)).meta({ type: "string", format: "binary" });
export const search = z.string().max(100).optional();

/** Path parameters with one id. */
export const idParam = <K extends string>(name: K) => z.strictObject({ [name]: id } as Record<K, typeof id>);

/** The fields that a request names; undefined ones are left out. */
export function definedFields<T extends Record<string, unknown>>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

export function toDate(value: string | null | undefined): Date | null {
  return value ? new Date(value) : null;
}

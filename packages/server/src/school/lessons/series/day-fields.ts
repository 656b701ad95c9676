/** Provides Zod schemas of days and of times of a day, which belong to no time zone by themselves. */
import { z } from "zod";
import { fieldText } from "../../foundation/messages/field-texts.ts";

/** Bounded, because a series begins to count at its first day. */
export const day = z.iso
  .date({ abort: true, error: fieldText.key("day") })
  .refine((value) => value >= "2000-01-01" && value < "2200-01-01", fieldText.key("day"));
export const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

/** Whether the last day is not before the first one; true where one of them is missing. */
export function isDayRange({
  startsOn,
  endsOn,
}: {
  readonly startsOn?: string | undefined;
  readonly endsOn?: string | null | undefined;
}): boolean {
  return !startsOn || !endsOn || startsOn <= endsOn;
}

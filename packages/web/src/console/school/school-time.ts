/** Provides React hooks for the time zone of the school that the console shows. */
import { useTranslation } from "../../texts/use-translation.ts";
import { formatInZone } from "./format-in-zone.ts";
import { useSchoolScope } from "./school-context.ts";

/** The school's zone; the browser's while an operator looks at all schools. */
export function useTimeZone(): string {
  return useSchoolScope().school?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Formats instants in the school's zone; empty for null. */
export function useFormatTime(): (iso: string | null) => string {
  const { i18n } = useTranslation();
  const zone = useTimeZone();
  return (iso) => formatInZone(iso, zone, i18n.language);
}

/** Formats the day of an instant in the school's zone, as short as it can be told from others of a year. */
export function useFormatDay(): (iso: string) => string {
  const { i18n } = useTranslation();
  const format = new Intl.DateTimeFormat(i18n.language, { month: "short", day: "numeric", timeZone: useTimeZone() });
  return (iso) => format.format(new Date(iso));
}

/** Formats a day, `2026-12-24`. */
export function useFormatDate(): (day: string) => string {
  const { i18n } = useTranslation();
  const format = new Intl.DateTimeFormat(i18n.language, {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  });
  return (day) => format.format(new Date(day));
}

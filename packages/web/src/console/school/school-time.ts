/** Times as the school's clock shows them, wherever the person who looks is. */
import { DateTime } from "luxon";
import { useTranslation } from "react-i18next";
import { useSchoolScope } from "./school-context.ts";

/** The school's zone; of an operator who looks at several, the browser's. */
export function useTimeZone(): string {
  return useSchoolScope().school?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Shows an instant in full. */
export function useFormatTime(): (iso: string | null) => string {
  const { i18n } = useTranslation();
  const zone = useTimeZone();
  return (iso) =>
    iso ? DateTime.fromISO(iso, { zone }).setLocale(i18n.language).toLocaleString({ dateStyle: "medium", timeStyle: "short" }) : "";
}

/** An instant as a field of a form holds it. */
export function toLocalInput(iso: string | null, zone: string): string {
  return iso ? DateTime.fromISO(iso, { zone }).toFormat("yyyy-MM-dd'T'HH:mm") : "";
}

/** Null for an empty field. */
export function fromLocalInput(text: string | undefined, zone: string): string | null {
  return text ? toIsoUtc(DateTime.fromISO(text, { zone })) : null;
}

/** As the API takes it. */
export function toIsoUtc(at: DateTime): string {
  return at.toUTC().toISO() ?? "";
}

/** Formats instants of the API (ISO 8601, UTC) in the time zone of a school. */

/** @param zone IANA name; @param language BCP 47. Empty for null */
export function formatInZone(iso: string | null, zone: string, language: string): string {
  if (!iso) return "";
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short", timeZone: zone }).format(new Date(iso));
}

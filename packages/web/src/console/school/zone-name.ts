/** Names time zones as people do, and leaves the zone out where it is the one of the person's own clock. */
import type { Translate } from "../../texts/use-translation.ts";

/** "China Time" for `Asia/Shanghai`; the IANA name of a zone that the browser does not know. */
export function zoneName(zone: string, language: string): string {
  try {
    const parts = new Intl.DateTimeFormat(language, { timeZone: zone, timeZoneName: "longGeneric" }).formatToParts(0);
    return parts.find(({ type }) => type === "timeZoneName")?.value ?? zone;
  } catch {
    return zone;
  }
}

/** A label of a local time: with the zone, where a person elsewhere would take it for their own. */
export function withZone(label: string, zone: string, t: Translate): string {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return zone === own ? label : t("inTimeZone", { label, zone });
}

/** Converts between instants of the API (ISO 8601, UTC) and local times in a school's time zone. */
import { DateTime } from "../../schedule/dates.ts";

/** An instant as the value of an `<input type="datetime-local">`; empty for null. */
export function toLocalInput(iso: string | null, zone: string): string {
  return iso ? DateTime.fromISO(iso, { zone }).toFormat("yyyy-MM-dd'T'HH:mm") : "";
}

/** The instant of such a value; null for an empty one. */
export function fromLocalInput(text: string | undefined, zone: string): string | null {
  return text ? toIsoUtc(DateTime.fromISO(text, { zone })) : null;
}

export function toIsoUtc(time: DateTime): string {
  return time.toUTC().toISO() ?? "";
}

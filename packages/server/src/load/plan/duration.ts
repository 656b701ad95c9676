/** Reads durations of plans: a number of seconds, or 500ms, 10s, 5m, 1h. */
import { z } from "zod";

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const FORM = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)$/;

/** Milliseconds. */
export const duration = z
  .union([z.number().min(0), z.string().regex(FORM, "is not a duration such as 500ms, 10s, 5m or 1h")], {
    error: "is not a duration such as 500ms, 10s, 5m or 1h",
  })
  .transform((value) => (typeof value === "number" ? value * 1000 : inMilliseconds(value)));

function inMilliseconds(text: string): number {
  const [, amount = "0", unit = "s"] = FORM.exec(text) ?? [];
  return Number(amount) * (UNITS[unit] ?? 1000);
}

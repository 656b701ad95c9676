/** Defines what the class page says about the start of a lesson. */
import type { Invitation } from "./lesson-door.ts";

/** The last hour before a lesson is a countdown. */
const COUNTDOWN_MS = 3_600_000;

export type StartNotice =
  | { readonly kind: "live" }
  | { readonly kind: "ended" }
  | { readonly kind: "not-started" }
  | { readonly kind: "date"; readonly startsAt: string }
  | { readonly kind: "countdown"; readonly seconds: number };

/** @param now milliseconds since 1970 */
export function startNotice({ state, startsAt }: Pick<Invitation, "state" | "startsAt">, now: number): StartNotice {
  if (state === "live") return { kind: "live" };
  const leftMs = startsAt ? Date.parse(startsAt) - now : 0;
  if (!startsAt || leftMs <= 0) return { kind: state === "ended" ? "ended" : "not-started" };
  if (leftMs > COUNTDOWN_MS) return { kind: "date", startsAt };
  return { kind: "countdown", seconds: Math.ceil(leftMs / 1000) };
}

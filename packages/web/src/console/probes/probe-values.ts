/** Defines what the form of a probe has as text, and what the API takes. */
import type { Values } from "../list/fields-form.tsx";

export const LOOKS = ["black", "frozen", "silent"] as const;
type Look = (typeof LOOKS)[number];
export type Looks = Readonly<Record<Look, boolean>>;

const MINUTES = [1, 2, 5, 15, 60];
const SECONDS = [10, 18, 30, 60];

/** The intervals to choose from, in seconds; a probe that was made through the API may have another one. */
export function intervals(current: number | null): number[] {
  return withCurrent(
    MINUTES.map((minutes) => minutes * 60),
    current,
  );
}

export function lengths(current: number | null): number[] {
  return withCurrent(SECONDS, current);
}

/** As the form's select of several has it. */
export function writeLooks(looks: Looks): string {
  return LOOKS.filter((look) => looks[look]).join(" ");
}

export function readLooks(text: string): Looks {
  const chosen = text.split(" ");
  const [black, frozen, silent] = LOOKS.map((look) => chosen.includes(look));
  return { black: black ?? false, frozen: frozen ?? false, silent: silent ?? false };
}

export function probeBody({ name = "", via = "", everySeconds, seconds, looks = "" }: Values) {
  return {
    name,
    via: via.trim() === "" ? null : via.trim(),
    everySeconds: Number(everySeconds),
    seconds: Number(seconds),
    ...readLooks(looks),
  };
}

function withCurrent(usual: readonly number[], current: number | null): number[] {
  return [...new Set(current === null ? usual : [...usual, current])].sort((a, b) => a - b);
}

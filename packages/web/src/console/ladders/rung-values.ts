/** Provides the rungs of a ladder as texts of a form, and back. */
import type { Ladder } from "@lectern/client";

type Rung = Ladder["rungs"][number];

/** As it is typed. */
export type RungValues = {
  readonly name: string;
  /** Empty: sound only. */
  readonly height: string;
  /** Kilobits per second. */
  readonly videoKbps: string;
  /** Kilobits per second; empty: the sound as it is. */
  readonly audioKbps: string;
};

/** The API takes no more. */
export const MAX_RUNGS = 8;
/** Shorter sides of the picture that can be chosen, and the bits that suit them. */
const SIZES: Readonly<Record<string, string>> = {
  "1080": "4200",
  "720": "2200",
  "480": "1000",
  "360": "550",
  "240": "300",
};
const NEW_RUNGS: readonly RungValues[] = [
  { name: "480p", height: "480", videoKbps: "1000", audioKbps: "" },
  { name: "audio", height: "", videoKbps: "", audioKbps: "" },
];

/** The sizes that can be chosen, with the one that the rung has. */
export function heightsFor(height: string): readonly string[] {
  const heights = Object.keys(SIZES);
  const all = height === "" || heights.includes(height) ? heights : [...heights, height];
  return all.toSorted((a, b) => Number(b) - Number(a));
}

/** The value of the form's field. @param rungs null for a new ladder */
export function rungsText(rungs: readonly Rung[] | null): string {
  const text = (number: number | null) => (number === null ? "" : String(number));
  const values = rungs?.map(
    ({ name, height, videoKbps, audioKbps }): RungValues => ({
      name,
      height: text(height),
      videoKbps: text(videoKbps),
      audioKbps: text(audioKbps),
    }),
  );
  return textOf(values ?? NEW_RUNGS);
}

export function textOf(values: readonly RungValues[]): string {
  return JSON.stringify(values);
}

export function valuesOf(text: string): readonly RungValues[] {
  return text === "" ? [] : JSON.parse(text);
}

/** The rungs for the API. */
export function rungsOf(text: string): readonly Rung[] {
  const number = (typed: string) => (typed.trim() === "" ? null : Number(typed));
  return valuesOf(text).map(({ name, height, videoKbps, audioKbps }) => ({
    name: name.trim(),
    height: number(height),
    audioKbps: number(audioKbps),
    videoKbps: height === "" ? null : number(videoKbps),
  }));
}

/** Another size brings its own bits, and its own name where the rung had the name of its size. */
export function withHeight(rung: RungValues, height: string): RungValues {
  const isNamedBySize = rung.name === "" || rung.name === nameOf(rung.height);
  return { ...rung, height, videoKbps: SIZES[height] ?? "", name: isNamedBySize ? nameOf(height) : rung.name };
}

/** A rung of the largest size that the ladder does not have yet. */
export function anotherRung(rungs: readonly RungValues[]): RungValues {
  const height = heightsFor("").find((each) => rungs.every((rung) => rung.height !== each)) ?? "480";
  return { name: nameOf(height), height, videoKbps: SIZES[height] ?? "", audioKbps: "" };
}

function nameOf(height: string): string {
  return height === "" ? "audio" : `${height}p`;
}

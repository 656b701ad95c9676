/**
 * Makes a school's accent colour readable in both themes: darker for the light one, lighter for the dark one, as far as it must be
 * (WCAG 2.2, 1.4.3).
 */

export type ThemeAccent = {
  /** `#rrggbb` */
  readonly accent: string;
  /** Of text on the accent. */
  readonly onAccent: string;
};
export type AccentColors = { readonly light: ThemeAccent; readonly dark: ThemeAccent };

type Color = readonly [red: number, green: number, blue: number];

const BLACK: Color = [0, 0, 0];
const WHITE: Color = [255, 255, 255];
/** As in packages/ui/src/tokens.css: `--surface`, and the grounds on which the accent has the least contrast: `--surface-sunken` or `--surface`, and `--danger-soft`. */
type Theme = { readonly surface: Color; readonly grounds: readonly Color[] };
const LIGHT: Theme = { surface: WHITE, grounds: [colorOf("#eceeeb"), colorOf("#f7e7e6")] };
const DARK: Theme = { surface: colorOf("#192226"), grounds: [colorOf("#192226"), colorOf("#322e31")] };
/** How much of the accent `--accent-soft` has: what is chosen is written in the accent on it. */
const SOFT = 0.12;
const LIGHT_INK = colorOf("#ffffff");
const DARK_INK = colorOf("#10181b");
const ENOUGH = 4.5;
const STEPS = 50;

/** @param accent `#rrggbb` */
export function accentColors(accent: string): AccentColors {
  const color = colorOf(accent);
  return { light: themed(color, BLACK, LIGHT), dark: themed(color, WHITE, DARK) };
}

/** Mixes the color with another, as little as the contrast with the grounds needs. */
function themed(color: Color, other: Color, { surface, grounds }: Theme): ThemeAccent {
  for (let step = 0; step <= STEPS; step++) {
    const mixed = mix(color, other, step / STEPS);
    const ink = contrast(mixed, LIGHT_INK) >= ENOUGH ? LIGHT_INK : DARK_INK;
    const all = [...grounds, mix(surface, mixed, SOFT), ink];
    if (all.every((ground) => contrast(mixed, ground) >= ENOUGH)) return { accent: hexOf(mixed), onAccent: hexOf(ink) };
  }
  return { accent: hexOf(other), onAccent: hexOf(surface) };
}

function colorOf(hex: string): Color {
  const part = (at: number) => Number.parseInt(hex.slice(at, at + 2), 16);
  return [part(1), part(3), part(5)];
}

function hexOf(color: Color): string {
  return `#${color.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}

function mix([red, green, blue]: Color, [r, g, b]: Color, share: number): Color {
  const between = (one: number, other: number) => Math.round(one + (other - one) * share);
  return [between(red, r), between(green, g), between(blue, b)];
}

/** WCAG 2.2, "contrast ratio". */
function contrast(one: Color, other: Color): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** WCAG 2.2, "relative luminance". */
function luminance([red, green, blue]: Color): number {
  const linear = (part: number) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

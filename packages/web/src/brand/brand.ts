/**
 * Defines how the pages of a school look: its name, its logo and its accent colour. The last brand is kept on the device, so that a page opens in it.
 */
import { accentColors } from "./accent-colors.ts";

export type Brand = {
  /** Null: the pages' own. */
  readonly school: string | null;
  /** `#rrggbb` */
  readonly accent: string | null;
  /** Its address on this server. */
  readonly logo: string | null;
};

const KEY = "lectern.brand";
const NONE: Brand = { school: null, accent: null, logo: null };

let brand: Brand = NONE;
const listeners = new Set<() => void>();

export function currentBrand(): Brand {
  return brand;
}

export function onBrand(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Shows a brand on this page, and keeps it for the next. */
export function applyBrand({ school, accent, logo }: Brand): void {
  if (school === brand.school && accent === brand.accent && logo === brand.logo) return;
  show({ school, accent, logo });
  keep(JSON.stringify(brand));
}

/** Shows a color on this page only, such as one that is being chosen; null: that of the pages. */
export function applyAccent(accent: string | null): void {
  const { style } = document.documentElement;
  const colors = accent === null ? null : accentColors(accent);
  for (const [name, value] of [
    ["--school-accent", colors?.light.accent],
    ["--school-on-accent", colors?.light.onAccent],
    ["--school-accent-dark", colors?.dark.accent],
    ["--school-on-accent-dark", colors?.dark.onAccent],
  ] as const)
    if (value === undefined) style.removeProperty(name);
    else style.setProperty(name, value);
}

/** A class has its school's brand from the lesson's invitation. */
const OF_LESSON = /^\/(?:j|class)\//;

/** Shows the brand of the last page, then asks for that of the caller's school, or of the only school. */
export async function loadBrand(): Promise<void> {
  show(readBrand(kept()));
  if (OF_LESSON.test(location.pathname)) return;
  try {
    // The picture of a lesson comes first.
    const answer = await fetch("/api/v1/brand", { priority: "low" });
    if (answer.ok) applyBrand(readBrand(await answer.text()));
  } catch {
    // The page goes on in the brand that it has.
  }
}

function show(next: Brand): void {
  brand = next;
  applyAccent(next.accent);
  if (next.logo) document.querySelector('link[rel="icon"]')?.setAttribute("href", next.logo);
  for (const listener of listeners) listener();
}

/** In a frame of another site, browsers may forbid storage, and each access to it throws. */
function kept(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function keep(text: string): void {
  try {
    localStorage.setItem(KEY, text);
  } catch {
    // The next page asks the server.
  }
}

/** A brand of the API or of the device; what is not of its form is left out. */
function readBrand(text: string | null): Brand {
  try {
    const { school, accent, logo } = JSON.parse(text ?? "null") as Record<keyof Brand, unknown>;
    return {
      school: typeof school === "string" ? school : null,
      accent: typeof accent === "string" && /^#[0-9a-f]{6}$/.test(accent) ? accent : null,
      logo: typeof logo === "string" && logo.startsWith("/api/v1/schools/") ? logo : null,
    };
  } catch {
    return NONE;
  }
}

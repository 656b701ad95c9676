/** Knows the fonts of this machine, as fontconfig lists them (fc-list(1)). */
import { runProgram } from "../../platform/jobs/run-process.ts";

const KNOWN_MS = 600_000;
const LIST_WITHIN_MS = 30_000;
const MAX_LIST_BYTES = 8 * 1024 * 1024;

let known: { readonly at: number; readonly families: Promise<ReadonlySet<string> | null> } | null = null;

/** Fonts whose letters are as wide as those of another one: lines break where they did. LibreOffice takes these by itself. */
const AS_WIDE: Readonly<Record<string, readonly string[]>> = {
  arial: ["liberation sans", "arimo"],
  helvetica: ["liberation sans", "arimo"],
  "times new roman": ["liberation serif", "tinos"],
  times: ["liberation serif", "tinos"],
  "courier new": ["liberation mono", "cousine"],
  courier: ["liberation mono", "cousine"],
  calibri: ["carlito"],
  cambria: ["caladea"],
};

/** Those of the fonts that this machine has neither itself nor one as wide of; none where that is not known. */
export async function missingFonts(fonts: readonly string[]): Promise<string[]> {
  if (!known || performance.now() - known.at > KNOWN_MS) known = { at: performance.now(), families: listFamilies() };
  const families = await known.families;
  return families ? fonts.filter((font) => !isThere(font.toLowerCase(), families)) : [];
}

function isThere(font: string, families: ReadonlySet<string>): boolean {
  return [font, ...(AS_WIDE[font] ?? [])].some((family) => families.has(family));
}

async function listFamilies(): Promise<ReadonlySet<string> | null> {
  const { output } = await runProgram({
    command: "fc-list",
    args: [":", "family"],
    withinMs: LIST_WITHIN_MS,
    maxBytes: MAX_LIST_BYTES,
  });
  const families = output?.toString().split(/[\n,]/) ?? null;
  return families && new Set(families.map((family) => family.replaceAll("\\", "").trim().toLowerCase()));
}

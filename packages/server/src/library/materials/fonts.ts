/** Knows the fonts of this machine, as fontconfig lists them (fc-list(1)). */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const KNOWN_MS = 600_000;
const MAX_LIST_BYTES = 8 * 1024 * 1024;

let known: { readonly at: number; readonly families: Promise<ReadonlySet<string> | null> } | null = null;

/** Those of the fonts that this machine does not have; none where that is not known. */
export async function missingFonts(fonts: readonly string[]): Promise<string[]> {
  if (!known || performance.now() - known.at > KNOWN_MS) known = { at: performance.now(), families: listFamilies() };
  const families = await known.families;
  return families ? fonts.filter((font) => !families.has(font.toLowerCase())) : [];
}

async function listFamilies(): Promise<ReadonlySet<string> | null> {
  try {
    const { stdout } = await promisify(execFile)("fc-list", [":", "family"], { maxBuffer: MAX_LIST_BYTES });
    return new Set(stdout.split(/[\n,]/).map((family) => family.replaceAll("\\", "").trim().toLowerCase()));
  } catch {
    return null;
  }
}

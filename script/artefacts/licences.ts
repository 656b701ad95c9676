/**
 * Writes the licences of everything that a release has inside: one text for each package, the same texts once. Node.js and the native libraries bring
 * the licences of what they are linked with.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { folderOf, type Package, type ReleaseOf, readJson } from "./runtime-packages.ts";

const LICENCE_FILE = /^(?:licen[cs]e|copying|notice|copyright)/i;
const RULE = `\n${"=".repeat(100)}\n`;
/**
 * What may be inside, as SPDX names it: each lets the whole be passed on under the Apache License 2.0. MPL-2.0 asks for the source of its own files, which
 * the registry has unchanged. A package with another licence ends the release: somebody reads it first.
 */
const ALLOWED: ReadonlySet<string> = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC0-1.0",
  "ISC",
  "MIT",
  "MIT-0",
  "MPL-2.0",
  "PostgreSQL",
  "Unlicense",
]);
/** Licences that packages write as SPDX does not. */
const SPDX: Readonly<Record<string, string>> = { "MPL 2.0": "MPL-2.0" };

/** The SPDX expression of a package's licence. */
export function spdxOf({ licence }: Pick<Package, "licence">): string {
  return SPDX[licence] ?? licence;
}

/** @throws where a package has a licence that nobody has allowed */
export function licencesText(packages: readonly Package[], { tree, cache }: Pick<ReleaseOf, "tree" | "cache">): string {
  const forbidden = packages.filter((one) => !isAllowed(spdxOf(one)));
  if (forbidden.length > 0)
    throw new Error(`licences to read first: ${forbidden.map(({ name, licence }) => `${name} (${licence})`).join(", ")}`);
  const byText = new Map<string, string[]>();
  for (const one of packages) {
    const text = textsOf(folderOf(one, tree, cache)) || withoutText(folderOf(one, tree, cache));
    byText.set(text, [...(byText.get(text) ?? []), `${one.name} ${one.version} (${spdxOf(one)})`]);
  }
  const sections = [...byText].map(([text, names]) => `${names.join("\n")}\n\n${text}\n`);
  return [`Lectern is under the Apache License 2.0 (LICENSE). It has these packages inside.\n`, ...sections].join(RULE);
}

/** Of `A OR B` one is enough, `A AND B` needs both. */
function isAllowed(expression: string): boolean {
  const parts = expression.replace(/[()]/g, "").split(" OR ");
  return parts.some((part) => part.split(" AND ").every((id) => ALLOWED.has(id.trim())));
}

function textsOf(folder: string): string {
  return readdirSync(folder, { withFileTypes: true })
    .filter((file) => file.isFile() && LICENCE_FILE.test(file.name))
    .map(({ name }) => readFileSync(join(folder, name), "utf8").replaceAll("\r\n", "\n").trim())
    .toSorted()
    .join("\n\n");
}

function withoutText(folder: string): string {
  const { author, homepage, license }: { author?: string | { name?: string }; homepage?: string; license?: string } = readJson(
    join(folder, "package.json"),
  );
  const who = typeof author === "string" ? author : author?.name;
  return [`The package has no text of its licence, ${license}.`, who && `Author: ${who}`, homepage].filter(Boolean).join("\n");
}

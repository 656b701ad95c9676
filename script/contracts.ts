/**
 * Compares what Lectern promises to other programs with the last release, and fails where something breaks that the changes do not name: in `NEXT` of
 * CHANGELOG.md, below "Breaking", the subject in backquotes, such as `POST /api/v1/lessons`. docs/versions.md says what is stable.
 *
 *     node script/contracts.ts                     compare
 *     node script/contracts.ts --write VERSION     keep the promises of this work tree as those of a release, in place of the last one's
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { findBreaking } from "./contracts/compare.ts";
import { currentFacts } from "./contracts/current.ts";
import { readFacts, writeFacts } from "./contracts/facts.ts";

const FOLDER = join(import.meta.dirname, "contracts");
const ENDING = ".txt.br";
const LARGEST_WINDOW = 24;

const [option, version] = process.argv.slice(2);
const kept = readdirSync(FOLDER).find((file) => file.endsWith(ENDING));
if (option === "--write" && version) {
  const params = { [constants.BROTLI_PARAM_LGWIN]: LARGEST_WINDOW };
  const bytes = brotliCompressSync(writeFacts(currentFacts()), { params });
  if (kept) rmSync(join(FOLDER, kept));
  writeFileSync(join(FOLDER, `${version}${ENDING}`), bytes);
} else if (kept) {
  const changes = readFileSync(join(import.meta.dirname, "../CHANGELOG.md"), "utf8");
  const [, next = ""] = /^## NEXT$([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(changes) ?? [];
  const [, noted = ""] = /^### Breaking$([\s\S]*?)(?=^### |$(?![\s\S]))/m.exec(next) ?? [];
  const old = readFacts(brotliDecompressSync(readFileSync(join(FOLDER, kept))).toString());
  const broken = findBreaking(old, currentFacts()).filter(({ subject }) => !noted.includes(`\`${subject}\``));
  const release = kept.slice(0, -ENDING.length);
  for (const { text } of broken) process.stderr.write(`since ${release}, ${text}\n`);
  if (broken.length > 0)
    process.stderr.write('name it in CHANGELOG.md, NEXT, below "### Breaking", or let both work (docs/versions.md)\n');
  process.exitCode = broken.length > 0 ? 1 : 0;
}

/**
 * Checks the house rules, which no other tool checks: which folder may import which, import cycles, how long a function and a file
 * may be, what names say, what the foundation knows, old words, texts of pages, clocks of devices, programs that are started, markup that is made of
 * texts, and docstrings of what a package exports.
 *
 *     node script/house-rules.ts [--count]
 */
import { findForbiddenImports } from "./house-rules/arrows.ts";
import { findChildProcesses } from "./house-rules/child-processes.ts";
import { findCycles } from "./house-rules/cycles.ts";
import { findDeviceClocks } from "./house-rules/device-clock.ts";
import { findFirstComments } from "./house-rules/first-comments.ts";
import { findForeignKnowledge } from "./house-rules/foundation.ts";
import { findMarkup } from "./house-rules/markup.ts";
import { findTextErrors } from "./house-rules/page-texts.ts";
import { findLong } from "./house-rules/sizes.ts";
import { readSources, type Source } from "./house-rules/sources.ts";
import { findSpreadLiterals } from "./house-rules/spread-literals.ts";
import { findOldWords } from "./house-rules/wording.ts";

const BAGS = /(^|\/)(utils?|common|helpers?|misc|shared|base|manager)(\/|\.tsx?$)/;
/** What is exported here is used by people who do not read the code behind it. */
const DOCUMENTED = ["packages/media/src/"];

const sources = readSources();
const rules: Readonly<Record<string, readonly string[]>> = {
  "forbidden imports": findForbiddenImports(sources),
  "import cycles": findCycles(sources),
  "long functions and files": findLong(sources),
  "foundation without lessons": findForeignKnowledge(sources),
  "spread literals": findSpreadLiterals(sources),
  "old words": findOldWords(sources),
  "first comments": findFirstComments(sources),
  "texts of pages": await findTextErrors(sources),
  "clocks of devices": findDeviceClocks(sources),
  "programs that are started": findChildProcesses(sources),
  "markup of texts": findMarkup(sources),
  "names and first comments": sources.flatMap(namesAndFirstComments),
  docstrings: sources.flatMap(missingDocstrings),
};
for (const [rule, mistakes] of Object.entries(rules)) {
  if (process.argv.includes("--count")) process.stdout.write(`${rule}: ${mistakes.length}\n`);
  else for (const mistake of mistakes) process.stderr.write(`${mistake}\n`);
}
process.exitCode = Object.values(rules).some((mistakes) => mistakes.length > 0) ? 1 : 0;

function namesAndFirstComments({ path, text, isTest }: Source): string[] {
  return [
    ...(BAGS.test(path) ? [`${path}: a name that does not say what it holds`] : []),
    ...(!isTest && !text.replace(/^#!.*\n/, "").startsWith("/**")
      ? [`${path}: begins without saying what it is responsible for`]
      : []),
  ];
}

/** Every exported function and class says what it does; constants and types may speak by their name and their fields. */
function missingDocstrings({ path, text, isTest }: Source): string[] {
  if (isTest || !DOCUMENTED.some((folder) => path.startsWith(folder))) return [];
  const lines = text.split("\n");
  return lines.flatMap((line, i) => {
    const [, name] = /^export (?:async )?(?:function\*?|class) (\w+)/.exec(line) ?? [];
    return name && !lines[i - 1]?.endsWith("*/") ? [`${path}:${i + 1}: ${name} has no docstring`] : [];
  });
}

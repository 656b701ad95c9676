/** Rounds of a comparison, with versions whose benchmarks are programs of a line: pairs, what one version lacks, and what fails. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Version } from "./comparison.ts";
import { ComparisonRounds } from "./rounds.ts";
import { chosenRows, SHORT_FORM } from "./rows.ts";

const LOAD = [["load", { options: [], harness: "own" }]] as const;
const WRITE = 'import { writeFileSync } from "node:fs"; const file = process.argv[process.argv.indexOf("--json") + 1];';

/** @param program of its `bench/main.ts` */
function version(t: TestContext, name: string, program: string): Version {
  const directory = mkdtempSync(join(tmpdir(), "lectern-rounds-"));
  t.after(() => rmSync(directory, { recursive: true }));
  mkdirSync(join(directory, "bench"));
  writeFileSync(join(directory, "bench/main.ts"), program);
  writeFileSync(join(directory, "package.json"), '{ "type": "module" }');
  return { name, commit: name, subject: "", directory };
}

const showing = (rows: readonly (readonly [string, number])[]): string =>
  `${WRITE} writeFileSync(file, ${JSON.stringify(JSON.stringify({ columns: ["what", "cores"], rows }))});`;

async function rounds(t: TestContext, a: Version, b: Version): Promise<ComparisonRounds> {
  const runs = new ComparisonRounds(a, b);
  t.after(() => runs.close());
  await runs.run({ rows: LOAD, minutes: 0, rounds: 2 }, performance.now());
  return runs;
}

test("each round gives a pair of what both versions show, and the figures of one alone are missing at the other", async (t) => {
  const old = version(
    t,
    "old",
    showing([
      ["reading", 0.2],
      ["parsing", 0.1],
    ]),
  );
  const now = version(
    t,
    "now",
    showing([
      ["reading", 0.1],
      ["writing", 0.3],
    ]),
  );
  const { figures, missing } = await rounds(t, old, now);
  assert.deepEqual(
    figures.map(({ what, pairs }) => ({ what, pairs: pairs.map(({ a, b }) => [a, b]) })),
    [
      {
        what: "reading: cores",
        pairs: [
          [0.2, 0.1],
          [0.2, 0.1],
        ],
      },
    ],
  );
  assert.deepEqual(missing, [
    "load, writing: cores: a run with old did not show it",
    "load, parsing: cores: a run with now did not show it",
  ]);
});

test("a benchmark that a version does not know is missing, and is not run again", async (t) => {
  const old = version(t, "old", "process.exit(2);");
  const { figures, missing } = await rounds(t, old, version(t, "now", showing([["reading", 0.1]])));
  assert.deepEqual([figures, missing], [[], ["load: old does not have it"]]);
});

test("a run that fails is told with its reason, and gives no pair", async (t) => {
  const now = version(t, "now", 'process.stderr.write("bench: Error: no socket\\n    at main\\n"); process.exit(1);');
  const { figures, missing } = await rounds(t, version(t, "old", showing([["reading", 0.1]])), now);
  assert.deepEqual([figures, missing], [[], ["load: a run with now failed: bench: Error: no socket"]]);
});

test("without names the rows are the short form, and a name that cannot be compared is refused", () => {
  assert.deepEqual(
    chosenRows([]).map(([name]) => name),
    SHORT_FORM,
  );
  assert.ok(chosenRows(["all"]).length > SHORT_FORM.length);
  assert.throws(() => chosenRows(["soak"]), /"soak" cannot be compared/);
});

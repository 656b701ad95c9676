/** Reading the scenario of `lectern simulate`: a mistake is a line, not a stack. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { readScenario } from "./simulate.ts";

function validationErrorsOf(t: TestContext, text: string | null): readonly string[] {
  const directory = mkdtempSync(join(tmpdir(), "scenario-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, "s.yaml");
  if (text !== null) writeFileSync(file, text);
  const read = readScenario(file);
  return "mistakes" in read ? read.mistakes.map((line) => line.replace(file, "s.yaml")) : [];
}

for (const [what, text, first] of [
  ["text that is no YAML", "title: a\nseconds: [1, 2\nfleet: x: y\n", /^s\.yaml:[23]: .+$/],
  ["a key that is there twice", "title: a\ntitle: b\n", /^s\.yaml:2: .*unique/],
  ["a wrong value", "title: a\nseconds: -1\nfleet: []\narrivals: []\n", /^s\.yaml: seconds: .+$/],
  ["an empty file", "", /^s\.yaml: the whole: .+$/],
  ["a file that is not there", null, /^s\.yaml: there is no such file$/],
] as const)
  test(`${what} is one line with the file and what is wrong`, (t) => {
    const mistakes = validationErrorsOf(t, text);
    assert.match(mistakes[0] ?? "", first);
    for (const line of mistakes) assert.doesNotMatch(line, /\n|^\s+at /);
  });

/** The reviews of docs/security-asvs.md and docs/security-mlps.md say of each item one of their answers, and the first counts its own rows. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const textOf = (name: string) => readFileSync(join(import.meta.dirname, "../docs", name), "utf8");
/** Cells of the rows whose first one is an item. */
const rowsOf = (name: string): string[][] =>
  textOf(name)
    .split("\n")
    .filter((line) => /^\| \d+\.\d+\.\d+/.test(line))
    .map((line) => line.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "").trim()));

const ASVS = ["yes", "partly", "no", "n.a."];

test("each item of ASVS has an answer, once, and the table at the beginning counts them", () => {
  const rows = rowsOf("security-asvs.md");
  assert.equal(new Set(rows.map(([item]) => item)).size, rows.length);
  assert.deepEqual(
    rows.filter(([, level = "", , answer = ""]) => !["1", "2"].includes(level) || !ASVS.includes(answer)).map(([item]) => item),
    [],
  );
  const counts = (of: readonly string[][]) => [
    ...ASVS.map((one) => of.filter(([, , , answer]) => answer === one).length),
    of.length,
  ];
  const ofLevel = (level: string) => counts(rows.filter((row) => row[1] === level));
  const table = `| level 1 | ${ofLevel("1").join(" | ")} |\n| level 2 only | ${ofLevel("2").join(" | ")} |\n| both | ${counts(rows).join(" | ")} |`;
  assert.ok(textOf("security-asvs.md").includes(table), `the table is wrong; it is\n${table}`);
});

test("each item of level 3 is done, done with a setting, or yours, and says where", () => {
  for (const [item = "", , answer = "", where = ""] of rowsOf("security-mlps.md")) {
    assert.ok(["yes", "with a setting", "yours"].includes(answer), item);
    assert.notEqual(where, "", item);
  }
});

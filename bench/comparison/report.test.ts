/** The report of a comparison: its table, and its files by month. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Comparison } from "./comparison.ts";
import { tabulate, writeComparison } from "./report.ts";
import { judge } from "./verdict.ts";

const version = (name: string, commit: string) => ({ name, commit, subject: `Make ${name}`, directory: `/secret/${name}` });
const pairs = [
  { a: 0.1, b: 0.08, othersPercent: 4 },
  { a: 0.125, b: 0.095, othersPercent: 12 },
];
const comparison: Comparison = {
  a: version("v1", "aaaaaaa"),
  b: version(".", "bbbbbbb+"),
  at: "2026-11-30T09:00:00.000Z",
  machine: "2 cores",
  load: { cores: 2, busyPercent: 50, othersPercent: 10, stolenPercent: 0, loadAverage: 1 },
  minutes: 12.34,
  figures: [{ benchmark: "fanout", what: "cores per 1000", kind: "cpu", pairs, ...judge("cpu", pairs) }],
  missing: ["dispatch: v1 does not have it"],
};

test("a figure has both sides with their spread, the ratio with its spread, and the verdict", () => {
  const { rows, notes } = tabulate(comparison);
  assert.deepEqual(rows, [["fanout", "cores per 1000", "0.1125 (0.1–0.125)", "0.0875 (0.08–0.095)", 0.78, "0.76–0.8", "better"]]);
  assert.ok(notes.includes("0 worse, 0 cannot be told, 0 not worse, 1 better."));
  assert.ok(notes.includes("dispatch: v1 does not have it"));
});

test("the files are in the folder of the month, and name no folder of the machine", (t) => {
  const directory = mkdtempSync(join(tmpdir(), "lectern-report-"));
  t.after(() => rmSync(directory, { recursive: true }));
  const file = writeComparison(comparison, [], directory);
  assert.equal(file, join(directory, "2026-11/compare-aaaaaaa-bbbbbbb-changed.md"));
  const text = readFileSync(file, "utf8");
  assert.match(text, /^# Comparison of aaaaaaa \(A\) and bbbbbbb\+ \(B\)\n\n\| benchmark/);
  assert.equal(writeComparison(comparison, ["room", "join"], directory), file.replace(".md", "-room-join.md"));
  const json = readFileSync(file.replace(/md$/, "json"), "utf8");
  assert.deepEqual(JSON.parse(json).figures, comparison.figures);
  assert.doesNotMatch(text + json, /secret/);
});

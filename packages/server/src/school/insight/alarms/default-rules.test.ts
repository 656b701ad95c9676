/** The table of the default rules in docs/monitoring.md says what they are. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { RULE_CODES } from "../../foundation/store/alarm-codes.ts";
import { alarmName } from "./alarm-texts.ts";
import { DEFAULT_RULES, type DefaultRule } from "./default-rules.ts";

const DOCUMENT = join(import.meta.dirname, "../../../../../../docs/monitoring.md");

function row(rule: DefaultRule): string {
  const { code, severity, kind, metric, comparison, threshold, clear, forSeconds, clearSeconds, onlyWhile } = rule;
  const span = (seconds: number) => (seconds === 0 ? "" : ` for ${seconds} s`);
  const guard = onlyWhile ? `, while \`${onlyWhile.metric}\` is at least ${onlyWhile.least}` : "";
  const begins = `\`${kind}\` \`${metric}\` ${comparison} ${threshold}${span(forSeconds)}${guard}`;
  const ends = `${clear} or ${comparison === "above" ? "less" : "more"}${span(clearSeconds)}`;
  return `| \`${code}\` | ${alarmName("en", code)} | ${severity} | ${begins} | ${ends} |`;
}

test("every default rule is in the document as it is, in the order of the code", () => {
  const table = DEFAULT_RULES.map(row).join("\n");
  assert.ok(readFileSync(DOCUMENT, "utf8").includes(`\n${table}\n`), `docs/monitoring.md lacks this table:\n${table}`);
});

test("there is one default rule for each code", () => {
  assert.deepEqual(DEFAULT_RULES.map(({ code }) => code).toSorted(), RULE_CODES.toSorted());
});

/** CSV for spreadsheets: what is written is read back, and nothing in it is a formula. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { writeCsv, writtenCell } from "./csv.ts";

const columns = [{ name: "value", valueOf: (row: string) => row }];

function cells(...rows: string[]): string[] {
  const lines = parse(writeCsv(columns, rows), { bom: true, relax_quotes: false }) as string[][];
  return lines.slice(1).map(([cell = ""]) => cell);
}

test("what a spreadsheet would run as a formula has an apostrophe in front", () => {
  const attacks = [
    "=1+1",
    "+1",
    "-2+3",
    "@SUM(A1)",
    "\t1",
    "\r1",
    "\n1",
    " =1",
    "＝1+1",
    '=HYPERLINK("http://evil","x")',
    "|calc",
    "%0A=1",
    "\uFEFF=1",
  ];
  for (const attack of attacks) assert.equal(cells(attack)[0], `'${attack}`, JSON.stringify(attack));
});

test("where semicolons divide cells, no cell that begins within a text is a formula either", () => {
  const FORMULA = /^\s*[=+\-@＝＋－＠|%]/u;
  const attacks = ["Li;=1+1", "Li; =1+1;", "a\n=1", "a\r\n@SUM(A1)", 'a;"=1"', "a,b;+1", 'x";-1', "=1;=1", "\t=1", " \n\t=1"];
  for (const attack of attacks) {
    const file = writeCsv([...columns, ...columns], [attack]).slice(1);
    for (const cell of file.split(/[;\t\r\n]/)) assert.doesNotMatch(cell.replace(/^["\s]+/, ""), FORMULA, JSON.stringify(attack));
    assert.equal(writtenCell(cells(attack)[0] ?? ""), attack);
  }
});

test("other texts are read back as they were, whatever they contain", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r\n", "李", "=", "'", ";") }), { minLength: 1 }),
      (texts) => {
        const rows = texts.map((text) => `x${text}`);
        assert.deepEqual(cells(...rows).map(writtenCell), rows);
        const plain = rows.map((text) => text.replace(/[\r\n;]/g, ""));
        assert.deepEqual(cells(...plain), plain);
      },
    ),
  );
});

test("times are ISO 8601, nothing is an empty cell", () => {
  const mixed = [
    { name: "a", valueOf: () => new Date(0) },
    { name: "b", valueOf: () => null },
    { name: "c", valueOf: () => 3 },
  ];
  assert.equal(writeCsv(mixed, [1]), "\uFEFFa,b,c\r\n1970-01-01T00:00:00.000Z,,3\r\n");
});

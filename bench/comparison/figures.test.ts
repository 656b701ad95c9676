/** Figures of benchmark tables that can be compared: their kinds by their units, their names, and what is left out. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { figuresOf } from "./figures.ts";

test("a column's unit says what kind of figure it has, and the row's words and number of viewers name it", () => {
  const table = {
    columns: ["server", "viewers", "cores per 1000", "spread", "kB per viewer", "largest gap ms", "delivered / expected"],
    rows: [["Lectern HTTP-FLV", 1000, 0.07, "0.06–0.08", 14, 220, 1.001]],
  };
  assert.deepEqual(figuresOf("fanout", table), [
    { benchmark: "fanout", kind: "cpu", what: "Lectern HTTP-FLV, 1000 viewers: cores per 1000", value: 0.07 },
    { benchmark: "fanout", kind: "memory", what: "Lectern HTTP-FLV, 1000 viewers: kB per viewer", value: 14 },
    { benchmark: "fanout", kind: "delay", what: "Lectern HTTP-FLV, 1000 viewers: largest gap ms", value: 220 },
  ]);
});

test("a cell with two delays is two figures", () => {
  const table = { columns: ["server", "chat ms, p50 / p99"], rows: [["Lectern", "104.5 / 203"]] };
  assert.deepEqual(figuresOf("room", table), [
    { benchmark: "room", kind: "delay", what: "Lectern: chat ms, p50", value: 104.5 },
    { benchmark: "room", kind: "delay", what: "Lectern: chat ms, p99", value: 203 },
  ]);
});

test("a table with a figure in each row has its units in the first column", () => {
  const rows = [
    ["calls that failed", 0],
    ["join call, p99, ms", 33],
    ["CPU of all processes during the joins, cores", 0.41],
  ];
  assert.deepEqual(
    figuresOf("join", { columns: ["what", "figure"], rows }).map(({ what, kind }) => [what, kind]),
    [
      ["join call, p99, ms", "delay"],
      ["CPU of all processes during the joins, cores", "cpu"],
    ],
  );
});

test("a column that is named as a rate has rates, whatever unit it has", () => {
  const table = { columns: ["what", "decisions a second of one core"], rows: [["one stream", 70_000]] };
  const [figure] = figuresOf("dispatch", table, ["decisions a second of one core"]);
  assert.equal(figure?.kind, "rate");
});

test("other servers, empty cells and figures that are none are left out", () => {
  const table = {
    columns: ["server", "cores"],
    rows: [
      ["nginx-rtmp (RTMP)", 0.2],
      ["Lectern", null],
      ["Lectern RTMP", Number.NaN],
    ],
  };
  assert.deepEqual(figuresOf("ingest", table), []);
});

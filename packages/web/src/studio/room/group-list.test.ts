/** Lists of groups that teachers paste. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readGroupList } from "./group-list.ts";

const HERE = ["Anna", "Ben", "李雷", "Cem", "Anna"].map((name, i) => ({ id: `${name}${i}`, name }));

test("a group on each line, with commas of either script between names", () => {
  const { count, groups, unknown } = readGroupList("Anna, ben\n\n李雷，Cem\n", HERE);
  assert.deepEqual(
    [count, groups, unknown],
    [
      2,
      [
        ["Anna0", "Ben1"],
        ["李雷2", "Cem3"],
      ],
      [],
    ],
  );
});

test("a name and its group's number on each line, as cells of a spreadsheet", () => {
  const { count, groups } = readGroupList('"Anna"\t3\nBen\t1\nAnna\t1\r\n', HERE);
  assert.deepEqual([count, groups], [3, [["Ben1", "Anna4"], [], ["Anna0"]]]);
});

test("names that nobody here has are told, and a group of them is there still", () => {
  assert.deepEqual(readGroupList("Zoe\nBen, Yan", HERE), { count: 2, groups: [[], ["Ben1"]], unknown: ["Zoe", "Yan"] });
});

test("numbers beyond the most groups are no numbers, and more lines than groups are left out", () => {
  assert.equal(readGroupList("Anna\t101\nBen\t0", HERE).count, 2);
  assert.equal(readGroupList(Array.from({ length: 140 }, (_, i) => `P${i}`).join("\n"), HERE).count, 100);
  assert.deepEqual(readGroupList(" \n", HERE), { count: 0, groups: [], unknown: [] });
});

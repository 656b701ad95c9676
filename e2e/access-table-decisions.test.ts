/**
 * The table of access without a server: each row at every door where it can be asked, decided by the functions that the doors call, and explained.
 * access-table.test.ts asks each row of a running server.
 */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { ADDRESS_GROUPS } from "./access-table/addresses.ts";
import { CONTENT_GROUPS } from "./access-table/content.ts";
import { canAsk } from "./access-table/doors.ts";
import { type Decisions, openDecisions } from "./access-table/in-process.ts";
import { LINK_GROUPS } from "./access-table/links.ts";
import { REFERER_GROUPS } from "./access-table/referers.ts";
import { type Door, FIRST_DOORS, type Group, type Row } from "./access-table/row.ts";
import { ALL_DOORS, expectedAt } from "./access-table/run-table.ts";
import { STREAM } from "./access-table/stage.ts";
import { wholeFile } from "./fixtures.ts";

const TABLES: Readonly<Record<string, readonly Group[]>> = {
  addresses: ADDRESS_GROUPS,
  pages: REFERER_GROUPS,
  links: LINK_GROUPS,
  "programs, places, times, protection and levels": CONTENT_GROUPS,
};
/** What it shows is another route's answer: access-table.test.ts asks there. */
const ELSEWHERE: readonly Door[] = ["embed"];

let decisions: Decisions;
before(async () => {
  decisions = await openDecisions(wholeFile);
});

/** Rules that count viewers need those who watch. */
const groupsOf = (all: readonly Group[]): readonly Group[] => all.filter(({ holder }) => !holder);
const doorsOf = ({ only = ALL_DOORS, client }: Row): readonly Door[] =>
  only.filter((door) => !ELSEWHERE.includes(door) && canAsk(door, client, STREAM));

for (const [name, groups] of Object.entries(TABLES))
  describe(name, () => {
    test("every row at every door", async (t) => {
      const wrong: string[] = [];
      let decided = 0;
      for (const group of groupsOf(groups)) {
        decisions.setRules(group);
        for (const row of group.rows)
          for (const door of doorsOf(row)) {
            decided++;
            const [answer, expected] = [await decisions.decide(door, row.client), expectedAt(row, door)];
            if (!expected.split(" or ").includes(answer))
              wrong.push(`${group.name} / ${row.name} / ${door}: ${answer} instead of ${expected}`);
          }
      }
      t.diagnostic(`${decided} decisions`);
      assert.deepEqual(wrong, []);
    });

    test("an explanation decides as the doors that ask for permission do, by the same rule", async () => {
      const wrong: string[] = [];
      for (const group of groupsOf(groups)) {
        decisions.setRules(group);
        for (const row of group.rows)
          for (const door of doorsOf(row).filter((one) => one !== "rtmp" && FIRST_DOORS.some((first) => first === one))) {
            const [answer, expected] = [await decisions.explain(door, row.client), expectedAt(row, door)];
            if (!expected.split(" or ").includes(answer))
              wrong.push(`${group.name} / ${row.name} / ${door}: explained as ${answer} instead of ${expected}`);
          }
      }
      assert.deepEqual(wrong, []);
    });
  });

test("the table has hundreds of rows, and no two of them have one name", () => {
  const rows = Object.values(TABLES)
    .flat()
    .flatMap((group) => group.rows.map(({ name, expect, only = [] }) => `${group.name} / ${name} / ${expect} / ${only.join(" ")}`));
  assert.ok(rows.length > 800, `${rows.length} rows`);
  assert.deepEqual(
    rows.filter((name, i) => rows.indexOf(name) !== i),
    [],
  );
});

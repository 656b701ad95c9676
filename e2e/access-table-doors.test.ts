/**
 * The table of access at all doors: each row of e2e/access-table/ at every door where it can be asked, as the doors answer and as the API explains it.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ADDRESS_GROUPS } from "./access-table/addresses.ts";
import { CONTENT_GROUPS } from "./access-table/content.ts";
import { LINK_GROUPS } from "./access-table/links.ts";
import { REFERER_GROUPS } from "./access-table/referers.ts";
import type { Group } from "./access-table/row.ts";
import { explainTable, runTable } from "./access-table/run-table.ts";
import { openStage } from "./access-table/stage.ts";
import { rare } from "./long-tests.ts";

const TABLES: Readonly<Record<string, readonly Group[]>> = {
  addresses: ADDRESS_GROUPS,
  pages: REFERER_GROUPS,
  links: LINK_GROUPS,
  "programs, places, times, protection and levels": CONTENT_GROUPS,
};

for (const [name, groups] of Object.entries(TABLES)) {
  test(`${name}: every row at every door`, async (t) => {
    const { wrong, requests, doors } = await runTable(await openStage(), groups, Number.POSITIVE_INFINITY);
    t.diagnostic(`${requests} requests at ${doors.size} doors`);
    assert.deepEqual(wrong, []);
  });
  // Fewer are asked for in access-doors.test.ts and access-channels.test.ts.
  rare(`${name}: an explanation decides as the doors do, by the same rule`, async () => {
    assert.deepEqual(await explainTable(await openStage(), groups), []);
  });
}

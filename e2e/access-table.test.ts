/**
 * The table of access on a running server: requests of clients that may and may not, each at one door, with the expected decision and its rule.
 * e2e/access-table/ has the rows; access-table-decisions.test.ts decides them for all doors. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ADDRESS_GROUPS } from "./access-table/addresses.ts";
import { CONTENT_GROUPS } from "./access-table/content.ts";
import { own } from "./access-table/link-makers.ts";
import { LINK_GROUPS } from "./access-table/links.ts";
import { brokenRows, type PathRow, sessionRows, trickRows } from "./access-table/paths.ts";
import { REFERER_GROUPS } from "./access-table/referers.ts";
import { type Group, rule } from "./access-table/row.ts";
import { askPath, runTable, setUp } from "./access-table/run-table.ts";
import { filesOf, NEIGHBOUR, openStage } from "./access-table/stage.ts";

async function check(groups: readonly Group[], diagnostic: (text: string) => void): Promise<void> {
  const stage = await openStage();
  const { wrong, requests, doors, slowestMs } = await runTable(
    stage,
    groups.filter(({ isLikeOthers }) => !isLikeOthers),
  );
  diagnostic(`${requests} requests at ${doors.size} doors; the slowest rule was in force after ${Math.round(slowestMs)} ms`);
  assert.deepEqual(wrong, []);
  assert.ok(slowestMs < 2000, `in force after ${slowestMs} ms`);
}

test("addresses: networks, lists from every source, proxies and those who pretend to be some", (t) =>
  check(ADDRESS_GROUPS, (text) => t.diagnostic(text)));
test("pages: look-alikes, and every part of an address that is not its host", (t) =>
  check(REFERER_GROUPS, (text) => t.diagnostic(text)));
test("links: altered, expired, copied, of another stream; of every scheme", (t) =>
  check(LINK_GROUPS, (text) => t.diagnostic(text)));
test("programs, places, times, numbers of viewers, encryption, watermarks, and levels of rules", (t) =>
  check(CONTENT_GROUPS, (text) => t.diagnostic(text)));

test("paths: sessions of something else, and other ways to write an address", async (t) => {
  const stage = await openStage();
  const group: Group = { name: "paths", rules: () => [rule("links")], allowed: { link: own() }, rows: [] };
  const neighbour = await filesOf(stage, NEIGHBOUR);
  const { place } = await setUp(stage, group);
  const { files } = place;
  const id = stage.recording.name;
  const closed = { flv: "/live/math.flv", hls: "/live/math.m3u8", replay: `/vod/${id}.mp4` };
  const open = {
    playlist: files["playlist"] ?? "",
    segment: files["segment"] ?? "",
    "a segment of a recording": files["replay-segment"] ?? "",
  };
  const rows: PathRow[] = [...sessionRows(files, neighbour), ...trickRows({ ...closed, ...open }), ...brokenRows(closed.flv)];
  const wrong: string[] = [];
  const all = rows.values();
  const asking = async () => {
    for (const { name, path, expect } of all) {
      const got = await askPath(place, path);
      if (!expect.split(" or ").some((start) => got.startsWith(start)))
        wrong.push(`${name}: ${got} instead of ${expect} at ${path.slice(0, 200)}`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, asking));
  t.diagnostic(`${rows.length} requests`);
  assert.deepEqual(wrong, []);
  await stage.setRules("stream", []);
});

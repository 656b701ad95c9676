/** Changes of a group: what one request may cost. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { RefusalError } from "../../../platform/api/server.ts";
import { type GroupBefore, wantedGroup } from "./group-changes.ts";
import { changesOfPatch } from "./patch.ts";

const members = new Map(Array.from({ length: 10_000 }, (_, i) => [`m${i}`, { role: "student", name: `Member ${i}` }] as const));
const before: GroupBefore = { name: "Everybody", external_id: null, members };
const patched = (...Operations: object[]) => wantedGroup(before, changesOfPatch({ Operations }));

test("a thousand members are removed from a large group by their ids", () => {
  const removals = Array.from({ length: 1000 }, (_, i) => ({ op: "remove", path: `members[value eq "m${i}"]` }));
  assert.equal(patched(...removals).members.size, 9000);
});

test("filters on other things than ids have a budget in all operations together", () => {
  const filtered = (count: number) =>
    Array.from({ length: count }, () => ({ op: "remove", path: 'members[display ew "x" or display ew "y"]' }));
  assert.equal(patched(...filtered(10)).members.size, 10_000);
  assert.throws(() => patched(...filtered(11)), RefusalError);
  assert.equal(
    patched({ op: "remove", path: 'members[not (display co "99")]' }).members.size,
    [...members.values()].filter(({ name }) => name.includes("99")).length,
  );
});

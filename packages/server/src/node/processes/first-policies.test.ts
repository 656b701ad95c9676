import assert from "node:assert/strict";
import { test } from "node:test";
import type { AddressListFile, KnownPolicies } from "../../access/policies/policy-snapshot.ts";
import { policiesAfterLists } from "./first-policies.ts";

const known = (id: string): KnownPolicies => ({
  snapshot: { policies: [], linkKeys: [], addressLists: [], channels: [], exemptions: [] },
  files: [{ id, version: 1, file: id }],
});

test("the first policies hold once their lists are loaded, or newer ones that came meanwhile; later ones hold at once", async () => {
  const loads: string[] = [];
  const used: (string | undefined)[] = [];
  const gate = Promise.withResolvers<void>();
  const load = (files: readonly AddressListFile[]) => {
    loads.push(files[0]?.id ?? "");
    return gate.promise;
  };
  const take = policiesAfterLists(load, ({ files }) => used.push(files[0]?.id));
  take(known("a"));
  take(known("b"));
  await new Promise(setImmediate);
  assert.deepEqual([loads, used], [["a"], []]);
  gate.resolve();
  await new Promise(setImmediate);
  assert.deepEqual(used, ["b"]);
  take(known("c"));
  assert.deepEqual([loads, used], [["a"], ["b", "c"]]);
});

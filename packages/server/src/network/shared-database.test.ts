import assert from "node:assert/strict";
import { test } from "node:test";
import type { Role } from "../platform/config/schema.ts";
import type { Member, NodeState } from "./membership.ts";
import { databaseConflict } from "./shared-database.ts";

type Facts = { readonly database?: string; readonly count?: number; readonly state?: NodeState; readonly roles?: readonly Role[] };

function member(id: string, { database, count = 10, state = "up", roles = ["control"] }: Facts): Member {
  return {
    id,
    instance: id,
    startedAt: 0,
    at: 0,
    version: "1",
    region: "",
    carriers: [],
    parents: [],
    host: id,
    linkPort: 1,
    relayPorts: [],
    http: "",
    rtmp: "",
    capacityMbps: 1,
    maxConnections: 1,
    draining: false,
    usedMbps: 0,
    connections: 0,
    cpu: 0,
    freeCores: 0,
    links: [],
    crowds: [],
    clockSkewMs: 0,
    clockErrorMs: 0,
    count,
    state,
    roles: [...roles],
    database,
  };
}

test("of two control nodes with different databases, the one that came later gives way", () => {
  const [a, b] = [member("a", { database: "x", count: 500 }), member("b", { database: "y", count: 3 })];
  assert.deepEqual(databaseConflict([b, a]), { node: "a", givesWay: true });
  assert.deepEqual(databaseConflict([a, b]), { node: "b", givesWay: false });
});

test("of two that begin at once, one gives way; none does that has long run", () => {
  const [a, b] = [member("a", { database: "x" }), member("b", { database: "y" })];
  assert.deepEqual([databaseConflict([a, b])?.givesWay, databaseConflict([b, a])?.givesWay], [false, true]);
  const [old, older] = [member("a", { database: "x", count: 100 }), member("b", { database: "y", count: 200 })];
  assert.deepEqual(databaseConflict([old, older]), { node: "b", givesWay: false });
});

test("nodes that share a database, that do not say which they use, that are gone, or are no control nodes are no conflict", () => {
  const self = member("a", { database: "x" });
  const others: readonly Facts[] = [{ database: "x" }, {}, { database: "y", state: "gone" }, { database: "y", roles: ["edge"] }];
  for (const other of others) assert.equal(databaseConflict([self, member("b", other)]), null);
  assert.equal(databaseConflict([member("a", {}), member("b", { database: "y" })]), null);
});

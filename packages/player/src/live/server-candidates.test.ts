import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { ServerCandidates } from "./server-candidates.ts";

type Candidate = { readonly node: string; readonly url: string; readonly cost: number };

const asked: string[] = [];
let answer: () => Promise<Response> | Response = () => new Response("", { status: 500 });
const kept = {
  fetch: globalThis.fetch,
  document: Reflect.get(globalThis, "document"),
  location: Reflect.get(globalThis, "location"),
};

beforeEach(() => {
  asked.length = 0;
  Reflect.set(globalThis, "document", { baseURI: "https://school.example/class/x" });
  Reflect.set(globalThis, "location", { protocol: "https:" });
  globalThis.fetch = async (url) => {
    asked.push(String(url));
    return await answer();
  };
});
afterEach(() => {
  globalThis.fetch = kept.fetch;
  Reflect.set(globalThis, "document", kept.document);
  Reflect.set(globalThis, "location", kept.location);
});

const candidates = (...list: readonly Candidate[]) => {
  answer = () => Response.json({ candidates: list });
};
const server = (node: string, cost = 0, scheme = "https"): Candidate => ({
  node,
  cost,
  url: `${scheme}://${node}.example/live/x.flv`,
});
const open = () => new ServerCandidates("/api/v1/dispatch/play", "/live/x.flv?sign=1", () => 0.5);

test("failures move through the candidates, and after the last one dispatch is asked again", async () => {
  candidates(server("a"), server("b"));
  const servers = open();
  assert.deepEqual([servers.needsLookup, servers.base], [true, null]);
  await servers.lookUp(0);
  assert.deepEqual(asked, ["https://school.example/api/v1/dispatch/play?stream=live%2Fx"]);
  assert.deepEqual([servers.needsLookup, servers.base, servers.hasOther], [false, "https://a.example", true]);
  assert.equal(servers.reportFailure(1), true);
  assert.deepEqual([servers.base, servers.hasOther], ["https://b.example", false]);
  assert.equal(servers.reportFailure(2), false);
  assert.equal(servers.needsLookup, true);
});

test("without dispatch, or without its answer, the server of the address is used", async () => {
  const none = new ServerCandidates("", "/live/x.flv");
  assert.deepEqual([none.needsLookup, none.base, none.reportFailure(0), none.needsLookup], [false, null, false, false]);
  answer = () => Promise.reject(new Error("no network"));
  const servers = open();
  await servers.lookUp(0);
  assert.deepEqual([servers.needsLookup, servers.base], [false, null]);
});

test("known candidates stay when dispatch does not answer", async () => {
  candidates(server("a"), server("b"));
  const servers = open();
  await servers.lookUp(0);
  servers.reportFailure(1);
  servers.reportFailure(2);
  answer = () => new Response("", { status: 503 });
  await servers.lookUp(3);
  assert.equal(servers.base, "https://b.example");
});

test("a page of HTTPS takes no server of plain HTTP", async () => {
  candidates(server("a", 0, "http"), server("b"));
  const servers = open();
  await servers.lookUp(0);
  assert.equal(servers.base, "https://b.example");
});

test("a recheck becomes due after a while, and only a server of lower cost is taken", async () => {
  candidates(server("far", 80));
  const servers = open();
  await servers.lookUp(0);
  assert.deepEqual([servers.isRecheckDue(60_000), servers.isRecheckDue(70_000)], [false, true]);
  candidates(server("other", 80));
  assert.equal(await servers.chooseBetter(70_000), false);
  assert.equal(servers.isRecheckDue(80_000), false);
  candidates(server("near", 0), server("far", 80));
  assert.equal(await servers.chooseBetter(140_000), true);
  assert.equal(servers.base, "https://near.example");
});

test("repeated failures within a minute double the timeouts", () => {
  const servers = open();
  assert.equal(servers.timeoutMs(1000, 0), 1000);
  for (let i = 0; i < 4; i++) servers.reportFailure(i);
  assert.equal(servers.timeoutMs(1000, 10), 4000);
  assert.equal(servers.timeoutMs(1000, 61_000), 1000);
});

/** Leases of several nodes over one bus, swept each second as a supervisor does. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Bus, Table } from "../../../platform/bus/bus.ts";
import { LocalBus } from "../../../platform/bus/local.ts";
import { ManualClock } from "../../../platform/clock.ts";
import { JobLeases, RECORD, recorderCandidates } from "./job-leases.ts";
import { StreamTable } from "./stream-table.ts";
import { formatEntry, keyOf, parseEntry, type StreamTableEntry } from "./stream-table-entry.ts";

const SWEEP_MS = 1000;
const KEY = keyOf("live", "math");
const settled = () => new Promise((resolve) => setImmediate(resolve));

const ENTRY: StreamTableEntry = {
  app: "live",
  name: "math",
  epoch: "e",
  term: 4,
  startedAt: 0,
  writer: "a/w",
  origins: ["a", "b", "c"],
  recorderNode: "b",
  jobs: {},
  otherFields: {},
};

/** A bus on which a write takes a moment, so that another node can be about to write too. */
function slow(bus: LocalBus): Bus {
  return {
    connected: true,
    onState: () => {},
    publish: () => {},
    subscribe: () => {},
    close: async () => {},
    table: (name, watcher) => {
      const table = bus.table(name, watcher);
      const update: Table["update"] = async (...write) => {
        await Promise.resolve();
        return await table.update(...write);
      };
      return {
        get: (key) => table.get(key),
        create: (...write) => table.create(...write),
        update,
        remove: (...of) => table.remove(...of),
      };
    },
  };
}

function cluster(ids: readonly string[]) {
  const bus = new LocalBus();
  const clock = new ManualClock();
  const up = new Set(ids);
  /** Nodes that can run the second kind of job, the best first. */
  let wanted: readonly string[] = [];
  const running = new Set<string>();
  const raw: Table = bus.table("lectern-streams", { all: () => {}, changed: () => {} });
  const nodes = new Map(
    ids.map((self) => {
      const table = new StreamTable(slow(bus), clock, {
        put: () => {},
        removed: () => {},
        gossip: () => {},
        isOurs: () => false,
        isWriting: () => false,
        orphaned: () => {},
      });
      const leases = new JobLeases(table, { self, isUp: (node) => up.has(node) }, () => [
        { kind: RECORD, candidates: recorderCandidates, isRunning: () => running.has(self) },
        { kind: "ladder", candidates: () => wanted, isRunning: () => running.has(self) },
      ]);
      const sweep = (): void => {
        if (up.has(self)) void leases.sweep();
        clock.after(SWEEP_MS, sweep);
      };
      clock.after(SWEEP_MS, sweep);
      return [self, { table, leases }] as const;
    }),
  );
  const pass = async (milliseconds: number) => {
    for (let passed = 0; passed < milliseconds; passed += 100) {
      clock.advance(100);
      await settled();
    }
  };
  const row = async () => parseEntry((await raw.get(KEY))?.value ?? "")!;
  const job = (kind: string, at = "c") =>
    nodes
      .get(at)!
      .leases.jobs()
      .find((one) => one.kind === kind);
  const want = (...candidates: readonly string[]) => {
    wanted = candidates;
  };
  return { nodes, up, running, raw, pass, row, job, want };
}

test("the best candidate claims a job, and says when it runs", async () => {
  const { raw, pass, row, job, want, running } = cluster(["a", "b", "c"]);
  await raw.create(KEY, formatEntry(ENTRY));
  assert.equal(job("ladder"), undefined, "nobody wants it");
  want("c", "a");
  assert.deepEqual([job("ladder")?.state, job("ladder")?.node], ["wanted", "c"]);
  await pass(SWEEP_MS);
  assert.deepEqual((await row()).jobs, { ladder: { node: "c", term: 1 } });
  assert.deepEqual(job("ladder"), { kind: "ladder", stream: KEY, state: "leased", node: "c", term: 1 });
  running.add("c");
  assert.equal(job("ladder")?.state, "running");
});

test("of two nodes that both take themselves for the best candidate, one gets the lease", async () => {
  const { raw, row, nodes, want } = cluster(["a", "b"]);
  await raw.create(KEY, formatEntry(ENTRY));
  want("a", "b");
  // Each of them believes that the other one is gone.
  const claims = ["a", "b"].map((self) => {
    const kind = { kind: "ladder", candidates: () => ["a", "b"], isRunning: () => false };
    return new JobLeases(nodes.get(self)!.table, { self, isUp: (node) => node === self }, () => [kind]).sweep();
  });
  await Promise.all(claims);
  assert.deepEqual((await row()).jobs, { ladder: { node: "a", term: 1 } });
  for (const { table } of nodes.values()) assert.deepEqual(table.get(KEY)?.entry.jobs, { ladder: { node: "a", term: 1 } });
});

test("when the node of a lease is gone, the job moves to the next candidate within 3 seconds, and does not move back", async () => {
  const { raw, pass, row, up, want, job } = cluster(["a", "b", "c"]);
  await raw.create(KEY, formatEntry(ENTRY));
  want("b", "c");
  await pass(SWEEP_MS);
  assert.deepEqual([(await row()).recorderNode, (await row()).jobs], ["b", { ladder: { node: "b", term: 1 } }]);
  up.delete("b");
  await pass(3000);
  assert.deepEqual([(await row()).recorderNode, (await row()).jobs], ["c", { ladder: { node: "c", term: 2 } }]);
  up.add("b");
  await pass(3000);
  assert.deepEqual([(await row()).recorderNode, job("ladder")?.node], ["c", "c"]);
});

test("a job that nobody wants is released, and begins again with the next term", async () => {
  const { raw, pass, row, want, job } = cluster(["a", "b", "c"]);
  await raw.create(KEY, formatEntry(ENTRY));
  want("c");
  await pass(SWEEP_MS);
  want();
  await pass(SWEEP_MS);
  assert.deepEqual((await row()).jobs, { ladder: { node: null, term: 1 } });
  assert.deepEqual([job("ladder")?.state, job("ladder")?.node], ["released", null]);
  want("b");
  await pass(SWEEP_MS);
  assert.deepEqual((await row()).jobs, { ladder: { node: "b", term: 2 } });
});

test("over all nodes each job is counted once", async () => {
  const { raw, nodes, want, pass } = cluster(["a", "b", "c"]);
  await raw.create(KEY, formatEntry(ENTRY));
  want("c");
  await pass(SWEEP_MS);
  want();
  await pass(SWEEP_MS);
  const all = [...nodes.values()].flatMap(({ leases }) => leases.own());
  assert.deepEqual(all.map(({ kind, state }) => `${kind} ${state}`).sort(), ["ladder released", "record leased"]);
});

test("what a later version has added to a row is kept", async () => {
  const { raw, pass, row, up } = cluster(["a", "b", "c"]);
  const before = {
    app: "live",
    name: "math",
    epoch: "e",
    term: 4,
    startedAt: 0,
    writer: "a/w",
    origins: ["a", "b", "c"],
    keeper: "b",
  };
  await raw.create(KEY, JSON.stringify({ ...before, later: { field: 1 } }));
  assert.deepEqual(await row(), { ...ENTRY, otherFields: { later: { field: 1 } } });
  up.delete("b");
  await pass(SWEEP_MS);
  const written: unknown = JSON.parse((await raw.get(KEY))!.value);
  assert.deepEqual(written, { ...before, keeper: "c", later: { field: 1 } });
});

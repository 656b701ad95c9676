/** Jobs of several nodes over one bus: who gets a ladder, a channel and a forward, and who goes on when a node dies. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { WantedForward, WantedPull } from "../../contracts/jobs/wanted-jobs.ts";
import { PeerGone } from "../../live/relay/registry/registry-peers.ts";
import { WriterRegistry } from "../../live/relay/registry/writer-registry.ts";
import type { Member } from "../../network/membership.ts";
import { LocalBus } from "../../platform/bus/local.ts";
import { ManualClock } from "../../platform/clock.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { AssignedJobs, StreamJobNodeMessages } from "../cluster/stream-job-messages.ts";
import type { NodeContext } from "./node-context.ts";
import { StreamJobs } from "./stream-jobs.ts";

const settled = () => new Promise((resolve) => setImmediate(resolve));
/** Of which a core is reckoned to do 60. */
const OFFER = { app: "live", work: 30, priority: 1, school: "" };

type TestNode = { readonly registry: WriterRegistry; readonly jobs: StreamJobs; readonly told: Map<string, AssignedJobs> };

/** @param cores of each node, that ladders may use */
function cluster(cores: Readonly<Record<string, number>>) {
  const bus = new LocalBus();
  const clock = new ManualClock();
  const ids = Object.keys(cores);
  const up = new Set(ids);
  const nodes = new Map<string, TestNode>();
  const of = (id: string): TestNode => {
    const node = nodes.get(id);
    if (!node || !up.has(id)) throw new PeerGone("gone");
    return node;
  };
  const members = () =>
    ids.map((id) => {
      const state = up.has(id) ? "up" : "gone";
      const freeCores = up.has(id) ? (nodes.get(id)?.jobs.freeCores ?? 0) : 0;
      return { id, state, roles: ["origin"], freeCores, makesLadders: cores[id] !== 0 } as unknown as Member;
    });
  for (const id of ids) {
    const told = new Map<string, AssignedJobs>();
    const registry: WriterRegistry = new WriterRegistry(
      bus,
      {
        yield: async () => ({ living: false, head: { term: 1, sequence: 10 } }),
        occupied: async () => "free",
        newest: async () => ({ term: 1, sequence: 10 }),
        newestAt: async (node) => ({ peer: `${node}/w0`, head: { term: 1, sequence: 10 } }),
        changed: (app, name) => nodes.get(id)?.jobs.rowChanged(app, name),
        jobsOf: (entry) => nodes.get(id)?.jobs.kindsOf(entry) ?? [],
        gossip: () => {},
      },
      {
        self: id,
        isUp: (node) => up.has(node),
        originsFor: () => ids.filter((node) => up.has(node)),
        upstreamsOf: (_key, all) => all,
        peerAt: (node) => `${node}/w0`,
        eldest: () => [...up].sort()[0] ?? id,
      },
      () => ({ streams: 100, graceMs: 15_000 }),
      clock,
    );
    const call = async (node: string, method: keyof StreamJobNodeMessages, parameter: never) =>
      await of(node).jobs.nodeHandlers()[method](parameter);
    const context = {
      registry,
      cluster: {
        self: id,
        nodes: { isUp: (node: string) => up.has(node) },
        members,
        call,
        tell: (node: string, method: keyof StreamJobNodeMessages, parameter: never) => void call(node, method, parameter),
        tellOthers: (method: keyof StreamJobNodeMessages, parameter: never) => {
          for (const node of up) if (node !== id) void call(node, method, parameter);
        },
        askOthers: async () => [],
      },
      workers: {
        names: ["w0", "w1"],
        channel: (worker: string) => ({ tell: (_method: string, jobs: AssignedJobs) => told.set(worker, jobs) }),
      },
      here: () => of(id).jobs.nodeHandlers(),
    } as unknown as NodeContext;
    const jobs = new StreamJobs(context, clock, () => ({ cores: cores[id] ?? 0, idleMs: 20_000 }));
    nodes.set(id, { registry, jobs, told });
    registry.joined(`${id}/w0`);
  }
  const pass = async (seconds: number) => {
    for (let second = 0; second < seconds; second++) {
      clock.advance(1000);
      for (const id of up) {
        void of(id).registry.sweep();
        of(id).jobs.sweep();
      }
      for (let i = 0; i < 5; i++) await settled();
    }
  };
  const kill = async (id: string) => {
    up.delete(id);
    for (const other of up) void of(other).registry.sweep(true);
    for (let i = 0; i < 5; i++) await settled();
  };
  const publish = async (id: string, name: string) => {
    const claim = await of(id).registry.claim(`${id}/w0`, "live", name, false, { silentMs: null, preempt: false, backup: false });
    assert.ok(!(claim instanceof Refusal));
  };
  const ask = (id: string, name: string, more = {}) =>
    of(id)
      .jobs.handlersFor("w0")
      .requestLadder({ ...OFFER, rendition: null, name, ...more });
  /** Where jobs of a kind are done: `NODE/WORKER NAME`. */
  const at = (kind: "ladders" | "pulls" | "forwards"): string[] =>
    [...up].flatMap((id) => [...of(id).told].flatMap(([worker, jobs]) => jobs[kind].map(({ name }) => `${id}/${worker} ${name}`)));
  return { clock, of, pass, kill, publish, ask, at };
}

test("a ladder goes to the publisher's node and its worker where there is room, otherwise to the node with the most", async () => {
  const { publish, ask, at } = cluster({ a: 0.6, b: 2, c: 4 });
  for (const name of ["one", "two"]) await publish("a", name);
  assert.equal(await ask("b", "one"), "coming");
  assert.deepEqual(at("ladders"), ["a/w0 one"]);
  assert.equal(await ask("b", "two"), "coming");
  assert.deepEqual(
    at("ladders").map((job) => job.replace(/\/w\d/, "")),
    ["a one", "c two"],
  );
  assert.equal(await ask("c", "one"), "coming", "it is made already");
  assert.equal(at("ladders").length, 2);
});

test("requests for more ladders than there is room for, all at once: as many are made as fit, and the others wait their turn", async () => {
  const { publish, ask, at, of, pass } = cluster({ a: 1.1 });
  const names = ["one", "two", "three", "four"];
  for (const name of names) await publish("a", name);
  const answers = await Promise.all(names.map((name) => ask("a", name, { school: name === "four" ? "other" : "" })));
  assert.deepEqual(
    answers,
    ["coming", "refused", "refused", "coming"],
    "the school without a ladder comes before another one of the first",
  );
  const refused = of("a")
    .jobs.own()
    .filter(({ state }) => state === "refused");
  assert.deepEqual(
    refused.map(({ name, problem }) => [name, problem?.code]),
    [
      ["two", "overloaded"],
      ["three", "overloaded"],
    ],
  );
  of("a").jobs.handlersFor("w0").releaseLadder({ app: "live", name: "one", rendition: null });
  await pass(2);
  assert.deepEqual(
    at("ladders").map((job) => job.split(" ")[1]),
    ["two", "four"],
    "the one that waits longest",
  );
  await pass(30);
  assert.deepEqual(of("a").jobs.own(), [], "who asks no more is forgotten");
});

test("a ladder that no node's configuration leaves cores is refused for good; where one node has some, only for now", async () => {
  const none = cluster({ a: 0, b: 0 });
  await none.publish("a", "one");
  assert.equal(await none.ask("a", "one"), "never");
  const busy = cluster({ a: 0, b: 0.1 });
  await busy.publish("a", "one");
  assert.equal(
    await busy.ask("a", "one", { rendition: "rtc", work: 300 }),
    "coming",
    "a node makes what it can of one that is too much for it",
  );
  await busy.publish("a", "two");
  assert.equal(await busy.ask("a", "two"), "refused");
});

test("what ladders use is the measure for later ones, except of those that are late: a machine without time makes no room for more", async () => {
  for (const [lagMs, answer] of [
    [20_000, "refused"],
    [100, "coming"],
  ] as const) {
    const { publish, ask, of, pass } = cluster({ a: 0.9 });
    for (const name of ["one", "two"]) await publish("a", name);
    assert.equal(await ask("a", "one"), "coming");
    const rung = { name: "saver", state: "running", lagMs, problem: null } as const;
    const job = { kind: "ladder", id: "", app: "live", name: "one", state: "running", since: 0, problem: null } as const;
    for (let second = 0; second < 10; second++) {
      of("a")
        .jobs.handlersFor("w0")
        .jobReports({ jobs: [{ ...job, cores: 0.1, address: null, restarts: 0, rungs: [rung] }], watched: [] });
      await pass(1);
    }
    assert.equal(await ask("a", "two"), answer, `${lagMs} ms late`);
  }
});

test("when the node of a ladder dies, another one goes on with it; when nobody wants it, the lease is given back", async () => {
  const { publish, ask, at, kill, of, pass } = cluster({ a: 0, b: 1, c: 1 });
  await publish("a", "one");
  assert.equal(await ask("a", "one"), "coming");
  const [first = ""] = at("ladders");
  await kill(first.slice(0, 1));
  await pass(1);
  const [second = ""] = at("ladders");
  assert.equal(at("ladders").length, 1);
  assert.notEqual(second.slice(0, 1), first.slice(0, 1));
  of(second.slice(0, 1)).jobs.handlersFor("w0").releaseLadder({ app: "live", name: "one", rendition: null });
  await pass(2);
  assert.deepEqual(at("ladders"), []);
});

const PULL: WantedPull = { kind: "pull", id: "s", app: "live", name: "yard", school: "", addresses: [], start: "always" };

test("a channel is fetched by one node and one worker, by another when that dies, and by none when nobody wants it", async () => {
  const { at, kill, of, pass } = cluster({ a: 0, b: 0, c: 0 });
  of("a").jobs.handlersFor("control").wantedJobs([PULL]);
  await pass(1);
  assert.equal(at("pulls").length, 1);
  const [holder = ""] = at("pulls");
  await kill(holder.slice(0, 1));
  await pass(1);
  assert.equal(at("pulls").length, 1);
  assert.notEqual(at("pulls")[0]?.slice(0, 1), holder.slice(0, 1));
  const [left = ""] = ["a", "b", "c"].filter((id) => id !== holder.slice(0, 1));
  of(left).jobs.handlersFor("control").wantedJobs([]);
  await pass(1);
  assert.deepEqual(at("pulls"), []);
});

test("a channel on demand is fetched when somebody asks for it at any node, as long as somebody watches", async () => {
  const { at, of, pass } = cluster({ a: 0, b: 0 });
  of("a")
    .jobs.handlersFor("control")
    .wantedJobs([{ ...PULL, start: "demand" }]);
  await pass(1);
  assert.deepEqual(at("pulls"), []);
  for (const id of ["a", "b"]) {
    of(id).jobs.handlersFor("w1").demandPull({ app: "live", name: "yard" });
    of(id).jobs.handlersFor("w1").demandPull({ app: "live", name: "unknown" });
  }
  await pass(1);
  assert.equal(at("pulls").length, 1);
  const [place = ""] = at("pulls");
  const [node = "", worker = ""] = place.split(" ")[0]?.split("/") ?? [];
  const report = { kind: "pull", id: "s", app: "live", name: "yard", state: "running", since: 0, problem: null } as const;
  for (let second = 0; second < 60; second++) {
    const job = { ...report, cores: null, address: 0, restarts: 0, rungs: [] };
    of(node)
      .jobs.handlersFor(worker)
      .jobReports({ jobs: [job], watched: second < 30 ? ["live/yard"] : [] });
    await pass(1);
    if (second < 45 || second > 55) assert.equal(at("pulls").length, second < 45 ? 1 : 0, `after ${second} s`);
  }
});

test("a forward is done once, where the publisher is, and ends when it is not wanted any more", async () => {
  const { at, of, publish, pass } = cluster({ a: 0, b: 0 });
  const forward: WantedForward = { kind: "forward", id: "f", app: "live", name: "one", school: "", url: "rtmp://service/app/key" };
  of("a")
    .jobs.handlersFor("control")
    .wantedJobs([forward, { ...forward, id: "g", name: "absent" }]);
  await publish("b", "one");
  await pass(2);
  assert.deepEqual(at("forwards"), ["b/w0 one"]);
  of("a").jobs.handlersFor("control").wantedJobs([]);
  await pass(2);
  assert.deepEqual(at("forwards"), []);
});

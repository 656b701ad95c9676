/** Registries of several nodes over one bus, which goes away and comes back for each of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Bus, BusUnavailable, type Row, type Table, type TableWatcher } from "../../../platform/bus/bus.ts";
import { LocalBus } from "../../../platform/bus/local.ts";
import { ManualClock } from "../../../platform/clock.ts";
import { Refusal } from "../../../platform/refusal.ts";
import type { Claim, ClaimOptions } from "../../streams/index.ts";
import { PeerGone } from "./registry-peers.ts";
import { WriterRegistry } from "./writer-registry.ts";

const CLAIM: ClaimOptions = { silentMs: null, preempt: false, backup: false };
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** One node's line to a bus. */
class Line implements Bus {
  connected = true;
  private readonly bus: LocalBus;
  private readonly watchers: (() => void)[] = [];

  constructor(bus: LocalBus) {
    this.bus = bus;
  }

  onState(): void {}
  publish(): void {}
  subscribe(): void {}
  async close(): Promise<void> {}

  table(name: string, watcher: TableWatcher): Table {
    const rows = new Map<string, Row>();
    const here = async <T>(work: (table: Table) => Promise<T>): Promise<T> => {
      if (!this.connected) throw new BusUnavailable("away");
      return await work(table);
    };
    const table = this.bus.table(name, {
      all: (all) => {
        for (const [key, row] of all) rows.set(key, row);
        watcher.all(new Map(all));
      },
      changed: (key, value, revision) => {
        if (value === null) rows.delete(key);
        else rows.set(key, { value, revision });
        if (this.connected) watcher.changed(key, value, revision);
      },
    });
    this.watchers.push(() => watcher.all(new Map(rows)));
    return {
      get: (key) => here((it) => it.get(key)),
      create: (key, value) => here((it) => it.create(key, value)),
      update: (key, value, revision) => here((it) => it.update(key, value, revision)),
      remove: (key, revision) => here((it) => it.remove(key, revision)),
    };
  }

  back(): void {
    this.connected = true;
    for (const tell of this.watchers) tell();
  }
}

/** Nodes with one process each, which say what they are told to say. */
function cluster(ids: readonly string[], origins: readonly string[]) {
  const bus = new LocalBus();
  const clock = new ManualClock();
  const up = new Set(ids);
  const living = new Set<string>();
  const cut = new Set<string>();
  const nodes = new Map(
    ids.map((id) => {
      const line = new Line(bus);
      const reach = (node: string) => {
        if (!up.has(node)) throw new PeerGone("gone");
        if (cut.has(id) !== cut.has(node)) throw new Error("no answer");
      };
      const registry: WriterRegistry = new WriterRegistry(
        line,
        {
          yield: async (peer) => {
            const [node = ""] = peer.split("/");
            reach(node);
            return living.has(peer) ? { living: true } : { living: false, head: { term: 1, sequence: 10 } };
          },
          occupied: async (peer) => (living.has(peer) ? "main" : "free"),
          newest: async () => ({ term: 1, sequence: 10 }),
          newestAt: async (node) => {
            reach(node);
            return { peer: `${node}/w`, head: { term: 1, sequence: 10 } };
          },
          changed: () => {},
          jobsOf: () => [],
          gossip: (row) => {
            for (const [other, { registry: theirs }] of nodes)
              if (other !== id && cut.has(other) === cut.has(id)) theirs.takeGossip(row);
          },
        },
        {
          self: id,
          isUp: (node) => up.has(node),
          originsFor: (_key, before) => [...new Set([...before, ...origins])].filter((origin) => up.has(origin)),
          upstreamsOf: (_key, all) => all,
          peerAt: (node) => `${node}/w`,
          eldest: () => [...up].sort()[0] ?? id,
        },
        () => ({ streams: 10, graceMs: 15_000 }),
        clock,
      );
      registry.joined(`${id}/w`);
      return [id, { registry, line }] as const;
    }),
  );
  const of = (id: string) => nodes.get(id)!;
  const claim = async (id: string) => await of(id).registry.claim(`${id}/w`, "live", "math", false, CLAIM);
  const granted = async (id: string): Promise<Claim> => {
    const answer = await claim(id);
    assert.ok(!(answer instanceof Refusal), answer instanceof Refusal ? answer.code : "");
    return answer;
  };
  const entry = (id: string) => of(id).registry.entry("live", "math");
  return { clock, up, living, cut, of, claim, granted, entry };
}

test("of two nodes that claim a stream at the same moment one gets it, and the other goes on from there", async () => {
  const { living, claim, entry } = cluster(["a", "b"], ["a", "b"]);
  living.add("a/w").add("b/w");
  const answers = await Promise.all([claim("a"), claim("b")]);
  const refused = answers.filter((answer) => answer instanceof Refusal);
  assert.deepEqual(
    refused.map(({ code }) => code),
    ["publisher-present"],
  );
  assert.deepEqual(entry("a"), entry("b"));
});

test("a writer that has let go is followed by the next term, from where it ends", async () => {
  const { granted, entry } = cluster(["a", "b"], ["a", "b"]);
  const first = await granted("a");
  const second = await granted("b");
  assert.deepEqual([second.epoch, second.term, second.from], [first.epoch, 2, { peer: "a/w", head: { term: 1, sequence: 10 } }]);
  assert.equal(entry("a")?.writer, "b/w");
});

test("a node that is no origin waits for one to acknowledge what it writes", async () => {
  const { granted, of } = cluster(["a", "e"], ["a"]);
  assert.equal((await granted("e")).acknowledged, true);
  const { sources, isOriginCopy: keep, record } = of("a").registry.locate("a/w", "live", "math")!;
  assert.deepEqual([sources, keep, record], [["e/w"], true, true]);
  assert.deepEqual(of("e").registry.locate("e/w", "live", "math")?.sources, []);
});

test("a writer that does not answer, on a node that is heard, keeps its stream; on one that is gone, it does not", async () => {
  const { granted, claim, cut, up, entry } = cluster(["a", "b", "c"], ["b", "c"]);
  const { epoch } = await granted("a");
  cut.add("a");
  const refused = await claim("b");
  assert.ok(refused instanceof Refusal && refused.code === "publisher-present");
  up.delete("a");
  const next = await granted("b");
  assert.deepEqual([next.epoch, next.term, entry("c")?.term], [epoch, 2, 2]);
});

test("when a writer's node is gone, an origin waits for the publisher, and ends the stream after the grace period", async () => {
  const { granted, up, of, entry, clock } = cluster(["a", "b", "c"], ["b", "c"]);
  await granted("a");
  up.delete("a");
  of("a").line.connected = false;
  for (const id of ["b", "c"]) void of(id).registry.sweep();
  await settled();
  assert.equal(entry("c")?.writer, null);
  clock.advance(14_000);
  assert.ok(entry("b"));
  clock.advance(2000);
  await settled();
  assert.deepEqual([entry("b"), entry("c")], [null, null]);
});

test("an origin that is gone is replaced by the writer's node", async () => {
  const { granted, up, of, entry } = cluster(["a", "b", "c"], ["a", "b", "c"]);
  await granted("a");
  up.delete("b");
  void of("a").registry.sweep(true);
  await settled();
  assert.deepEqual(entry("c")?.origins, ["a", "c"]);
});

test("a stream is recorded at another node than its publisher's, and goes on there wherever the publisher comes to", async () => {
  const { granted, up, of, entry } = cluster(["a", "b", "c"], ["a", "b", "c"]);
  const recordedAt = () => ["a", "b", "c"].filter((id) => of(id).registry.locate(`${id}/w`, "live", "math")?.record);
  await granted("a");
  assert.deepEqual(recordedAt(), ["b"]);
  up.delete("a");
  await granted("b");
  assert.deepEqual(recordedAt(), ["b"], "where the publisher is now, since it was there before");
  up.add("a");
  void of("b").registry.sweep(true);
  await granted("c");
  await granted("a");
  await settled();
  assert.deepEqual(recordedAt(), ["b"]);
  up.delete("b");
  assert.equal(recordedAt().length, 1, "at once, before anybody has said so");
  void of("a").registry.sweep(true);
  await settled();
  assert.deepEqual([entry("c")?.recorderNode, recordedAt()], ["c", ["c"]]);
  up.add("b");
  void of("a").registry.sweep(true);
  await settled();
  assert.deepEqual(recordedAt(), ["c"], "it is not taken away again");
});

test("without the bus a stream begins all the same, those who can be reached are told, and the bus is when it is back", async () => {
  const { granted, of, entry } = cluster(["a", "b", "c"], ["a", "b"]);
  for (const id of ["a", "b"]) of(id).line.connected = false;
  const { epoch, term } = await granted("a");
  assert.deepEqual([entry("b")?.epoch, entry("c")?.epoch], [epoch, epoch]);
  for (const id of ["a", "b"]) of(id).line.back();
  await settled();
  assert.deepEqual([entry("c")?.epoch, entry("c")?.term, entry("b")?.writer], [epoch, term, "a/w"]);
});

test("two parts of a network that both have a publisher take different terms, and the higher one wins when they meet", async () => {
  const { granted, cut, of, entry, living } = cluster(["a", "b"], ["a", "b"]);
  const first = await granted("a");
  living.add("a/w");
  of("b").registry.copyAdded("b/w", "live", "math", first.epoch);
  cut.add("b");
  of("b").line.connected = false;
  const other = await granted("b");
  assert.equal(other.epoch, first.epoch);
  assert.ok(other.term >= 1000, `term ${other.term}`);
  assert.equal(entry("a")?.writer, "a/w");
  cut.clear();
  of("b").line.back();
  await settled();
  await settled();
  assert.deepEqual([entry("a")?.writer, entry("a")?.term], ["b/w", other.term]);
  assert.deepEqual(entry("a"), entry("b"));
});

test("a stream that ended without the bus is over for everybody when it is back", async () => {
  const { granted, of, entry } = cluster(["a", "b"], ["a", "b"]);
  const { epoch } = await granted("a");
  of("a").line.connected = false;
  of("a").registry.ended("a/w", "live", "math", epoch);
  await settled();
  assert.deepEqual([entry("a"), entry("b")?.epoch], [null, epoch]);
  of("a").line.back();
  await settled();
  assert.equal(entry("b"), null);
});

test("rows that no node of ours can have written are passed over", async () => {
  const { of, granted, entry } = cluster(["a"], ["a"]);
  const table = of("a").line.table("lectern-streams", { all: () => {}, changed: () => {} });
  for (const value of ["", "{", "[]", '{"app":5}', '{"app":"live","name":"math","epoch":"x","term":"one"}'])
    assert.notEqual(await table.create(`live.other-${value.length}`, value), null);
  assert.equal(of("a").registry.keys().length, 0);
  await granted("a");
  assert.equal(entry("a")?.term, 1);
});

test("the limit of streams counts those that are live here: one that has ended makes room for another", async () => {
  const { of } = cluster(["a", "b"], ["b"]);
  const claimOf = (node: string, name: string) => of(node).registry.claim(`${node}/w`, "live", name, false, CLAIM);
  const epochs = new Map<string, string>();
  for (let i = 0; i < 10; i++) {
    const claim = await claimOf("a", `s${i}`);
    assert.ok(!(claim instanceof Refusal));
    epochs.set(`s${i}`, claim.epoch);
  }
  const codeOf = async (node: string, name: string) => {
    const answer = await claimOf(node, name);
    return answer instanceof Refusal ? answer.code : "granted";
  };
  // Node a writes them, and node b is their origin.
  assert.equal(await codeOf("a", "more"), "full");
  assert.equal(await codeOf("b", "more"), "full");
  for (const name of ["s0", "s1"]) of("a").registry.ended("a/w", "live", name, epochs.get(name) ?? "");
  await settled();
  assert.equal(await codeOf("b", "more"), "granted");
  // Another term of a stream that is counted already.
  assert.equal(await codeOf("a", "s5"), "granted");
  // Node b is the origin of eight, and writes one of its own, which does not count at a.
  for (const name of ["s10", "s11"]) assert.equal(await codeOf("a", name), "granted");
  assert.equal(await codeOf("a", "s12"), "full");
  assert.equal(await codeOf("b", "s12"), "full");
});

test("a writer's node that stood still goes on writing, with the same term, though the others took it for gone", async () => {
  const { granted, up, of, entry, clock } = cluster(["e", "b", "c"], ["b", "c"]);
  const { epoch, term } = await granted("e");
  up.delete("e");
  of("e").line.connected = false;
  void of("b").registry.sweep();
  await settled();
  assert.equal(entry("c")?.writer, null);
  up.add("e");
  of("e").line.back();
  await settled();
  await settled();
  for (const id of ["e", "b", "c"])
    assert.deepEqual([entry(id)?.writer, entry(id)?.epoch, entry(id)?.term], ["e/w", epoch, term], id);
  clock.advance(20_000);
  await settled();
  assert.equal(entry("b")?.writer, "e/w", "nobody waits for the publisher any more");
});

test("a writer's node that stood still for longer than the grace period goes on, and has its row back", async () => {
  const { granted, up, of, entry, clock } = cluster(["e", "b"], ["b"]);
  const { epoch } = await granted("e");
  up.delete("e");
  of("e").line.connected = false;
  void of("b").registry.sweep();
  await settled();
  clock.advance(16_000);
  await settled();
  assert.equal(entry("b"), null);
  of("e").line.back();
  await settled();
  assert.deepEqual([entry("b")?.epoch, entry("b")?.writer], [epoch, "e/w"]);
});

test("a writer puts the row of its stream back that another node has removed", async () => {
  const { granted, of, entry } = cluster(["e", "b"], ["b"]);
  const { epoch } = await granted("e");
  const table = of("b").line.table("lectern-streams", { all: () => {}, changed: () => {} });
  await table.remove("live.math", (await table.get("live.math"))?.revision ?? 0);
  await settled();
  assert.deepEqual([entry("b")?.epoch, entry("e")?.epoch], [epoch, epoch]);
});

test("a stream whose publisher went on elsewhere meanwhile is not taken back", async () => {
  const { granted, up, of, entry } = cluster(["e", "b", "c"], ["b", "c"]);
  await granted("e");
  up.delete("e");
  of("e").line.connected = false;
  await granted("c");
  up.add("e");
  of("e").line.back();
  await settled();
  assert.deepEqual([entry("e")?.writer, entry("e")?.term], ["c/w", 2]);
});

test("the row of a process that died is not taken back", async () => {
  const { granted, of, entry } = cluster(["e", "b"], ["b"]);
  await granted("e");
  of("e").registry.gone("e/w");
  await settled();
  assert.deepEqual([entry("e")?.writer, entry("b")?.writer], [null, null]);
});

test("a stream that begins at a node that is cut off from the bus alone is known to nodes that are not", async () => {
  const { granted, of, entry } = cluster(["e", "b", "c"], ["b", "c"]);
  of("e").line.connected = false;
  const { epoch } = await granted("e");
  assert.deepEqual([entry("b")?.epoch, entry("c")?.epoch], [epoch, epoch]);
  of("e").line.back();
  await settled();
  await of("e").registry.sweep();
  assert.deepEqual([entry("b")?.epoch, entry("b")?.term], [epoch, 1]);
});

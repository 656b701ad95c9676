import assert from "node:assert/strict";
import { test } from "node:test";
import type { Role } from "../../platform/config/schema.ts";
import { mulberry32 } from "../../platform/mulberry32.ts";
import { Dispatcher, type DispatchRequest, FILL, LIMIT } from "./dispatcher.ts";
import type { Costs } from "./link-costs.ts";
import { BUNDLE_MS, type DispatchNode, FORGET_MS, HIDDEN_SHARE, PEAK_OVER_MS, SEEN_AFTER_MS, STAY_MS } from "./node-usage.ts";
import { hashOf, rankOf, saltOf, spareRankOf } from "./rendezvous-hash.ts";

const COSTS: Costs = { otherCarrier: 60, otherRegion: 20, pairs: [{ from: "unicom", to: "mobile", cost: 30 }] };

function node(id: string, more: Partial<DispatchNode> = {}): DispatchNode {
  return {
    id,
    region: "",
    carriers: [],
    roles: ["edge"] as Role[],
    state: "up",
    http: `http://${id}`,
    rtmp: `rtmp://${id}`,
    capacityMbps: 1000,
    usedMbps: 0,
    maxConnections: 10_000,
    connections: 0,
    links: [],
    ...more,
  };
}

function scene(nodes: readonly DispatchNode[], costs = COSTS) {
  let now = 1000;
  const dispatcher = new Dispatcher(
    () => costs,
    () => now,
  );
  dispatcher.update(nodes);
  return {
    dispatcher,
    wait: (ms: number) => {
      now += ms;
    },
  };
}

function request(more: Partial<DispatchRequest> = {}): DispatchRequest {
  return { stream: "live/math", mbps: 2, connections: 1, location: { region: "", carrier: "" }, to: "play", ...more };
}

test("everybody comes to a node of their own carrier, in their own region where there is one", () => {
  const nodes = ["north", "south"].flatMap((region) =>
    ["telecom", "unicom", "mobile"].map((carrier) => node(`${region}-${carrier}`, { region, carriers: [carrier] })),
  );
  const { dispatcher } = scene(nodes);
  for (const region of ["north", "south"])
    for (const carrier of ["telecom", "unicom", "mobile"]) {
      const [first, second] = dispatcher.choose(request({ location: { region, carrier } }));
      assert.deepEqual([first?.node, first?.cost], [`${region}-${carrier}`, 0]);
      assert.equal(second?.cost, 20, "the same carrier elsewhere comes before another carrier here");
    }
  const [, , third] = dispatcher.choose(request({ location: { region: "north", carrier: "unicom" } }));
  assert.deepEqual([third?.node, third?.cost], ["north-mobile", 30], "then the carrier that is better connected");
});

test("a node without carriers has lines of all, and a client without a location goes to any node", () => {
  const { dispatcher } = scene([node("bgp"), node("t", { carriers: ["telecom"] })]);
  assert.equal(dispatcher.choose(request({ location: { region: "", carrier: "unicom" } }))[0]?.node, "bgp");
  assert.equal(dispatcher.choose(request())[0]?.cost, 0);
});

test("a stream stays on one node until that is filled, then on the next; different streams are on different nodes", () => {
  const { dispatcher } = scene(Array.from({ length: 10 }, (_, i) => node(`n${i}`)));
  const of = (stream: string) => dispatcher.choose(request({ stream }))[0]?.node ?? "";
  const firsts = new Set(Array.from({ length: (1000 * FILL) / 2 }, () => of("live/hot")));
  assert.equal(firsts.size, 1);
  assert.notEqual(of("live/hot"), [...firsts][0]);
  assert.ok(new Set(Array.from({ length: 50 }, (_, i) => of(`live/s${i}`))).size > 6);
});

test("no node is given more than it can bear; when those of the carrier are full the next best are taken, and then nobody", () => {
  const nodes = [node("t1", { carriers: ["telecom"] }), node("t2", { carriers: ["telecom"] }), node("u", { carriers: ["unicom"] })];
  const { dispatcher } = scene(nodes);
  const place = { region: "", carrier: "telecom" };
  const counts = new Map<string, number>();
  let refused = 0;
  for (let i = 0; i < 2000; i++) {
    const [first] = dispatcher.choose(request({ location: place }));
    if (first) counts.set(first.node, (counts.get(first.node) ?? 0) + 1);
    else refused++;
  }
  for (const [id, count] of counts) assert.ok(count * 2 <= 1000 * LIMIT, `${id}: ${count}`);
  assert.deepEqual([...counts.keys()].sort(), ["t1", "t2", "u"]);
  assert.equal(refused, 2000 - 3 * Math.floor((1000 * LIMIT) / 2));
  assert.deepEqual(
    dispatcher.explain(request({ location: place })).map(({ verdict }) => verdict),
    ["full", "full", "full"],
  );
});

test("a node whose clock is wrong is named to nobody, and says why; where all are wrong, all are named", () => {
  const wrong = { clockErrorMs: -3_600_000 };
  const { dispatcher } = scene([node("a"), node("b", wrong)]);
  for (let i = 0; i < 50; i++)
    assert.deepEqual(
      dispatcher.choose(request({ stream: `live/s${i}`, mbps: 0 })).map((one) => one.node),
      ["a"],
    );
  assert.equal(dispatcher.explain(request()).find((one) => one.node === "b")?.verdict, "clock");
  dispatcher.update([node("a"), node("b", { clockErrorMs: 900 })]);
  assert.equal(dispatcher.choose(request()).length, 2);
  dispatcher.update([node("a", wrong), node("b", wrong)]);
  assert.equal(dispatcher.choose(request()).length, 2);
});

test("what was given to a node counts until it is seen in what the node says of itself", () => {
  const { dispatcher, wait } = scene([node("a", { maxConnections: 20 })]);
  const give = (count: number) => Array.from({ length: count }, () => dispatcher.choose(request()).length).filter(Boolean).length;
  assert.equal(give(30), 19);
  dispatcher.update([node("a", { maxConnections: 20, connections: 5 })]);
  assert.equal(give(30), 0, "the others are not in the report yet");
  wait(SEEN_AFTER_MS + 1);
  assert.equal(give(30), 0, "nothing was said since");
  dispatcher.update([node("a", { maxConnections: 20, connections: 12 })]);
  assert.equal(give(30), 7);
});

test("a node is held to the most that it has sent lately: a lull brings it nobody", () => {
  const sends = (usedMbps: number, connections: number) => [node("a", { capacityMbps: 100, usedMbps, connections })];
  const { dispatcher, wait } = scene(sends(0, 0));
  const give = (count: number) => Array.from({ length: count }, () => dispatcher.choose(request()).length).filter(Boolean).length;
  const say = (mbps: number, connections: number) => {
    wait(SEEN_AFTER_MS + BUNDLE_MS);
    dispatcher.update(sends(mbps, connections));
  };
  assert.equal(give(60), 47);
  for (const mbps of [94, 90, 86]) {
    say(mbps, 47);
    assert.equal(give(1), 0);
  }
  wait(PEAK_OVER_MS);
  say(86, 47);
  assert.equal(give(10), 4);
  say(94, 50);
  say(80, 25);
  assert.equal(give(10), 7, "what it sends now is more than half of what it sent when twice as many were there");
  say(40, 25);
  assert.equal(give(60), 7, "it sent more a moment ago");
  say(0, 0);
  assert.equal(give(60), 47, "nobody is there any more");
});

for (const [what, says] of [
  ["no load at all", () => ({ usedMbps: 0, connections: 0 })],
  ["its connections, and no bitrate", (viewers: number) => ({ usedMbps: 0, connections: viewers })],
  ["its bitrate, and no connections", (viewers: number) => ({ usedMbps: viewers * 2, connections: 0 })],
] as const)
  test(`a node that always reports ${what} gets no more viewers than it has room for, as long as others tell the truth`, () => {
    const ids = ["liar", ...Array.from({ length: 13 }, (_, i) => `n${i}`)];
    const watching = new Map(ids.map((id) => [id, 0]));
    const report = () =>
      ids.map((id) => {
        const viewers = watching.get(id) ?? 0;
        return node(id, id === "liar" ? says(viewers) : { usedMbps: viewers * 2, connections: viewers });
      });
    const { dispatcher, wait } = scene(report());
    let refused = 0;
    for (let i = 0; i < 6000; i++) {
      // Ten minutes of arrivals.
      if (i % 10 === 0) {
        wait(1000);
        dispatcher.update(report());
      }
      const [first] = dispatcher.choose(request({ stream: `live/s${i % 7}` }));
      if (first) watching.set(first.node, (watching.get(first.node) ?? 0) + 1);
      else refused++;
    }
    const loads = ids.map((id) => ((watching.get(id) ?? 0) * 2) / 1000);
    assert.equal(refused, 0);
    assert.ok(Math.max(...loads) <= LIMIT + 0.2, `${loads.map((load) => load.toFixed(2))}`);
  });

test("where clients only ask and never come, nobody is refused for it", () => {
  const { dispatcher, wait } = scene(Array.from({ length: 5 }, (_, i) => node(`n${i}`)));
  for (let second = 0; second < 900; second++) {
    wait(1000);
    dispatcher.update(Array.from({ length: 5 }, (_, i) => node(`n${i}`, { usedMbps: 4, connections: 2 })));
    for (let i = 0; i < 20; i++) assert.ok(dispatcher.choose(request()).length > 0, `second ${second}`);
  }
});

test("viewers who come and go are no hidden ones, and viewers who have left leave room", () => {
  const { dispatcher, wait } = scene([node("a"), node("b")]);
  const stay: { node: string; until: number }[] = [];
  const named = new Set<string>();
  for (let second = 0; second < 1100; second++) {
    wait(1000);
    const here = (id: string) => stay.filter((one) => one.node === id && one.until > second).length;
    dispatcher.update(["a", "b"].map((id) => node(id, { usedMbps: here(id) * 2, connections: here(id) })));
    // Each stays for half a minute or more. All leave at once, and a little later as many come at once.
    const count = second < 1000 ? 5 : second === 1015 ? 300 : 0;
    for (let i = 0; i < count; i++) {
      const [first] = dispatcher.choose(request());
      assert.ok(first);
      named.add(first.node);
      stay.push({ node: first.node, until: second < 1000 ? Math.min(1000, second + 30 + (second % 50)) : 2000 });
    }
  }
  assert.equal(named.size, 1, "one stream of 300 viewers stays on one node");
});

test("nodes that are drained, gone, or come and go are not named; one that comes back once is", () => {
  const nodes = [node("a"), node("b", { state: "draining" }), node("c", { state: "gone" })];
  const { dispatcher, wait } = scene(nodes);
  const named = () => dispatcher.choose(request()).map((candidate) => candidate.node);
  assert.deepEqual(named(), ["a"]);
  assert.equal(dispatcher.explain(request()).find((one) => one.node === "b")?.verdict, "draining");
  const flap = () => {
    dispatcher.update([node("a", { state: "gone" })]);
    assert.deepEqual(named(), []);
    wait(1000);
    dispatcher.update([node("a")]);
  };
  flap();
  assert.deepEqual(named(), ["a"]);
  flap();
  assert.deepEqual(named(), [], "twice within five minutes");
  assert.equal(dispatcher.explain(request())[0]?.verdict, "unsteady");
  wait(5001);
  assert.deepEqual(named(), ["a"]);
});

test("a node that says it bears a thousand times as much as the others is believed a little of it", () => {
  const { dispatcher } = scene([node("a"), node("b"), node("liar", { capacityMbps: 1e6, maxConnections: 1e9 })]);
  let count = 0;
  for (let i = 0; i < 20_000; i++) if (dispatcher.choose(request())[0]?.node === "liar") count++;
  assert.ok(count * 2 <= 10_000 * LIMIT, `${count}`);
});

test("a node that is fed over a line with much loss costs more", () => {
  const link = { to: "o", rttMs: 40, jitterMs: 1, mbps: 1, ageMs: 10 };
  const { dispatcher } = scene([
    node("good", { links: [{ ...link, lossPercent: 0.2 }] }),
    node("bad", { links: [{ ...link, lossPercent: 4 }] }),
  ]);
  for (let i = 0; i < 20; i++) assert.equal(dispatcher.choose(request({ stream: `live/s${i}` }))[0]?.node, "good");
  assert.deepEqual(dispatcher.explain(request()).find((one) => one.node === "bad")?.parts, { carrier: 0, region: 0, feed: 30 });
});

test("publishers come to origins, and where nothing has the role to whatever is there", () => {
  const { dispatcher } = scene([node("e"), node("o", { roles: ["origin"] })]);
  assert.equal(dispatcher.choose(request({ to: "publish" }))[0]?.node, "o");
  assert.equal(dispatcher.choose(request({ to: "play" }))[0]?.node, "e");
  assert.equal(scene([node("e")]).dispatcher.choose(request({ to: "publish" }))[0]?.node, "e");
  assert.deepEqual(scene([]).dispatcher.choose(request()), []);
});

/** The same rules, each decision from nothing: slow, and plain. */
class PlainDispatcher {
  private nodes: readonly DispatchNode[] = [];
  private asked = 0;
  private said: { at: number; id: string; mbps: number; connections: number }[] = [];
  private given: { at: number; node: string; mbps: number; connections: number }[] = [];
  /** What counts beside the reports. */
  private readonly counted = new Map<string, { mbps: number; connections: number }>();

  /** What was assigned to each node and never showed. */
  private readonly hidden = new Map<string, { at: number; usedMbps: number; connections: number; node: DispatchNode }>();

  update(nodes: readonly DispatchNode[], now: number): void {
    for (const one of nodes) {
      const before = this.hidden.get(one.id) ?? { at: now, usedMbps: 0, connections: 0, node: one };
      const passed = now - before.at;
      const left = (of: "usedMbps" | "connections") => {
        const forgotten = before[of] * 0.5 ** (passed / FORGET_MS);
        const shown = Math.max(0, one[of] - before.node[of]) + (one[of] * passed) / STAY_MS;
        return Math.max(0, forgotten - shown);
      };
      this.hidden.set(one.id, { at: now, usedMbps: left("usedMbps"), connections: left("connections"), node: one });
    }
    this.nodes = nodes;
    const up = nodes.filter(({ state }) => state === "up");
    const remembers = up.filter(({ id }) => this.hides(id)).length <= up.length / 2;
    // Of each second what was said last.
    const [second, oldest] = [Math.floor(now / 1000), Math.floor(now / 1000) - PEAK_OVER_MS / 1000];
    this.said = this.said.filter(({ at }) => at > oldest && at < second);
    this.said.push(...nodes.map(({ id, usedMbps, connections }) => ({ at: second, id, mbps: usedMbps, connections })));
    this.given = this.given.filter(({ at }) => at > now - SEEN_AFTER_MS - BUNDLE_MS);
    // What was given before a node speaks is in what it says, but for the newest.
    for (const { id } of nodes) {
      const isNew = ({ at, node: other }: { at: number; node: string }) =>
        other === id && Math.floor(at / BUNDLE_MS) * BUNDLE_MS > now - SEEN_AFTER_MS;
      const given = this.given.filter(isNew);
      const hidden = remembers && this.hides(id) ? this.hidden.get(id) : undefined;
      this.counted.set(id, {
        mbps: given.reduce((sum, { mbps }) => sum + mbps, 0),
        connections: given.reduce((sum, { connections }) => sum + connections, 0),
      });
      const counted = this.counted.get(id)!;
      counted.mbps = Math.max(counted.mbps, hidden?.usedMbps ?? 0);
      counted.connections = Math.max(counted.connections, hidden?.connections ?? 0);
    }
  }

  private middle(): number {
    const sorted = this.nodes.map(({ capacityMbps }) => capacityMbps).sort((a, b) => a - b);
    return sorted[Math.floor((this.nodes.length - 1) / 2)] ?? 0;
  }

  private hides(id: string): boolean {
    const { usedMbps, connections, node } = this.hidden.get(id)!;
    const capacity = Math.min(node.capacityMbps, this.middle() * 10);
    return (
      (usedMbps > capacity * HIDDEN_SHARE && usedMbps > node.usedMbps) ||
      (connections > node.maxConnections * HIDDEN_SHARE && connections > node.connections)
    );
  }

  choose({ stream, mbps, connections, location, to }: DispatchRequest, now: number): string[] {
    const salt = saltOf(this.asked++);
    const middle = this.middle();
    const up = this.nodes.filter(({ state }) => state === "up");
    const role = up.filter(({ roles }) => roles.length === 0 || roles.includes(to === "play" ? "edge" : "origin"));
    const rows = (role.length > 0 ? role : up).map((one) => {
      const pair = (a: string, b: string) =>
        COSTS.pairs.find(({ from, to }) => [from, to].includes(a) && [from, to].includes(b) && a !== b)?.cost;
      const carriers = one.carriers.map((own) =>
        own === location.carrier ? 0 : (pair(location.carrier, own) ?? COSTS.otherCarrier),
      );
      const carrier = location.carrier === "" || carriers.length === 0 ? 0 : Math.min(...carriers);
      const region =
        location.region === "" || location.region === one.region ? 0 : (pair(location.region, one.region) ?? COSTS.otherRegion);
      const counted = this.counted.get(one.id)!;
      const said = this.said.filter(({ id }) => id === one.id);
      const most = Math.max(
        one.usedMbps,
        ...said.map((then) => then.mbps * Math.min(1, one.connections / Math.max(1, then.connections))),
      );
      const load = Math.max(
        (most + counted.mbps + mbps) / Math.min(one.capacityMbps, middle * 10),
        (one.connections + counted.connections + connections) / one.maxConnections,
      );
      return { id: one.id, cost: carrier + region, load, rank: rankOf(hashOf(stream), hashOf(one.id)) };
    });
    const order = rows
      .filter(({ load }) => load <= LIMIT)
      .sort((a, b) => {
        if (a.cost !== b.cost) return a.cost - b.cost;
        const [aFills, bFills] = [a.load <= FILL, b.load <= FILL];
        if (aFills !== bFills) return aFills ? -1 : 1;
        if (!aFills && a.load !== b.load) return a.load - b.load;
        return b.rank - a.rank;
      });
    const [first] = order;
    // Every other dispatcher is taken to do the same.
    const dispatchers = up.filter(({ roles }) => roles.length === 0 || roles.includes("control")).length;
    for (let i = 0; first && i < Math.max(1, dispatchers); i++) {
      this.given.push({ at: now, node: first.id, mbps, connections });
      this.counted.get(first.id)!.mbps += mbps;
      this.counted.get(first.id)!.connections += connections;
    }
    if (first) this.hidden.get(first.id)!.usedMbps += mbps;
    if (first) this.hidden.get(first.id)!.connections += connections;
    const spares = order.slice(1).sort((a, b) => {
      if (a.cost !== b.cost) return a.cost - b.cost;
      const [aFills, bFills] = [a.load <= FILL, b.load <= FILL];
      if (aFills !== bFills) return aFills ? -1 : 1;
      return spareRankOf(b.rank, salt) - spareRankOf(a.rank, salt);
    });
    const near = spares.filter(({ cost }) => cost === first?.cost);
    const far = spares.filter(({ cost }) => cost !== first?.cost);
    return [first, ...near.slice(0, 1), ...far, ...near.slice(1)].flatMap((one) => (one ? [one.id] : [])).slice(0, 3);
  }
}

/** With a report of all nodes before each fifty: two simulated minutes, longer than a dispatcher remembers. */
const DECISIONS = 10_000;
const DECISIONS_OF_A_REPORT = 50;

test("thousands of decisions are those of a slow and plain version of the rules", () => {
  const next = mulberry32(7);
  const pick = <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)] as T;
  const [regions, carriers] = [
    ["north", "south", "east", ""],
    ["telecom", "unicom", "mobile", "education"],
  ];
  let now = 5000;
  const dispatcher = new Dispatcher(
    () => COSTS,
    () => now,
  );
  const plain = new PlainDispatcher();
  const fleet = Array.from({ length: 40 }, (_, i) =>
    node(`n${i}`, {
      region: pick(regions),
      carriers: carriers.filter(() => next() < 0.3),
      roles: pick([["edge"], ["edge", "origin"], ["origin"], []] as Role[][]),
      capacityMbps: pick([100, 1000, 2500, 40_000]),
      maxConnections: pick([50, 500, 20_000]),
    }),
  );
  const busy = fleet.map(() => next());
  for (let i = 0; i < DECISIONS; i++) {
    if (i % DECISIONS_OF_A_REPORT === 0) {
      now += 100 + Math.floor(next() * 900);
      // Nodes fill, and empty; some are drained. None is lost: that is another test.
      for (const [at, of] of busy.entries()) busy[at] = Math.min(1.1, Math.max(0, of + (next() - 0.5) * 0.2));
      const nodes = fleet.map((one, at) => ({
        ...one,
        state: next() < 0.05 ? ("draining" as const) : ("up" as const),
        usedMbps: one.capacityMbps * (busy[at] ?? 0),
        connections: Math.floor(one.maxConnections * next() * 0.9),
      }));
      dispatcher.update(nodes);
      plain.update(nodes, now);
    }
    const of: DispatchRequest = {
      stream: `live/s${Math.floor(next() ** 3 * 300)}`,
      mbps: pick([0.5, 1.5, 4]),
      connections: pick([1, 2]),
      location: { region: pick(regions), carrier: pick([...carriers, ""]) },
      to: next() < 0.9 ? "play" : "publish",
    };
    const chosen = dispatcher.choose(of).map((candidate) => candidate.node);
    assert.deepEqual(chosen, plain.choose(of, now), `decision ${i}`);
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { pino } from "pino";
import type { Bus } from "../platform/bus/bus.ts";
import { LocalBus } from "../platform/bus/local.ts";
import { type Clock, ManualClock } from "../platform/clock.ts";
import { type Member, Membership, type SelfDescription } from "./membership.ts";
import { signedBus } from "./signed-envelope.ts";

const LOG = pino({ enabled: false });
const settled = () => new Promise((resolve) => setImmediate(resolve));

function self(id: string): SelfDescription {
  return {
    id,
    version: "1",
    roles: [],
    region: "",
    carriers: [],
    parents: [],
    host: id,
    linkPort: 1,
    relayPorts: [2],
    http: "",
    rtmp: "",
    capacityMbps: 1,
    maxConnections: 1,
    draining: false,
    usedMbps: 0,
    connections: 0,
    cpu: 0,
    links: [],
    crowds: [],
    freeCores: 0,
  };
}

/** The bus and the clock of a node that can be stopped, as SIGSTOP does. */
class StoppableNode {
  readonly bus: Bus;
  readonly clock: Clock;
  private timers: (() => void)[] | null = null;
  private heard: (() => void)[] | null = null;

  constructor(bus: Bus, clock: Clock) {
    this.bus = {
      connected: true,
      onState: (listener) => bus.onState(listener),
      close: () => bus.close(),
      table: (name, watcher) => bus.table(name, watcher),
      publish: (subject, text) => bus.publish(subject, text),
      subscribe: (subject, listener) =>
        bus.subscribe(subject, (text) => (this.heard ? this.heard.push(() => listener(text)) : listener(text))),
    };
    this.clock = {
      monotonic: clock.monotonic,
      utc: clock.utc,
      longestHold: clock.longestHold,
      after: (ms, call) => clock.after(ms, () => (this.timers ? this.timers.push(call) : call())),
    };
  }

  /** Returns two functions: the first runs the timers that are due, the second delivers what has come. */
  pause(): readonly [() => void, () => void] {
    this.timers = [];
    this.heard = [];
    return [
      () => {
        for (const call of this.timers?.splice(0) ?? []) call();
        this.timers = null;
      },
      () => {
        for (const call of this.heard?.splice(0) ?? []) call();
        this.heard = null;
      },
    ];
  }
}

function cluster() {
  const bus = new LocalBus();
  const clock = new ManualClock();
  const begin = (
    id: string,
    instance = id,
    skewMs: number | { readonly ms: number } = 0,
    on: LocalBus | ReturnType<typeof signedBus> = bus,
  ) => {
    const news: Member[] = [];
    const usurped: boolean[] = [];
    const stood = new StoppableNode(on, {
      ...clock,
      after: clock.after,
      utc: () => clock.utc() + (typeof skewMs === "number" ? skewMs : skewMs.ms),
    });
    const node = new Membership(stood.bus, () => self(id), instance, stood.clock, LOG, {
      changed: (member) => news.push(member),
      nameTaken: () => usurped.push(true),
      silent: () => {},
    });
    node.start();
    return { node, news, usurped, pause: () => stood.pause() };
  };
  const pass = async (ms: number) => {
    for (let i = 0; i < ms; i += 100) {
      clock.advance(100);
      await settled();
    }
  };
  return { bus, clock, begin, pass };
}

const states = (node: Membership) => node.list().map(({ id, state }) => `${id} ${state}`);

test("nodes find each other, and one that is not heard for three seconds is gone, until it is heard again", async () => {
  const { begin, pass } = cluster();
  const [a, b] = [begin("a"), begin("b")];
  await pass(2000);
  assert.deepEqual(states(a.node), ["a up", "b up"]);
  assert.deepEqual(states(b.node), ["b up", "a up"]);
  b.node.stop();
  await pass(2500);
  assert.equal(a.node.isUp("b"), true);
  await pass(2000);
  assert.deepEqual(states(a.node), ["a up", "b gone"]);
  assert.deepEqual(
    a.news.map(({ state }) => state),
    ["up", "gone"],
  );
  const again = begin("b", "its next life");
  await pass(2000);
  assert.equal(a.node.isUp("b"), true);
  assert.deepEqual(again.usurped, []);
});

test("a node that has just begun takes nobody for gone: it has not listened for long enough", async () => {
  const { begin, pass } = cluster();
  const a = begin("a");
  assert.equal(a.node.isUp("b"), true);
  await pass(2900);
  assert.deepEqual([a.node.isUp("b"), states(a.node)], [true, ["a up"]]);
  await pass(400);
  assert.equal(a.node.isUp("b"), false);
});

test("a node whose name is taken hears so before it has said anything", async () => {
  const { begin, pass } = cluster();
  const first = begin("a");
  await pass(8000);
  const second = begin("a", "another");
  await pass(3000);
  assert.deepEqual([first.usurped.length, second.usurped.length > 0], [0, true]);
});

test("a clock that is wrong is seen from both sides, and is no reason not to be heard", async () => {
  const { begin, pass } = cluster();
  const [a, b] = [begin("a"), begin("b", "b", -3_600_000)];
  await pass(2000);
  assert.ok(Math.abs((a.node.get("b")?.clockSkewMs ?? 0) + 3_600_000) < 500);
  assert.ok(Math.abs((b.node.get("a")?.clockSkewMs ?? 0) - 3_600_000) < 500);
  assert.equal(a.node.isUp("b"), true);
});

test("a node that stood still does not take the others for gone, however often and long; one that is gone meanwhile is found out", async () => {
  const { begin, pass, clock } = cluster();
  const [a, b, c] = [begin("a"), begin("b"), begin("c")];
  await pass(3000);
  for (const ms of [3500, 10_000, 60_000, 4000]) {
    // The timers of `a` stand still: those of the others go on, and what they send waits.
    const [paused, resume] = a.pause();
    await pass(ms);
    assert.deepEqual(states(b.node), ["b up", "a gone", "c up"]);
    paused();
    await pass(300);
    resume();
    await pass(700);
    assert.deepEqual(states(a.node), ["a up", "b up", "c up"]);
    assert.ok(Math.abs(a.node.get("b")?.clockSkewMs ?? 1e9) < 500, "late heartbeats tell nothing about clocks");
    await pass(3000);
    assert.deepEqual(states(b.node), ["b up", "a up", "c up"]);
  }
  assert.deepEqual(
    a.news.filter(({ state }) => state === "gone"),
    [],
  );
  const [paused, resume] = a.pause();
  c.node.stop();
  await pass(20_000);
  paused();
  resume();
  await pass(1000);
  assert.equal(a.node.isUp("c"), true, "it listens");
  await pass(3500);
  assert.deepEqual(states(a.node), ["a up", "b up", "c gone"]);
  assert.ok(clock.monotonic() > 0);
});

test("of three clocks the one that differs is wrong, from every node's view, and right again after it was set", async () => {
  const { begin, pass } = cluster();
  const skew = { ms: 3_600_000 };
  const nodes = [begin("a"), begin("b"), begin("c", "c", skew)];
  const errors = () =>
    nodes.map(({ node }) => ["a", "b", "c"].map((id) => Math.round((node.get(id)?.clockErrorMs ?? 1) / 60_000) + 0));
  await pass(3000);
  assert.deepEqual(errors(), [
    [0, 0, 60],
    [0, 0, 60],
    [0, 0, 60],
  ]);
  skew.ms = 0;
  await pass(12_000);
  assert.deepEqual(errors(), [
    [0, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
  ]);
});

test("what is not signed with the secret is not heard, nor what is no beat", async () => {
  const { bus, begin, pass } = cluster();
  const a = begin("a", "a", 0, signedBus(bus, "the secret of the cluster"));
  const stranger = begin("s", "s", 0, signedBus(bus, "another secret of theirs"));
  const ours = begin("b", "b", 0, signedBus(bus, "the secret of the cluster"));
  bus.publish("lectern.nodes", "garbage");
  bus.publish("lectern.nodes", JSON.stringify(self("forged")));
  await pass(3000);
  assert.deepEqual(states(a.node), ["a up", "b up"]);
  assert.deepEqual(states(ours.node), ["b up", "a up"]);
  assert.deepEqual(states(stranger.node), ["s up"]);
});

test("a recorded heartbeat of a node's earlier process ends nobody, and is no node of now", async () => {
  const { bus, begin, pass } = cluster();
  const recorded: string[] = [];
  bus.subscribe("lectern.nodes", (text) => recorded.push(text));
  const earlier = begin("a", "earlier");
  await pass(10_000);
  earlier.node.stop();
  await pass(120_000);
  const later = begin("a", "later");
  for (const text of [...recorded]) bus.publish("lectern.nodes", text);
  await pass(3000);
  assert.deepEqual(later.usurped, []);
  assert.deepEqual(states(later.node), ["a up"]);
});

test("heartbeats that waited while this process was busy do not make the other's clock wrong", async () => {
  const { begin, pass, clock } = cluster();
  const busy = { ms: 0 };
  const [a] = [begin("a"), begin("b", "b", busy)];
  for (let i = 0; i < 20; i++) {
    // They look 2.5 s late, as those do that wait in the queue of a process that is held.
    busy.ms = -2500;
    clock.hold(2500);
    await pass(500);
  }
  assert.equal(a.node.get("b")?.clockSkewMs, 0);
  await pass(12_000);
  assert.equal(a.node.get("b")?.clockSkewMs, -2500, "it is, when this process is not held");
});

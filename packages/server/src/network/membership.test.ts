import assert from "node:assert/strict";
import { test } from "node:test";
import { pino } from "pino";
import { LocalBus } from "../platform/bus/local.ts";
import { ManualClock } from "../platform/clock.ts";
import { type Member, Membership, type SelfDescription } from "./membership.ts";
import { signedBus } from "./signed-envelope.ts";

const LOG = pino({ enabled: false });
const settled = () => new Promise((resolve) => setImmediate(resolve));

function self(id: string): SelfDescription {
  return {
    ...{ id, version: "1", roles: [], region: "", carriers: [], parents: [], host: id, linkPort: 1, relayPorts: [2] },
    ...{
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
    },
  };
}

function cluster() {
  const bus = new LocalBus();
  const clock = new ManualClock();
  const begin = (id: string, instance = id, skewMs = 0, on: LocalBus | ReturnType<typeof signedBus> = bus) => {
    const news: Member[] = [];
    const usurped: boolean[] = [];
    const own = skewMs === 0 ? clock : { ...clock, utc: () => clock.utc() + skewMs };
    const node = new Membership(on, () => self(id), instance, own, LOG, {
      changed: (member) => news.push(member),
      nameTaken: () => usurped.push(true),
    });
    node.start();
    return { node, news, usurped };
  };
  const pass = async (ms: number) => {
    for (let i = 0; i < ms; i += 100) {
      clock.advance(100);
      await settled();
    }
  };
  return { bus, begin, pass };
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
  await pass(200);
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

import assert from "node:assert/strict";
import { test } from "node:test";
import { BusLatency } from "./bus-latency.ts";
import { mergeHops, RelayLatencyMeter } from "./relay-latency-meter.ts";

const PATH = {
  stream: "live/math",
  peer: "origin/media-1",
  rttMs: 20,
  jitterMs: 1,
  first: 0,
  second: 0,
  lagMs: 0,
  lossPercent: 1,
};

test("a hop's rate is of the time since it was last asked, and another process of this node is no hop", (t) => {
  t.mock.timers.enable({ apis: ["Date"] });
  let now = 0;
  t.mock.method(performance, "now", () => now);
  const meter = new RelayLatencyMeter("edge");
  const paths = (bytes: number) => [
    { ...PATH, bytes, ageMs: 40.4 },
    { ...PATH, peer: "edge/media-2", bytes, ageMs: 1 },
  ];
  assert.deepEqual(meter.take(paths(1_000_000)), [
    { stream: "live/math", from: "origin", ageMs: 40, lossPercent: 1, rttMs: 20, kbps: 0 },
  ]);
  now = 10_000;
  assert.equal(meter.take(paths(2_250_000))[0]?.kbps, 1000);
  now = 20_000;
  assert.equal(meter.take(paths(5000))[0]?.kbps, 0, "its connection began again");
});

test("of several processes' paths the freshest counts, with the bytes of all", () => {
  const hop = { stream: "live/math", from: "origin", lossPercent: null, rttMs: 20 };
  assert.deepEqual(
    mergeHops([
      { ...hop, ageMs: null, kbps: 1 },
      { ...hop, ageMs: 50, kbps: 300 },
      { ...hop, ageMs: 20, kbps: 700 },
      { ...hop, from: "other", ageMs: 5, kbps: 10 },
    ]),
    [
      { ...hop, ageMs: 20, kbps: 1001 },
      { ...hop, from: "other", ageMs: 5, kbps: 10 },
    ],
  );
});

test("the bus is down without its connection, degraded when a message is lost, else up with its latency", () => {
  const bus = { connected: true, deliver: true, listener: (_text: string) => {} };
  const echo = new BusLatency(
    {
      get connected() {
        return bus.connected;
      },
      subscribe: (_subject, listener) => {
        bus.listener = listener;
      },
      publish: (_subject, text) => {
        if (bus.deliver) bus.listener(text);
      },
      onState: () => {},
      table: () => assert.fail(),
      close: async () => {},
    },
    "node one",
  );
  assert.equal(echo.take().state, "up");
  const { state, latencyMs } = echo.take();
  assert.ok(state === "up" && latencyMs !== null && latencyMs < 100);
  bus.deliver = false;
  assert.equal(echo.take().state, "up", "the message before was delivered");
  assert.equal(echo.take().state, "degraded");
  bus.connected = false;
  assert.equal(echo.take().state, "down");
});

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { Publisher, PublisherOptions, PublisherState } from "@lectern/publisher";
import { Broadcast } from "./broadcast.ts";

type Made = {
  readonly options: PublisherOptions;
  readonly tell: (state: Partial<PublisherState>) => void;
  closed: number;
  replaced: MediaStream[];
};

let now: number;
let timers: { at: number; run: () => void }[];
let made: Made[];

beforeEach(() => {
  now = 1_000_000;
  timers = [];
  made = [];
});

/** Lets time pass; timers run in their order. */
function pass(ms: number): void {
  const until = now + ms;
  for (;;) {
    const next = timers.toSorted((one, other) => one.at - other.at)[0];
    if (!next || next.at > until) break;
    timers = timers.filter((timer) => timer !== next);
    now = next.at;
    next.run();
  }
  now = until;
}

function createPublisher(options: PublisherOptions): Publisher {
  let state: PublisherState = { phase: "connecting", way: null, reason: null };
  const one: Made = {
    options,
    closed: 0,
    replaced: [],
    tell: (change) => {
      state = { ...state, ...change };
      options.onState?.(state);
    },
  };
  made.push(one);
  const statistics = {
    way: null,
    kbps: 800,
    targetKbps: null,
    fps: null,
    width: null,
    height: null,
    rttMs: null,
    lossPercent: null,
  };
  return {
    get state() {
      return state;
    },
    setLimits: () => {},
    replaceStream: async (stream) => void one.replaced.push(stream),
    setMuted: () => {},
    statistics: () => ({ ...statistics, queueMs: null, droppedFrames: 0, audioLevel: null }),
    close: async () => {
      one.closed += 1;
      one.tell({ phase: "closed" });
    },
  };
}

function newBroadcast(): Broadcast {
  const after = (ms: number, run: () => void) => {
    const timer = { at: now + ms, run };
    timers.push(timer);
    return () => {
      timers = timers.filter((one) => one !== timer);
    };
  };
  const broadcast = new Broadcast({ createPublisher, now: () => now, after });
  broadcast.setTarget({ address: "https://school.example/live/a", key: "k1" });
  broadcast.setStream(stream);
  return broadcast;
}

const stream = {} as MediaStream;
const present = { phase: "refused", reason: { code: "publisher-present", detail: "" } } as const;
const newest = (): Made => made.at(-1) as Made;

test("it starts, is live by its way, reconnects by itself and stays since when it is live", () => {
  const broadcast = newBroadcast();
  broadcast.start("main");
  assert.deepEqual([broadcast.snapshot().phase, newest().options.key, newest().options.stream], ["starting", "k1", stream]);
  newest().tell({ phase: "live", way: "websocket" });
  const { phase, way, since } = broadcast.snapshot();
  assert.deepEqual([phase, way, since], ["live", "websocket", now]);
  newest().tell({ phase: "reconnecting", reason: { code: "network", detail: "" } });
  pass(4000);
  assert.equal(broadcast.snapshot().phase, "reconnecting");
  newest().tell({ phase: "live", reason: null });
  assert.deepEqual([broadcast.snapshot().phase, broadcast.snapshot().since, made.length], ["live", since, 1]);
});

test("another stream is published without another publisher, and null keeps what is published", () => {
  const broadcast = newBroadcast();
  broadcast.start("main");
  const other = {} as MediaStream;
  for (const next of [other, other, null]) broadcast.setStream(next);
  assert.deepEqual(newest().replaced, [other]);
  assert.equal(made.length, 1);
});

test("another publisher is the teacher's decision: to take over, or to stand by", () => {
  const broadcast = newBroadcast();
  broadcast.start("main");
  newest().tell(present);
  assert.deepEqual([broadcast.snapshot().phase, newest().closed], ["present", 1]);
  broadcast.start("takeover");
  newest().tell({ phase: "live", way: "whip" });
  assert.deepEqual(
    [newest().options.role, broadcast.snapshot().phase, broadcast.snapshot().role],
    ["takeover", "live", "takeover"],
  );
});

test("after a reload, the former connection of the page is waited for before anybody is asked", () => {
  const broadcast = newBroadcast();
  broadcast.start("main", true);
  newest().tell({ ...present, phase: "connecting" });
  pass(7000);
  newest().tell({ ...present, phase: "connecting" });
  assert.deepEqual([broadcast.snapshot().phase, made.length], ["starting", 1]);
  pass(2000);
  newest().tell({ ...present, phase: "connecting" });
  assert.deepEqual([broadcast.snapshot().phase, newest().closed], ["present", 1]);
});

test("a first start asks at once, and so does the page whose stream was taken over", () => {
  const broadcast = newBroadcast();
  broadcast.start("main");
  newest().tell({ ...present, phase: "connecting" });
  assert.equal(broadcast.snapshot().phase, "present");
  broadcast.start("takeover");
  newest().tell({ phase: "live" });
  newest().tell({ phase: "reconnecting", reason: present.reason });
  assert.equal(broadcast.snapshot().phase, "reconnecting");
  newest().tell({ phase: "refused", reason: { code: "superseded", detail: "" } });
  assert.equal(broadcast.snapshot().phase, "present");
});

test("a new key reconnects with it, and only while it publishes", () => {
  const broadcast = newBroadcast();
  broadcast.setTarget({ address: "https://school.example/live/a", key: "k2" });
  assert.equal(made.length, 0);
  broadcast.start("main");
  newest().tell({ phase: "live" });
  broadcast.setTarget({ address: "https://school.example/live/a", key: "k2" });
  assert.equal(made.length, 1);
  broadcast.setTarget({ address: "https://school.example/live/a", key: "k3" });
  assert.deepEqual([made.length, newest().options.key, made[0]?.closed], [2, "k3", 1]);
});

test("a refusal says why, and nothing is published without picture and sound", () => {
  const broadcast = newBroadcast();
  broadcast.start("main");
  newest().tell({ phase: "refused", reason: { code: "bad-key", detail: "…" } });
  assert.deepEqual([broadcast.snapshot().phase, broadcast.snapshot().reason?.code], ["refused", "bad-key"]);
  const empty = new Broadcast({ createPublisher, now: () => now, after: () => () => {} });
  empty.start("main");
  assert.equal(empty.snapshot().reason?.code, "no-tracks");
});

test("it measures once a second while it is on, keeps two minutes, and leaves no timer behind", () => {
  const broadcast = newBroadcast();
  broadcast.start("main");
  newest().tell({ phase: "live" });
  pass(3000);
  assert.deepEqual(broadcast.snapshot().kbps.slice(-4), [null, 800, 800, 800]);
  pass(200_000);
  assert.equal(broadcast.snapshot().kbps.length, 120);
  broadcast.stop();
  broadcast.stop();
  assert.deepEqual([broadcast.snapshot().phase, timers.length, newest().closed], ["off", 0, 1]);
  newest().tell({ phase: "live" });
  assert.equal(broadcast.snapshot().phase, "off");
});

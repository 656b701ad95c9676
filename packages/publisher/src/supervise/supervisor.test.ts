import assert from "node:assert/strict";
import { test } from "node:test";
import { endedFailure, type Failure, failure, networkFailure, refusedFailure } from "./failure.ts";
import { ManualClock } from "./manual-clock.ts";
import type { PublisherState, Way } from "./publisher-types.ts";
import { type AttemptEvents, Supervisor } from "./supervisor.ts";
import type { Blocked } from "./way-choice.ts";

type Opened = { readonly way: Way; readonly events: AttemptEvents; isClosed: boolean; checks: number };

function publisher(prefer: "auto" | Way = "auto", can = { whip: true, websocket: true }) {
  const clock = new ManualClock();
  const states: PublisherState[] = [];
  const opened: Opened[] = [];
  let blocked: Blocked | null = null;
  const supervisor = new Supervisor({
    prefer,
    can,
    clock,
    utc: clock.now,
    random: () => 0.5,
    onState: (state) => states.push(state),
    memory: {
      blocked: () => blocked,
      note: (next) => {
        blocked = next;
      },
    },
    open: (way, events) => {
      const one: Opened = { way, events, isClosed: false, checks: 0 };
      opened.push(one);
      return {
        check: () => one.checks++,
        close: () => {
          one.isClosed = true;
        },
      };
    },
  });
  supervisor.start();
  const last = () => opened.at(-1)!;
  return { supervisor, clock, states, opened, last, ways: () => opened.map(({ way }) => way), blocked: () => blocked };
}

const BLOCKED: Failure = failure("network", "no UDP", "way");
const AWAY = networkFailure("away");

test("WHIP is tried first; where it does not pass, WebSocket follows at once, and is remembered", () => {
  const { supervisor, last, ways, blocked } = publisher();
  assert.deepEqual(supervisor.state, { phase: "connecting", way: "whip", reason: null });
  last().events.onFailed(BLOCKED);
  assert.deepEqual(ways(), ["whip", "websocket"]);
  assert.equal(supervisor.state.phase, "connecting");
  last().events.onLive();
  assert.deepEqual(supervisor.state, { phase: "live", way: "websocket", reason: null });
  assert.ok(blocked());
});

test("a publisher that was live comes back by the way that is remembered, and by WHIP again when the network has changed", () => {
  const { supervisor, last, ways, clock } = publisher();
  last().events.onLive();
  last().events.onInterrupted();
  assert.equal(supervisor.state.phase, "reconnecting");
  last().events.onFailed(BLOCKED);
  last().events.onLive();
  last().events.onFailed(AWAY);
  clock.advance(300);
  assert.deepEqual(ways(), ["whip", "websocket", "websocket"]);
  last().events.onLive();
  supervisor.networkChanged();
  assert.equal(last().checks, 1);
  last().events.onFailed(AWAY);
  clock.advance(300);
  assert.deepEqual(ways().at(-1), "whip");
});

test("while the server is down it waits longer each time, up to ten seconds; once live, the first time is short again", () => {
  const { opened, last, clock } = publisher("websocket");
  const waits: number[] = [];
  for (let i = 0; i < 10; i++) {
    last().events.onFailed(AWAY);
    const before = opened.length;
    let waited = 0;
    while (opened.length === before) {
      clock.advance(50);
      waited += 50;
    }
    waits.push(waited);
  }
  assert.deepEqual(waits.slice(0, 4), [50, 250, 500, 1000]);
  assert.ok(waits.every((wait) => wait <= 13_000));
  last().events.onLive();
  last().events.onFailed(AWAY);
  const before = opened.length;
  clock.advance(300);
  assert.equal(opened.length, before + 1);
});

test("a refusal for good ends it with the server's words; nothing is opened any more", () => {
  for (const cause of [
    refusedFailure(401, "bad-key", "No.", null),
    endedFailure(4401, "bad-key", "No."),
    endedFailure(4000, "superseded", "No."),
  ]) {
    const { supervisor, states, last, opened, clock } = publisher("websocket");
    last().events.onLive();
    last().events.onFailed(cause);
    assert.deepEqual(states.at(-1), { phase: "refused", way: "websocket", reason: { code: cause.code, detail: "No." } });
    supervisor.networkChanged();
    clock.advance(60_000);
    assert.equal(opened.length, 1);
  }
});

test("too many and full are waited for as long as the server says; a server that drains is left at once", () => {
  const { last, opened, clock } = publisher("websocket");
  last().events.onFailed(refusedFailure(503, "full", "Full.", 5000));
  clock.advance(4900);
  assert.equal(opened.length, 1);
  clock.advance(200);
  assert.equal(opened.length, 2);
  last().events.onLive();
  last().events.onFailed(endedFailure(4000, "draining", "Restarting."));
  clock.advance(1);
  assert.equal(opened.length, 3);
});

test("its own lost connection may still be there: it asks again for twelve seconds, and then believes that somebody else publishes", () => {
  const { supervisor, last, opened, clock } = publisher("websocket");
  last().events.onLive();
  const present = refusedFailure(409, "publisher-present", "Somebody publishes.", null);
  for (let i = 0; supervisor.state.phase !== "refused"; i++) {
    assert.ok(i < 30);
    last().events.onFailed(present);
    clock.advance(700);
  }
  assert.ok(opened.length > 15, `${opened.length} attempts`);
  assert.equal(supervisor.state.reason?.code, "publisher-present");
});

test("when nothing passes at all, WHIP is not believed to be blocked", () => {
  const { last, ways, clock, blocked } = publisher();
  last().events.onFailed(BLOCKED);
  last().events.onFailed(AWAY);
  clock.advance(500);
  assert.equal(blocked(), null);
  assert.deepEqual(ways(), ["whip", "websocket", "whip"]);
});

test("events of an attempt that is over are not heard, and closing closes what is open", () => {
  const { supervisor, opened, states, last } = publisher();
  const first = last();
  first.events.onFailed(BLOCKED);
  assert.equal(first.isClosed, true);
  first.events.onLive();
  assert.equal(supervisor.state.phase, "connecting");
  supervisor.close();
  supervisor.close();
  last().events.onLive();
  assert.equal(states.filter(({ phase }) => phase === "closed").length, 1);
  assert.ok(opened.every(({ isClosed }) => isClosed));
});

test("a preferred way is the only one, and a browser without any is told so", () => {
  const whip = publisher("whip");
  whip.last().events.onFailed(BLOCKED);
  whip.clock.advance(1000);
  assert.deepEqual(whip.ways(), ["whip", "whip"]);
  assert.equal(publisher("auto", { whip: false, websocket: true }).last().way, "websocket");
  const none = publisher("auto", { whip: false, websocket: false });
  assert.deepEqual([none.supervisor.state.phase, none.supervisor.state.reason?.code], ["refused", "no-encoder"]);
});

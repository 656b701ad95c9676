import assert from "node:assert/strict";
import { test } from "node:test";
import { FailureDetector } from "./failure-detector.ts";

const NOTHING = { gone: [], reinstated: [], ask: [] };

/** A detector with a second per tick. The bus brings back its heartbeat and those of the nodes that are named. */
function watching(...ids: string[]) {
  let now = 0;
  let count = 0;
  const detector = new FailureDetector(now);
  detector.connected(now);
  const tick = (heard: readonly string[], { delivers = true, connected = true, ms = 1000 } = {}) => {
    now += ms;
    const verdicts = detector.tick(now, connected);
    detector.beatSent(count);
    if (delivers) detector.beatReturned(count);
    count++;
    for (const id of heard) detector.heard(id, now);
    return verdicts;
  };
  tick(ids);
  tick(ids);
  const pass = (seconds: number, heard: readonly string[], how = {}) => {
    const all = Array.from({ length: seconds }, () => tick(heard, how));
    const of = (kind: keyof typeof NOTHING) => [...new Set(all.flatMap((verdicts) => verdicts[kind]))];
    return { gone: of("gone"), reinstated: of("reinstated"), ask: of("ask") };
  };
  return { detector, pass, now: () => now };
}

test("a node that is silent is asked after two seconds, and gone after three; an answer keeps it", () => {
  const { detector, pass, now } = watching("a", "b");
  assert.deepEqual(pass(2, ["a"]), { ...NOTHING, ask: ["b"] });
  detector.heard("b", now());
  assert.deepEqual(pass(2, ["a"]), { ...NOTHING, ask: ["b"] });
  assert.deepEqual(pass(2, ["a"]), { ...NOTHING, gone: ["b"], ask: ["b"] });
  assert.deepEqual([detector.isUp("a"), detector.isUp("b")], [true, false]);
});

test("a bus that delivers nothing, for however long, makes no node gone, neither then nor when it delivers again", () => {
  for (const seconds of [3, 5, 20, 60, 600]) {
    const { detector, pass } = watching("a", "b");
    assert.deepEqual(pass(seconds, [], { delivers: false }).gone, [], `${seconds} s`);
    assert.equal(detector.canJudge, false);
    // The other nodes find the bus again at different times.
    assert.deepEqual(pass(4, ["a"]).gone, [], `after ${seconds} s`);
    assert.deepEqual(pass(5, ["a", "b"]).gone, []);
    assert.equal(detector.canJudge, true);
  }
});

test("a node that died while the bus was silent is gone once the bus delivers the others' heartbeats again", () => {
  const { pass } = watching("a", "b");
  pass(20, [], { delivers: false });
  assert.deepEqual(pass(9, ["a"]).gone, ["b"]);
});

test("a disconnected bus makes no node gone, and none for three seconds after it is back", () => {
  const { detector, pass, now } = watching("a", "b");
  assert.deepEqual(pass(30, [], { delivers: false, connected: false }), NOTHING);
  detector.connected(now());
  assert.deepEqual(pass(4, ["a"]).gone, []);
  assert.deepEqual(pass(5, ["a"]).gone, ["b"]);
});

test("a verdict just before the bus fell silent is withdrawn; an older one and one by refusal stand", () => {
  const { detector, pass, now } = watching("a", "early", "late", "refused");
  pass(8, ["a", "late", "refused"]);
  assert.deepEqual(pass(4, ["a", "refused"]).gone, ["late"]);
  detector.refused("refused", now());
  assert.deepEqual(pass(3, [], { delivers: false }).reinstated, ["late"]);
  assert.deepEqual(
    ["a", "early", "late", "refused"].map((id) => detector.isUp(id)),
    [true, false, true, false],
  );
});

test("a node that was declared gone is asked again and again, and is up with its answer", () => {
  const { detector, pass, now } = watching("a", "b");
  assert.deepEqual(pass(6, ["a"]).gone, ["b"]);
  assert.deepEqual(pass(4, ["a"]).ask, ["b"]);
  assert.equal(detector.heard("b", now()), true);
  assert.equal(detector.isUp("b"), true);
});

test("bytes that came before a node's machine refused connections do not bring it back; later ones do", () => {
  const { detector, pass, now } = watching("a", "b");
  pass(1, ["a", "b"]);
  assert.equal(detector.refused("b", now()), true);
  assert.equal(detector.refused("b", now()), false);
  pass(1, ["a"]);
  assert.equal(detector.heard("b", now(), 1200), false);
  assert.equal(detector.isUp("b"), false);
  assert.equal(detector.heard("b", now(), 200), true);
});

test("bytes on a relay connection count from when they came", () => {
  const { detector, pass, now } = watching("a", "b");
  pass(2, ["a"]);
  detector.heard("b", now(), 900);
  assert.deepEqual(pass(3, ["a"]).gone, ["b"]);
});

test("a process that stood still judges nobody by what it missed", () => {
  const { pass } = watching("a", "b");
  assert.deepEqual(pass(1, [], { ms: 60_000 }), NOTHING);
  assert.deepEqual(pass(2, []).gone, []);
  assert.deepEqual(pass(2, ["a"]).gone, ["b"]);
});

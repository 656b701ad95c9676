import assert from "node:assert/strict";
import { test } from "node:test";
import { Backoff } from "./backoff.ts";
import { LiveEdge } from "./live-edge.ts";

/** Plays a minute with the controller: data comes as time passes, the picture moves by its rate. */
function play(behind: number, edge = new LiveEdge()): { behind: number; jumps: number; fastest: number } {
  let jumps = 0;
  let fastest = 0;
  for (let time = 0; time < 60; time += 0.2) {
    const { rate, jumpForward } = edge.decide(behind);
    fastest = Math.max(fastest, rate);
    behind += 0.2 * (1 - rate);
    if (jumpForward !== null) {
      behind -= jumpForward;
      jumps++;
    }
  }
  return { behind, jumps, fastest };
}

test("a picture two seconds behind catches up by rate, not by a jump, and never faster than anybody notices", () => {
  const { behind, jumps, fastest } = play(2.2);
  assert.ok(behind < 1 && behind > 0.6, `${behind} s`);
  assert.equal(jumps, 0);
  assert.ok(fastest <= 1.1);
});

test("at low delay it comes nearer, and begins with less", () => {
  assert.ok(play(2.2, new LiveEdge("small-batches")).behind < 0.5);
  assert.ok(new LiveEdge("small-batches").startWith < new LiveEdge().startWith);
});

test("far behind, as after a laptop's sleep, it jumps once", () => {
  assert.deepEqual(play(90).jumps, 1);
});

test("each stall asks for more in hand, up to a bound", () => {
  const edge = new LiveEdge();
  assert.ok(edge.decide(1.4).rate > 1);
  edge.stalled();
  edge.stalled();
  assert.equal(edge.decide(1.4).rate, 1);
  for (let i = 0; i < 50; i++) edge.stalled();
  assert.ok(edge.decide(4.5).rate > 1);
});

test("waits grow, stay bounded, differ between viewers, and start afresh when it works again", () => {
  const [low, high] = [new Backoff(() => 0), new Backoff(() => 1)];
  const waits = Array.from({ length: 8 }, () => [low.next(), high.next()]);
  assert.deepEqual(waits[0], [150, 300]);
  assert.deepEqual(waits.at(-1), [4000, 8000]);
  high.reset();
  assert.equal(high.next(), 300);
});

test("parts, which come in steps, are neither chased nor waited for", () => {
  const edge = new LiveEdge("parts");
  const rates = new Set<number>();
  for (let look = 0; look < 100; look++) for (const inHand of [1.25, 1.05, 0.85]) rates.add(edge.decide(inHand).rate);
  assert.deepEqual([...rates], [1]);
});

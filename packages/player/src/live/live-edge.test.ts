import assert from "node:assert/strict";
import { test } from "node:test";
import { LiveEdge } from "./live-edge.ts";

/** Plays for a minute: media arrive in real time, and playback moves by the rate that the live edge decides. */
function play(behind: number, edge = new LiveEdge(), seconds = 60): { behind: number; jumps: number; fastest: number } {
  let jumps = 0;
  let fastest = 0;
  for (let time = 0; time < seconds; time += 0.2) {
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

test("playback two seconds behind catches up by rate, without a jump, at no more than 1.1", () => {
  const { behind, jumps, fastest } = play(2.2);
  assert.ok(behind < 1 && behind > 0.6, `${behind} s`);
  assert.equal(jumps, 0);
  assert.ok(fastest <= 1.1);
});

test("low delay aims for a smaller buffer and starts with less", () => {
  assert.ok(play(2.2, new LiveEdge("small-batches")).behind < 0.5);
  assert.ok(new LiveEdge("small-batches").startWith < new LiveEdge().startWith);
});

test("playback ten seconds behind, as after a server that was held, is live again within half a minute, and nothing is left out", () => {
  for (const delivery of ["batches", "small-batches", "parts"] as const) {
    const edge = new LiveEdge(delivery);
    // Only who has just come jumps.
    for (let i = 0; i < 10; i++) edge.decide(0.8);
    edge.stalled();
    const { behind, jumps, fastest } = play(10.5, edge, 30);
    assert.ok(behind < 1.6, `${delivery}: ${behind} s`);
    assert.deepEqual([jumps, fastest], [0, 1.5], delivery);
  }
});

test("who has caught up by a rate that can be heard goes on by one that cannot", () => {
  const edge = new LiveEdge();
  assert.deepEqual(
    [6, 4, 2, 1.7, 1.5].map((behind) => edge.decide(behind).rate),
    [1.5, 1.5, 1.5, 1.1, 1.1],
  );
  assert.ok(edge.decide(4).rate <= 1.1, "a key frame that is some seconds old is not far behind");
});

test("playback far behind, as after a laptop's sleep, jumps once", () => {
  assert.deepEqual(play(90).jumps, 1);
});

test("each stall raises the target, up to four seconds", () => {
  const edge = new LiveEdge();
  assert.ok(edge.decide(1.4).rate > 1);
  edge.stalled();
  edge.stalled();
  assert.equal(edge.decide(1.4).rate, 1);
  for (let i = 0; i < 50; i++) edge.stalled();
  assert.ok(edge.decide(4.5).rate > 1);
});

test("the steps in which parts arrive change no rate", () => {
  const edge = new LiveEdge("parts");
  const rates = new Set<number>();
  for (let tick = 0; tick < 100; tick++) for (const buffered of [1.25, 1.05, 0.85]) rates.add(edge.decide(buffered).rate);
  assert.deepEqual([...rates], [1]);
});

test("little buffer slows playback down a little, and so does an engine that needs time", () => {
  assert.equal(new LiveEdge().decide(0.1).rate, 0.96);
  assert.equal(new LiveEdge().decide(2).rate, 1.1);
  assert.equal(new LiveEdge().decide(2, true).rate, 0.96);
});

test("who asks for low delay begins at the live edge, by one jump over what is left of a key frame's group", () => {
  const { behind, jumps } = play(1.9, new LiveEdge("small-batches"));
  assert.ok(behind < 0.5, `${behind} s`);
  assert.equal(jumps, 1);
  const edge = new LiveEdge("small-batches");
  assert.equal(edge.decide(0.7).jumpForward, null);
  for (let i = 0; i < 5; i++) edge.decide(0.4);
  assert.equal(edge.decide(1.9).jumpForward, null, "later it catches up by rate");
});

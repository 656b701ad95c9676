import assert from "node:assert/strict";
import { test } from "node:test";
import { type Link, SimulatedViewer, STEPS } from "./simulated-viewer.ts";

const FAST = 50_000;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const [TOP, SAVER, SOUND] = [0, 3, 4];
const watch = (kbps: Link["kbps"], more: Partial<Link> = {}, first = TOP) => new SimulatedViewer({ kbps, ...more }, first);
const stepsOf = (changes: readonly { readonly step: number }[]) => changes.map(({ step }) => step);

test("on a fast connection nothing is changed and nothing is tried", () => {
  const viewer = watch(() => FAST).run(5 * MINUTE);
  assert.deepEqual([viewer.changes, viewer.opened, viewer.stillMs], [[], [], 0]);
});

test("a connection that becomes too slow leads to a rung that it carries, with less than a second's stop", () => {
  for (const kbps of [500, 700, 1100, 2000]) {
    for (const phase of [0, 500, 1000, 1500]) {
      const viewer = watch((now) => (now < 10 * SECOND + phase ? FAST : kbps)).run(25 * SECOND);
      assert.ok((STEPS[viewer.step]?.kbps ?? 0) < kbps, `step ${viewer.step} at ${kbps} kbps`);
      assert.ok(viewer.step < SOUND);
      assert.ok(viewer.stillMs < SECOND, `${viewer.stillMs} ms at ${kbps} kbps, ${phase} ms into the GOP`);
      assert.ok(viewer.changes.length <= 2, `changed to ${stepsOf(viewer.changes)}`);
    }
  }
});

test("a full queue that lets no answer through, and losses that make bursts of what comes, are left for a small picture at once", () => {
  for (const queueMs of [0, 700, 1400, 2500]) {
    for (const burstMs of [0, 300, 900, 1500]) {
      for (const phase of [0, 500, 1000, 1500]) {
        const from = 10 * SECOND + phase;
        const isSlow = (now: number) => now >= from && now < from + 30 * SECOND;
        const viewer = watch((now) => (isSlow(now) ? 500 : 5000), {
          queueMs: (now) => (isSlow(now) ? queueMs : 0),
          burstMs: (now) => (isSlow(now) ? burstMs : 0),
        });
        viewer.run(from + 30 * SECOND);
        const what = `queue of ${queueMs} ms, bursts of ${burstMs} ms, ${phase} ms into the GOP`;
        assert.equal(viewer.step, SAVER, what);
        assert.ok(viewer.stillMs < queueMs + 2.5 * SECOND, `${viewer.stillMs} ms, ${what}`);
        assert.deepEqual(stepsOf(viewer.changes), [SAVER], what);
        viewer.run(40 * SECOND);
        assert.equal(viewer.step, TOP, what);
      }
    }
  }
});

test("a server that stands still for ten seconds, and answers nobody, is no reason to leave what it will send", () => {
  const viewer = watch((now) => (now > 20 * SECOND && now < 30 * SECOND ? 0 : FAST), { queueMs: () => 1 }).run(MINUTE);
  assert.deepEqual(viewer.changes, []);
});

test("when the connection is fast again, the largest rung is back within half a minute, however long it was slow, without a stop", () => {
  for (const slowFor of [10, 30, 60, 120]) {
    for (const fast of [5000, FAST]) {
      for (const queueMs of [0, 1400]) {
        for (const phase of [0, 500, 1000, 1500]) {
          const to = 10 * SECOND + phase + slowFor * SECOND;
          const isSlow = (now: number) => now > 10 * SECOND + phase && now < to;
          const viewer = watch((now) => (isSlow(now) ? 500 : fast), { queueMs: (now) => (isSlow(now) ? queueMs : 0) }).run(to);
          const { stillMs } = viewer;
          viewer.run(30 * SECOND);
          const what = `${slowFor} s of 500 kbps, then ${fast}, queue of ${queueMs} ms, ${phase} ms into the GOP`;
          assert.deepEqual([viewer.step, viewer.stillMs], [TOP, stillMs], what);
        }
      }
    }
  }
});

test("a connection whose batches promise more than it carries is not tried all the time", () => {
  // A burst passes at once, and no more than 900 kbps in the long run.
  const viewer = watch(() => 900, { burstMs: () => 200 }, SAVER).run(10 * MINUTE);
  assert.ok(viewer.opened.length <= 10, `tried ${viewer.opened.length} times in ten minutes`);
  assert.ok(viewer.stillMs < SECOND, `stood still for ${viewer.stillMs} ms`);
});

test("a connection between two rungs is tried more and more rarely, and stays smooth", () => {
  const viewer = watch(() => 1000, {}, SAVER).run(3 * MINUTE);
  const tried = viewer.opened.length;
  const { stillMs, step } = viewer;
  assert.equal(step, 2);
  viewer.run(10 * MINUTE);
  assert.equal(viewer.step, 2);
  assert.ok(viewer.opened.length - tried <= 6, `tried ${viewer.opened.length - tried} times in ten minutes`);
  assert.ok(viewer.stillMs - stillMs < SECOND, `stood still for ${viewer.stillMs - stillMs} ms`);
});

test("a publisher who is silent for a moment changes nothing", () => {
  for (const silence of [400, 700, 1500, 5000]) {
    const viewer = watch(() => FAST, { publishes: (now) => now < 20 * SECOND || now > 20 * SECOND + silence }).run(MINUTE);
    assert.deepEqual(viewer.changes, [], `after ${silence} ms of silence`);
  }
});

test("a connection that stops for two seconds is no reason for a worse picture for long", () => {
  const viewer = watch((now) => (now > 20 * SECOND && now < 22 * SECOND ? 1 : FAST)).run(MINUTE);
  assert.equal(viewer.step, TOP);
});

test("when not even the smallest picture arrives in time, the sound goes on alone, and the picture comes back by itself", () => {
  const viewer = watch((now) => (now > 10 * SECOND && now < 70 * SECOND ? 150 : FAST)).run(40 * SECOND);
  assert.equal(viewer.step, SOUND);
  assert.ok(viewer.choice.isSoundForNow);
  const { stillMs } = viewer;
  viewer.run(30 * SECOND);
  assert.ok(viewer.stillMs - stillMs < 2 * SECOND, `the sound stopped for ${viewer.stillMs - stillMs} ms`);
  viewer.run(2 * MINUTE);
  assert.equal(viewer.step, TOP);
  assert.equal(viewer.choice.isSoundForNow, false);
});

test("a chosen rung is shown soon and stays, whatever the connection would carry", () => {
  const viewer = watch(() => FAST).run(10 * SECOND);
  viewer.choice.choose(SAVER, viewer.now);
  viewer.run(5 * SECOND);
  assert.equal(viewer.step, SAVER);
  viewer.run(5 * MINUTE);
  assert.deepEqual(stepsOf(viewer.changes), [SAVER]);
  assert.equal(viewer.stillMs, 0);
});

test("a chosen rung that comes later than the stream itself is shown without a stop, also where little is left to show", () => {
  for (const behindMs of [450, 500, 600, 800, 1200]) {
    const viewer = watch(() => FAST, { behindMs }).run(SECOND);
    const { stillMs } = viewer;
    viewer.choice.choose(SAVER, viewer.now);
    viewer.run(12 * SECOND);
    assert.deepEqual([viewer.step, viewer.stillMs - stillMs], [SAVER, 0], `${behindMs} ms behind`);
  }
});

test("automatic quality after a choice goes up at once", () => {
  const viewer = watch(() => FAST, {}, SAVER);
  viewer.choice.choose(SAVER, 0);
  viewer.run(30 * SECOND);
  viewer.choice.choose(null, viewer.now);
  viewer.run(8 * SECOND);
  assert.ok(viewer.step < SAVER);
});

test("sound alone that a viewer has chosen stays", () => {
  const viewer = watch(() => FAST).run(10 * SECOND);
  viewer.choice.choose(SOUND, viewer.now);
  viewer.run(3 * MINUTE);
  assert.deepEqual([viewer.step, viewer.choice.isSoundForNow], [SOUND, false]);
});

test("the chosen data saver gives way to sound when it does not arrive in time, and comes back, but no larger one does", () => {
  const viewer = watch((now) => (now > 20 * SECOND && now < 50 * SECOND ? 150 : FAST), {}, SAVER);
  viewer.choice.choose(SAVER, 0);
  viewer.run(45 * SECOND);
  assert.equal(viewer.step, SOUND);
  viewer.run(2 * MINUTE);
  assert.equal(viewer.step, SAVER);
});

test("a small player has a small picture after a moment, and full screen lifts that", () => {
  const viewer = watch(() => FAST).run(10 * SECOND);
  viewer.choice.limit(2, viewer.now);
  viewer.run(10 * SECOND);
  assert.equal(viewer.step, 2);
  viewer.choice.limit(TOP, viewer.now);
  viewer.run(15 * SECOND);
  assert.equal(viewer.step, TOP);
  assert.equal(viewer.stillMs, 0);
});

test("a rung that the server refuses is not asked for again", () => {
  const viewer = watch((now) => (now < 10 * SECOND ? FAST : 1000), { serves: (step) => step !== 2 }).run(2 * MINUTE);
  assert.equal(viewer.opened.filter(({ step }) => step === 2).length, 1);
  assert.equal(viewer.step, SAVER);
});

test("a server without room for rungs is asked again every few seconds, not all the time", () => {
  const viewer = watch((now) => (now < 10 * SECOND ? FAST : 1000), { hasRoom: false }).run(70 * SECOND);
  assert.equal(viewer.step, TOP);
  assert.ok(viewer.opened.length >= 5 && viewer.opened.length <= 15, `asked ${viewer.opened.length} times in a minute`);
});

test("a choice that the server refuses falls back to automatic quality", () => {
  const viewer = watch(() => FAST, { serves: (step) => step !== 1 }).run(5 * SECOND);
  viewer.choice.choose(1, viewer.now);
  viewer.run(5 * SECOND);
  assert.deepEqual([viewer.step, viewer.choice.wanted], [TOP, null]);
});

test("an encoder that cannot keep up leads back to the stream itself, not to sound alone", () => {
  const viewer = watch(() => FAST, { encoderPace: () => 0.7 }, 2).run(2 * MINUTE);
  assert.equal(viewer.step, TOP);
  assert.deepEqual(stepsOf(viewer.changes), [TOP]);
});

test("a rung whose encoder is too slow is passed over on the way up", () => {
  const viewer = watch(() => FAST, { encoderPace: (step) => (step === 2 ? 0.5 : 1) }, SAVER).run(MINUTE);
  assert.equal(viewer.step, TOP);
  assert.equal(viewer.stillMs, 0);
});

test("a rung that the server gives up is left for the next smaller one, or for a larger one, and is not asked for again", () => {
  const viewer = watch(() => FAST, {}, 1);
  viewer.choice.choose(1, 0);
  viewer.run(5 * SECOND);
  assert.deepEqual(viewer.choice.gone(viewer.now), { kind: "open", step: 2 });
  assert.equal(viewer.choice.wanted, null);
  const least = watch(() => FAST, {}, SAVER).run(5 * SECOND);
  assert.deepEqual(least.choice.gone(least.now), { kind: "open", step: 2 });
});

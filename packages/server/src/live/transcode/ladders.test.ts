import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../platform/clock.ts";
import type { LadderName } from "../../platform/config/schema.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { Stream } from "../streams/index.ts";
import { avcConfiguration, lesson } from "../streams/synthetic-source.ts";
import { TestSource } from "../streams/test-source.ts";
import { soleStreams } from "../streams/test-streams.ts";
import { type LadderAnswer, Ladders } from "./ladders.ts";

const RUNG = "math@saver";

/** A lesson whose ladder some other process makes, or does not get round to. */
async function setUp(ladder: LadderName = "data-saver") {
  const clock = new ManualClock();
  const streams = soleStreams(clock);
  const source = await TestSource.open(streams.publications);
  assert.ok(source instanceof TestSource);
  source.teach(6);
  const state: { answer: LadderAnswer; requests: number } = { answer: "coming", requests: 0 };
  const ladders = new Ladders({
    streams,
    locator: { locate: () => null } as never,
    clock,
    settings: () => ({ ladder, start: "demand", idleMs: 60_000, command: "false", encoder: "software" }),
    request: async () => {
      state.requests++;
      return state.answer;
    },
    isTopRungShed: () => false,
    released: () => {},
    isNeeded: () => false,
    encoderOf: () => "software",
    events: { failed: () => {}, dropped: () => {} },
  });
  let seconds = 6;
  /** Lets time go by, in which the source goes on, until an answer is there. */
  const answerOf = async (
    asked: Promise<Stream | Refusal>,
    mostMs: number,
  ): Promise<{ answer: Stream | Refusal; tookMs: number }> => {
    let answer: Stream | Refusal | null = null;
    void asked.then((one) => {
      answer = one;
    });
    const from = clock.monotonic();
    for (;;) {
      for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
      const tookMs = clock.monotonic() - from;
      if (answer) return { answer, tookMs };
      assert.ok(tookMs <= mostMs, `no answer within ${tookMs} ms`);
      await pass(50);
    }
  };
  const pass = async (milliseconds: number): Promise<void> => {
    source.session.heard(clock.monotonic());
    clock.advance(milliseconds);
    if (Math.floor((clock.monotonic() - 1_000_000) / 1000) + 6 > seconds) source.teach(1, seconds++ * 1000);
  };
  const find = (mostMs: number, name = RUNG) => answerOf(ladders.find("live", name), mostMs);
  const parent = streams.local("live", "math") ?? assert.fail("the stream is there");
  let madeTo = -1;
  /** Makes the rung, with all frames that its source has until some second. */
  const makeTo = async (second: number): Promise<void> => {
    if (madeTo < 0) await openRung();
    const rung = streams.local("live", RUNG) ?? assert.fail("the rung is there");
    // The source has a key frame at each second.
    for (const frame of lesson(second, 0, 1000)) if (frame.track === "video" && frame.timestamp >= madeTo * 1000) rung.take(frame);
    madeTo = second;
  };
  const openRung = async (): Promise<void> => {
    const opened = streams.publications.open({
      app: "live",
      name: RUNG,
      backup: false,
      source: { protocol: "ladder", ip: "", agent: "test" },
      onRevoked: () => {},
      derivation: { parent: parent.log, video: "encoded", audio: "copied", fromEarliest: false, onBroken: assert.fail },
    });
    assert.ok(!((await opened) instanceof Refusal));
    const rung = streams.local("live", RUNG) ?? assert.fail("the rung is there");
    rung.take(avcConfiguration(1));
  };
  const make = () => makeTo(seconds);
  const listed = () => ladders.variantsOf(parent).map(({ name }) => name);
  const close = () => {
    ladders.close();
    streams.close("test");
  };
  return { clock, state, find, make, makeTo, listed, pass, close, ladders, answerOf };
}

const saidOf = (answer: Stream | Refusal) =>
  answer instanceof Refusal ? { code: answer.code, retryAfter: answer.retryAfter, detail: answer.detail } : answer.name;

const codeOf = (answer: Stream | Refusal) => (answer instanceof Refusal ? answer.code : answer.name);

test("the first who ask for a rung that does not come wait three seconds together; later ones are told at once that there is no room", async (t) => {
  const { find, pass, ladders, answerOf, listed, close } = await setUp();
  t.after(close);
  const first = ladders.find("live", RUNG);
  await answerOf(Promise.resolve(new Refusal("full")), 0);
  for (let i = 0; i < 30; i++) await pass(50);
  const second = await find(3000);
  assert.ok(second.tookMs <= 1600, `${second.tookMs} ms`);
  assert.deepEqual(saidOf((await answerOf(first, 0)).answer), saidOf(second.answer));
  assert.deepEqual(saidOf(second.answer), {
    code: "not-yet",
    retryAfter: 1,
    detail: "This quality is not ready yet. Try again in a moment.",
  });
  const third = await find(0);
  assert.deepEqual(saidOf(third.answer), {
    code: "full",
    retryAfter: 5,
    detail: "The server cannot make this quality at the moment. Watch another one.",
  });
  assert.deepEqual(listed(), ["math@audio"], "no player is sent to it");
});

test("who asks for another rung of an encoder that was waited for in vain is told at once, and players are sent to none of them", async (t) => {
  const { find, listed, close } = await setUp("mobile");
  t.after(close);
  assert.deepEqual(listed(), ["math@720p", "math@480p", "math@360p", "math@saver", "math@audio"]);
  assert.equal(codeOf((await find(3100, "math@480p")).answer), "not-yet");
  for (const name of ["math@720p", "math@saver"]) assert.equal(codeOf((await find(0, name)).answer), "full");
  assert.deepEqual(listed(), ["math@audio"]);
});

test("an encoder that has run here in vain for a while is known: its first viewer is told at once", async (t) => {
  const { find, pass, ladders, close } = await setUp();
  t.after(close);
  ladders.assign([{ app: "live", name: "math", rendition: null }]);
  for (let i = 0; i < 80; i++) {
    await pass(50);
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(codeOf((await find(0)).answer), "full");
});

test("a rung that comes nearer to its source is waited for, longer than one that brings nothing", async (t) => {
  const { find, makeTo, clock, close } = await setUp();
  t.after(close);
  // It is 2 s behind at first, and half a second less with each second.
  await makeTo(0);
  for (let i = 0; i < 5; i++) clock.after(2500 + i * 1000, () => void makeTo(6.5 + i * 1.5));
  const { answer, tookMs } = await find(7000);
  assert.equal(codeOf(answer), RUNG);
  assert.ok(tookMs >= 4000, `${tookMs} ms`);
});

test("a rung that falls behind from its first frame on is waited for no longer than three seconds more", async (t) => {
  const { find, makeTo, clock, close } = await setUp();
  t.after(close);
  for (const second of [1, 2, 3]) clock.after(second * 1000 + 500, () => void makeTo(second / 3));
  const { answer, tookMs } = await find(5000);
  assert.equal(codeOf(answer), "not-yet");
  assert.ok(tookMs >= 4000, `${tookMs} ms`);
});

test("a rendition, which is all that some can play, has ten seconds", async (t) => {
  const { find, close } = await setUp();
  t.after(close);
  const { answer, tookMs } = await find(10_100, "math@rtc");
  assert.equal(codeOf(answer), "not-yet");
  assert.ok(tookMs >= 9900, `${tookMs} ms`);
});

test("a rung that comes after all is there for the next who asks", async (t) => {
  const { find, make, listed, pass, close } = await setUp();
  t.after(close);
  assert.ok((await find(3100)).answer instanceof Refusal);
  assert.ok((await find(0)).answer instanceof Refusal);
  await make();
  assert.equal(saidOf((await find(0)).answer), RUNG);
  await pass(1000);
  assert.ok(listed().includes(RUNG));
});

test("whether no node makes a ladder at all is known as long as the refusal holds", async (t) => {
  const { find, state, pass, ladders, close } = await setUp();
  t.after(close);
  for (const answer of ["refused", "never"] as const) {
    state.answer = answer;
    const found = await find(0);
    assert.ok(found.answer instanceof Refusal && found.answer.code === "full");
    assert.equal(ladders.isMadeNowhere("live", RUNG), answer === "never");
    for (let i = 0; i < 6; i++) await pass(1000);
    assert.equal(ladders.isMadeNowhere("live", RUNG), false);
  }
});

test("a ladder that is refused is not waited for, and has all its time once a node has room for it", async (t) => {
  const { find, state, pass, close } = await setUp();
  t.after(close);
  state.answer = "refused";
  for (let i = 0; i < 20; i++) {
    const { answer } = await find(0);
    assert.ok(answer instanceof Refusal && answer.code === "full");
    await pass(1000);
  }
  assert.ok(state.requests >= 3, `asked ${state.requests} times`);
  state.answer = "coming";
  for (let i = 0; i < 6; i++) await pass(1000);
  const { answer, tookMs } = await find(3100);
  assert.ok(answer instanceof Refusal && answer.code === "not-yet" && tookMs >= 2900, `${tookMs} ms`);
});

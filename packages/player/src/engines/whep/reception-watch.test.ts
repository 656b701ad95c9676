import assert from "node:assert/strict";
import { test } from "node:test";
import { type ReceptionSample, sampleOf } from "./reception-sample.ts";
import { ReceptionWatch } from "./reception-watch.ts";

const LOOK_MS = 250;
const START: ReceptionSample = {
  heard: 0,
  videoPackets: 0,
  frames: 0,
  audioPackets: 0,
  energy: 0,
  waited: 0,
  waitedFor: 0,
  roundTripMs: 40,
};

/** Looks for so long at samples that grow by so much with each look. */
function watcher() {
  const watch = new ReceptionWatch();
  let sample = START;
  let now = 0;
  return (
    milliseconds: number,
    more: Partial<Record<"heard" | "videoPackets" | "frames" | "audioPackets" | "energy", number>>,
    lookMs = LOOK_MS,
  ) => {
    let state = watch.look(sample, now);
    for (const end = now + milliseconds; now < end; ) {
      now += lookMs;
      const frames = more.frames ?? 0;
      sample = {
        ...sample,
        heard: sample.heard + (more.heard ?? 0),
        videoPackets: sample.videoPackets + (more.videoPackets ?? 0),
        frames: sample.frames + frames,
        audioPackets: sample.audioPackets + (more.audioPackets ?? 0),
        energy: (sample.energy ?? 0) + (more.energy ?? 0),
        waited: sample.waited + frames * 0.08,
        waitedFor: sample.waitedFor + frames,
      };
      state = watch.look(sample, now);
    }
    return state;
  };
}

const PLAYS = { heard: 30, videoPackets: 20, frames: 6 };

test("a connection on which nothing comes is dead after two seconds", () => {
  const watch = watcher();
  assert.deepEqual({ ...watch(3000, PLAYS), delay: null }, { dead: null, isStill: false, isMute: false, delay: null });
  assert.equal(watch(1750, {}).dead, null);
  assert.equal(watch(250, {}).dead, "silent");
});

test("a publisher that pauses leaves a still picture and a connection that lives: the server still says something", () => {
  const watch = watcher();
  watch(3000, PLAYS);
  assert.deepEqual(watch(10_000, { heard: 1 }).dead, null);
  assert.equal(watch(250, { heard: 1 }).isStill, true);
  assert.equal(watch(250, PLAYS).isStill, false);
});

test("packets of a picture that is never shown are not waited for", () => {
  const watch = watcher();
  assert.equal(watch(2750, { heard: 30, videoPackets: 20 }).dead, null);
  assert.equal(watch(500, { heard: 30, videoPackets: 20 }).dead, "unshown");
});

test("sound without a picture is neither still nor dead", () => {
  assert.deepEqual(watcher()(20_000, { heard: 12 }), { dead: null, isStill: false, isMute: false, delay: null });
});

test("sound of nothing but zeros is told apart from quiet sound, and from none", () => {
  const watch = watcher();
  assert.equal(watch(3000, { ...PLAYS, audioPackets: 12, energy: 1e-6 }).isMute, false);
  assert.equal(watch(250, { ...PLAYS, audioPackets: 12 }).isMute, false);
  assert.equal(watch(250, { ...PLAYS, audioPackets: 12 }).isMute, true);
  assert.equal(watch(250, { ...PLAYS, audioPackets: 12, energy: 1e-6 }).isMute, false);
  assert.equal(watch(3000, PLAYS).isMute, false);
});

test("a picture that moves once a second does not stand still between", () => {
  const watch = watcher();
  watch(8000, { heard: 5, videoPackets: 1, frames: 1 }, 1000);
  assert.equal(watch(1500, { heard: 5 }).isStill, false);
  assert.equal(watch(1500, { heard: 5 }).isStill, true);
});

test("a page that was asleep does not take its connection for dead", () => {
  const watch = watcher();
  watch(3000, PLAYS);
  assert.equal(watch(60_000, {}, 60_000).dead, null);
});

test("the delay is what pictures waited for and half of the way there and back", () => {
  assert.equal(watcher()(3000, PLAYS).delay?.toFixed(3), "0.100");
});

test("a report of Chromium is read, and one that lacks nearly everything", () => {
  const report = new Map<string, unknown>([
    ["T", { type: "transport", packetsReceived: 100 }],
    ["P", { type: "candidate-pair", nominated: true, currentRoundTripTime: 0.02 }],
    [
      "V",
      { type: "inbound-rtp", kind: "video", packetsReceived: 60, framesDecoded: 25, totalProcessingDelay: 2, jitterBufferDelay: 1 },
    ],
    [
      "A",
      {
        type: "inbound-rtp",
        kind: "audio",
        packetsReceived: 50,
        totalAudioEnergy: 0.5,
        jitterBufferDelay: 400,
        jitterBufferEmittedCount: 5000,
      },
    ],
    ["R", { type: "remote-outbound-rtp", reportsSent: 3 }],
  ]);
  assert.deepEqual(sampleOf(report), {
    heard: 213,
    videoPackets: 60,
    frames: 25,
    audioPackets: 50,
    energy: 0.5,
    waited: 2,
    waitedFor: 25,
    roundTripMs: 20,
  });
  assert.deepEqual(sampleOf(new Map([["A", { type: "inbound-rtp", kind: "audio", packetsReceived: 7 }]])), {
    heard: 7,
    videoPackets: 0,
    frames: 0,
    audioPackets: 7,
    energy: null,
    waited: 0,
    waitedFor: 0,
    roundTripMs: null,
  });
});

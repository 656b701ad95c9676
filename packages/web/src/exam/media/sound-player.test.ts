import assert from "node:assert/strict";
import { test } from "node:test";
import type { Sound } from "@lectern/exam";
import { type PlayedAudio, SoundPlayer } from "./sound-player.ts";

const TWICE: Sound = { kind: "sound", file: "f1", title: "Dialogue", plays: 2 };

/** A sound of ten seconds that a test moves on. */
function fakeAudio() {
  const listeners = new Map<string, () => void>();
  const audio = {
    src: "",
    currentTime: 0,
    duration: 10,
    paused: true,
    play: async () => {
      audio.paused = false;
      listeners.get("playing")?.();
    },
    pause: () => {
      audio.paused = true;
      listeners.get("pause")?.();
    },
    addEventListener: (name: string, listener: () => void) => void listeners.set(name, listener),
    at: (seconds: number) => {
      audio.currentTime = seconds;
      listeners.get("timeupdate")?.();
    },
    end: () => {
      audio.paused = true;
      listeners.get("ended")?.();
    },
  };
  return audio;
}

function open(kept = new Map<string, string>(), plays = new Map<string, number>()) {
  const audio = fakeAudio();
  const player = new SoundPlayer({
    urlOf: (file) => `blob:${file}`,
    playsOf: (file) => plays.get(file) ?? 0,
    onPlayed: (file) => void plays.set(file, (plays.get(file) ?? 0) + 1),
    positions: {
      getItem: (name) => kept.get(name) ?? null,
      setItem: (name, value) => void kept.set(name, value),
      removeItem: (name) => void kept.delete(name),
    },
    newAudio: () => audio as unknown as PlayedAudio,
  });
  return { audio, player, kept, plays };
}

test("a sound is played as often as it may be, and no more", () => {
  const { audio, player, plays } = open();
  for (const left of [1, 0]) {
    player.play(TWICE);
    assert.deepEqual([player.stateOf(TWICE).isPlaying, player.stateOf(TWICE).left], [true, left]);
    audio.at(9.9);
    audio.end();
  }
  player.play(TWICE);
  assert.deepEqual([player.stateOf(TWICE).isPlaying, plays.get("f1")], [false, 2]);
});

test("a play that the end of the page interrupted goes on where it was, and counts once", () => {
  const first = open();
  first.player.play(TWICE);
  first.audio.at(4);
  const { audio, player, plays } = open(first.kept, first.plays);
  assert.deepEqual([player.stateOf(TWICE).canContinue, player.stateOf(TWICE).seconds], [true, 4]);
  player.play(TWICE);
  assert.deepEqual([audio.currentTime, plays.get("f1")], [4, 1]);
});

test("while a supervisor lets the clock stand, sound stands too, and goes on by itself", () => {
  const { audio, player, plays } = open();
  player.play(TWICE);
  audio.at(3);
  player.hold(true);
  assert.equal(audio.paused, true);
  player.play(TWICE);
  assert.equal(audio.paused, true, "nothing is begun meanwhile");
  player.hold(false);
  assert.deepEqual([audio.paused, plays.get("f1")], [false, 1]);
});

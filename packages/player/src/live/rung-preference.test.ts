import assert from "node:assert/strict";
import { test } from "node:test";
import type { Quality } from "../engines/engine.ts";
import { RungPreference } from "./rung-preference.ts";

function memoryStorage() {
  const entries = new Map<string, string>();
  return {
    entries,
    getItem: (key: string) => entries.get(key) ?? null,
    setItem: (key: string, value: string) => void entries.set(key, value),
    removeItem: (key: string) => void entries.delete(key),
  };
}

const RUNGS = ["720p", "480p", "saver"].map((label) => ({ label, saves: null }));
const playing = (label: string, more: Partial<Quality> = {}): Quality => ({
  rungs: RUNGS,
  hasSound: true,
  chosen: null,
  playing: label,
  soundOnly: null,
  ...more,
});

test("the choice is stored under one key, and the next player begins with it; automatic quality leaves nothing behind", () => {
  const storage = memoryStorage();
  const first = new RungPreference(storage);
  assert.equal(first.start(0).chosen, null);
  first.choose("saver");
  assert.deepEqual([...storage.entries], [["lectern.quality", "saver"]]);
  assert.equal(new RungPreference(storage).start(0).chosen, "saver");
  first.choose(null);
  assert.equal(storage.entries.size, 0);
});

test("after a reconnect, automatic quality begins where it was, for a minute", () => {
  const preference = new RungPreference(memoryStorage());
  preference.notePlaying(playing("480p"), 1000);
  assert.equal(preference.start(50_000).first, "480p");
  assert.equal(preference.start(70_000).first, null);
  preference.notePlaying(playing("480p"), 1000);
  preference.noteProblem("network", 100_000);
  assert.equal(preference.start(130_000).first, "480p");
});

test("the largest rung, a chosen one and sound alone are no beginning of automatic quality", () => {
  const preference = new RungPreference(memoryStorage());
  for (const quality of [playing("720p"), playing("480p", { chosen: "480p" }), playing("audio", { soundOnly: "slow" })]) {
    preference.notePlaying(quality, 0);
    assert.equal(preference.start(1).first, null);
  }
});

test("three pictures within a minute that cannot be decoded lead to sound alone, until the viewer chooses", () => {
  const preference = new RungPreference(memoryStorage());
  for (const at of [0, 10_000]) preference.noteProblem("decoder", at);
  preference.noteProblem("network", 15_000);
  assert.equal(preference.start(16_000).isUndecodable, false);
  preference.noteProblem("decoder", 20_000);
  assert.equal(preference.start(21_000).isUndecodable, true);
  preference.choose("480p");
  assert.equal(preference.start(22_000).isUndecodable, false);
  for (const at of [100_000, 140_000, 180_000]) preference.noteProblem("decoder", at);
  assert.equal(preference.start(181_000).isUndecodable, false);
});

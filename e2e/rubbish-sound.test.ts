/**
 * Sound that cannot be decoded, as an encoder with a broken audio chain sends it: the decoders of Chromium and Firefox give up, and the picture goes on without it.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type FlvTag, TAG_TYPE } from "@lectern/media";
import type { Page } from "playwright-core";
import { openSmallPage, playerState } from "./chromium.ts";
import { clip } from "./clips.ts";
import { firefoxPage } from "./firefox.ts";
import { sharedLectern } from "./fixtures.ts";
import { type Lectern, until } from "./lectern.ts";
import { noteProblems, problemsOf } from "./player-problems.ts";
import { isConfiguration, publishTags } from "./tag-publisher.ts";

const WORDS = "The sound cannot be played. It is tried again in a moment.";
/** Of an FLV body with AAC, before its frame (FLV E.4.2.1). It stays. */
const BODY_HEAD = 2;

/** Publishes a clip over and over. While `isBroken()`, nobody can decode its sound. */
function publishBreaking(t: TestContext, lectern: Lectern, name: string, isBroken: () => boolean): Promise<void> {
  let seed = 0;
  const shaped = (tag: FlvTag): readonly FlvTag[] => {
    const isSound = tag.type === TAG_TYPE.audio && !isConfiguration(tag);
    return [isBroken() && isSound ? { ...tag, body: rubbish(tag.body, ++seed) } : tag];
  };
  return publishTags(t, lectern, name, clip("tiny", 8), () => true, shaped);
}

/** As long as the frame, and another one each time. */
function rubbish(body: Uint8Array, seed: number): Uint8Array {
  const bytes = Buffer.from(body);
  for (let i = BODY_HEAD; i < bytes.length; i++) bytes[i] = (i * 151 + seed * 197 + ((i * seed) >> 3)) & 0xff;
  return bytes;
}

/** Bytes of sound that the browser has decoded since the element was loaded. */
const heardBytes = (page: Page) =>
  page.evaluate(() => {
    const video = document.querySelector("lectern-player")?.shadowRoot?.querySelector("video");
    return Number(video && Reflect.get(video, "webkitAudioDecodedByteCount"));
  });

test("sound that cannot be decoded is left out after two errors, the picture goes on, and the sound is tried again later", async (t) => {
  const lectern = await sharedLectern();
  let isBroken = false;
  await publishBreaking(t, lectern, "no-sound", () => isBroken);
  await lectern.stream("no-sound", ({ video, audio }) => video !== null && audio !== null);
  const page = await openSmallPage(t, { expected: /MediaError|CHUNK_DEMUXER|PIPELINE/ });
  await noteProblems(page);
  await page.goto(`${lectern.http}/embed/no-sound?protocol=flv&muted=1`);
  await until(async () => (await heardBytes(page)) > 0, "the sound");
  isBroken = true;
  await until(async () => (await playerState(page)).words === WORDS, "the player to say that it leaves the sound out");
  const problems = await problemsOf(page);
  assert.ok(problems.length === 2 && problems.every((one) => /^decoder .*audio/.test(one)), problems.join("\n"));
  await until(async () => (await playerState(page)).state === "live", "the picture");
  const { time, engine } = await playerState(page);
  await until(async () => (await playerState(page)).time > time + 8, "the picture to go on");
  assert.deepEqual([engine, (await problemsOf(page)).length, await heardBytes(page)], ["flv", 2, 0]);
  isBroken = false;
  await until(async () => (await heardBytes(page)) > 0, "the sound again");
  assert.equal((await problemsOf(page)).length, 2, "whole sound is played without another error");
});

/** What the page's player shows. */
function shown() {
  const player = document.querySelector("lectern-player");
  const time = player?.shadowRoot?.querySelector("video")?.currentTime ?? 0;
  const words = player?.shadowRoot?.querySelector('[role="status"]')?.textContent ?? "";
  return { state: String(player && Reflect.get(player, "state")), time, words };
}

test("in Firefox, too, the picture goes on without it", async (t) => {
  const lectern = await sharedLectern();
  let isBroken = false;
  await publishBreaking(t, lectern, "no-sound-in-firefox", () => isBroken);
  await lectern.stream("no-sound-in-firefox", ({ video, audio }) => video !== null && audio !== null);
  const page = await firefoxPage(t);
  await page.goto(`${lectern.http}/embed/no-sound-in-firefox?protocol=flv&muted=1`);
  const look = () => page.evaluate(shown, null);
  await until(async () => (await look()).state === "live", "the picture");
  isBroken = true;
  const begun = await until(async () => {
    const now = await look();
    return now.words === WORDS && now.state === "live" && now;
  }, "the picture without the sound");
  await until(async () => (await look()).time > begun.time + 6, "the picture to go on");
});

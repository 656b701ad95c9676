/**
 * Sound that cannot be decoded, as an encoder with a broken audio chain sends it. What the server can tell is silent for everybody; at what it cannot, the
 * decoders of Chromium and Firefox give up, and the picture goes on without it.
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
import { done } from "./lesson-client.ts";
import { rare } from "./long-tests.ts";
import { noteProblems, problemsOf } from "./player-problems.ts";
import { isConfiguration, publishTags } from "./tag-publisher.ts";

const WORDS = "The sound cannot be played. It is tried again in a moment.";
/** Of an FLV body with AAC, before its frame (FLV E.4.2.1). It stays. */
const BODY_HEAD = 2;
/** What the server looks at of a frame stands in its first bytes. */
const LIKE_SOUND = BODY_HEAD + 40;

/** Publishes a clip over and over. While `isBroken()`, nobody can decode its sound. @param from which byte of a body it is rubbish */
function publishBreaking(t: TestContext, lectern: Lectern, name: string, isBroken: () => boolean, from: number): Promise<void> {
  let seed = 0;
  const shaped = (tag: FlvTag): readonly FlvTag[] => {
    const isSound = tag.type === TAG_TYPE.audio && !isConfiguration(tag);
    return [isBroken() && isSound ? { ...tag, body: rubbish(tag.body, ++seed, from) } : tag];
  };
  return publishTags(t, lectern, name, clip("tiny", 8), () => true, shaped);
}

/** As long as the frame, and another one each time. */
function rubbish(body: Uint8Array, seed: number, from: number): Uint8Array {
  const bytes = Buffer.from(body);
  for (let i = from; i < bytes.length; i++) bytes[i] = (i * 151 + seed * 197 + ((i * seed) >> 3)) & 0xff;
  return bytes;
}

/** Bytes of sound that the browser has decoded since the element was loaded. */
const heardBytes = (page: Page) =>
  page.evaluate(() => {
    const video = document.querySelector("lectern-player")?.shadowRoot?.querySelector("video");
    return Number(video && Reflect.get(video, "webkitAudioDecodedByteCount"));
  });

for (const protocol of ["flv", "hls"])
  test(`sound that no browser can decode is silent by ${protocol}, and the picture goes on without an error`, async (t) => {
    const lectern = await sharedLectern();
    const name = `silent-${protocol}`;
    let isBroken = false;
    await publishBreaking(t, lectern, name, () => isBroken, BODY_HEAD);
    await lectern.stream(name, ({ video, audio }) => video !== null && audio !== null);
    const page = await openSmallPage(t);
    await noteProblems(page);
    await page.goto(`${lectern.http}/embed/${name}?protocol=${protocol}&muted=1`);
    await until(async () => (await heardBytes(page)) > 0, "the sound");
    isBroken = true;
    await lectern.stream(name, ({ uplink }) => uplink.verdict === "sound-undecodable");
    const { time } = await playerState(page);
    await until(async () => (await playerState(page)).time > time + 8, "the picture to go on");
    const { engine, reconnects, state } = await playerState(page);
    assert.deepEqual([engine, state, reconnects, await problemsOf(page)], [protocol, "live", 0, []]);
  });

for (const protocol of ["flv", "hls"])
  test(`sound that looks well and cannot be decoded is left out after two errors by ${protocol}, and tried again later`, async (t) => {
    const lectern = await sharedLectern();
    const name = `no-sound-${protocol}`;
    let isBroken = false;
    await publishBreaking(t, lectern, name, () => isBroken, LIKE_SOUND);
    await lectern.stream(name, ({ video, audio }) => video !== null && audio !== null);
    const page = await openSmallPage(t, { expected: /MediaError|CHUNK_DEMUXER|PIPELINE/ });
    await noteProblems(page);
    await page.goto(`${lectern.http}/embed/${name}?protocol=${protocol}&muted=1`);
    await until(async () => (await heardBytes(page)) > 0, "the sound");
    isBroken = true;
    await until(async () => (await playerState(page)).words === WORDS, "the player to say that it leaves the sound out");
    const problems = await problemsOf(page);
    assert.ok(problems.length === 2 && problems.every((one) => /^decoder .*audio/i.test(one)), problems.join("\n"));
    await until(async () => (await playerState(page)).state === "live", "the picture");
    const { time, engine } = await playerState(page);
    await until(async () => (await playerState(page)).time > time + 8, "the picture to go on");
    assert.deepEqual([engine, (await problemsOf(page)).length, await heardBytes(page)], [protocol, 2, 0]);
    isBroken = false;
    await until(async () => (await heardBytes(page)) > 0, "the sound again");
    assert.equal((await problemsOf(page)).length, 2, "whole sound is played without another error");
  });

/** An address of a lesson that is encrypted, and the name by which it is published. */
async function encryptedLesson(
  lectern: Lectern,
): Promise<{ readonly published: string; readonly page: string; readonly name: string }> {
  const lesson = await done(lectern, "POST", "/lessons", { title: "Fractions" });
  const rules = [{ kind: "encryption", for: "play", segmentsPerKey: 2 }];
  await done(lectern, "POST", "/policies", { target: { level: "lesson", id: lesson.id }, rules });
  const { play } = await done(lectern, "POST", `/lessons/${lesson.code}/join`, { name: "Li Mei" });
  const { name, publishKey } = lesson.stream;
  return { name, published: `${name}?key=${publishKey}`, page: `/embed/${name}${new URL(play.hls).search}&protocol=hls&muted=1` };
}

rare("encrypted sound that looks well and cannot be decoded is left out after two errors, too", async (t) => {
  const lectern = await sharedLectern();
  const lesson = await encryptedLesson(lectern);
  let isBroken = false;
  await publishBreaking(t, lectern, lesson.published, () => isBroken, LIKE_SOUND);
  await lectern.stream(lesson.name, ({ video, audio }) => video !== null && audio !== null);
  const page = await openSmallPage(t, { expected: /MediaError|CHUNK_DEMUXER|PIPELINE|Failed to load/ });
  const keys = new Set<string>();
  page.on("request", (request) => /\/key-[^/]+$/.test(new URL(request.url()).pathname) && keys.add(request.url()));
  await page.goto(`${lectern.http}${lesson.page}`);
  await until(async () => (await heardBytes(page)) > 0 && keys.size > 0, "the sound, encrypted");
  isBroken = true;
  await until(async () => (await playerState(page)).words === WORDS, "the player to say that it leaves the sound out");
  const { time } = await until(async () => {
    const now = await playerState(page);
    return now.state === "live" && now.width > 0 && now;
  }, "the picture");
  await until(async () => (await playerState(page)).time > time + 8, "the picture to go on");
  assert.deepEqual([(await playerState(page)).engine, await heardBytes(page)], ["hls", 0]);
});

/** With what a picture must play: what an encoder with a broken audio chain sends, and one without any sound; and what is said of it. */
const SOUNDS: Readonly<Record<string, { readonly shaped: (tag: FlvTag) => readonly FlvTag[]; readonly words: string }>> = {
  "rubbish in its sound": {
    shaped: (tag) => [
      tag.type === TAG_TYPE.audio && !isConfiguration(tag) ? { ...tag, body: rubbish(tag.body, 1, BODY_HEAD) } : tag,
    ],
    words: "The teacher's encoder sends sound that cannot be decoded.",
  },
  "no sound": { shaped: (tag) => (tag.type === TAG_TYPE.audio ? [] : [tag]), words: "" },
};

for (const [what, { shaped, words }] of Object.entries(SOUNDS)) {
  rare(`an encrypted lesson with ${what} plays without an error`, async (t) => {
    const lectern = await sharedLectern();
    const lesson = await encryptedLesson(lectern);
    await publishTags(t, lectern, lesson.published, clip("tiny", 8), () => true, shaped);
    await lectern.stream(lesson.name, ({ video }) => video !== null);
    const page = await openSmallPage(t, { expected: /Failed to load/ });
    await noteProblems(page);
    await page.goto(`${lectern.http}${lesson.page}`);
    assert.equal(await playsOn(page, words), "hls");
    assert.deepEqual([(await playerState(page)).reconnects, await problemsOf(page)], [0, []]);
  });

  rare(`the browser's own HLS plays a stream with ${what}, and goes on`, async (t) => {
    const lectern = await sharedLectern();
    const name = `native-${what.replaceAll(" ", "-")}`;
    await publishTags(t, lectern, name, clip("tiny", 8), () => true, shaped);
    await lectern.stream(name, ({ video }) => video !== null);
    const page = await openSmallPage(t, { expected: /Failed to load/ });
    await page.addInitScript(() => Reflect.deleteProperty(window, "MediaSource"));
    await page.goto(`${lectern.http}/embed/${name}?muted=1`);
    assert.equal(await playsOn(page, words), "native");
  });
}

/** Waits until the picture has moved for some seconds with these words, and no new beginning: Chromium's own HLS begins some times before it has enough. Gives the engine. */
async function playsOn(page: Page, words: string): Promise<string> {
  let first = await playerState(page);
  return await until(async () => {
    const now = await playerState(page);
    const goesOn = now.state === "live" && now.width > 0 && now.words === words && now.reconnects === first.reconnects;
    if (!goesOn) first = now;
    return now.time > first.time + 8 && now.engine;
  }, "the picture to go on");
}

/** What the page's player shows. */
function shown() {
  const player = document.querySelector("lectern-player");
  const time = player?.shadowRoot?.querySelector("video")?.currentTime ?? 0;
  const words = player?.shadowRoot?.querySelector('[role="status"]')?.textContent ?? "";
  return { state: String(player && Reflect.get(player, "state")), time, words };
}

for (const protocol of ["flv", "hls"])
  test(`in Firefox, too, the picture goes on without it by ${protocol}`, async (t) => {
    const lectern = await sharedLectern();
    const name = `firefox-no-sound-${protocol}`;
    let isBroken = false;
    await publishBreaking(t, lectern, name, () => isBroken, LIKE_SOUND);
    await lectern.stream(name, ({ video, audio }) => video !== null && audio !== null);
    const page = await firefoxPage(t);
    await page.goto(`${lectern.http}/embed/${name}?protocol=${protocol}&muted=1`);
    const look = () => page.evaluate(shown, null);
    await until(async () => (await look()).state === "live", "the picture");
    isBroken = true;
    const begun = await until(async () => {
      const now = await look();
      return now.words === WORDS && now.state === "live" && now;
    }, "the picture without the sound");
    await until(async () => (await look()).time > begun.time + 6, "the picture to go on");
  });

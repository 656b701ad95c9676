/**
 * Six people in six pages of Chromium in one small lesson: all see and hear all, while one is muted, one shares a screen, one loads the page again and
 * one has no network for a while; and nobody sends a larger picture than is shown. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { until } from "./lectern.ts";
import { done } from "./lesson-client.ts";
import {
  DESKTOP,
  loseNetwork,
  NETWORK_AWAY_MS,
  openPage,
  openWorld,
  PUBLISHING_AND_PLAYING,
  picture,
  student,
  tiles,
} from "./stage-pages.ts";
import { udpGate } from "./udp-gate.ts";

const TEACHER = "Wang Fang";
const STUDENTS = ["Anna", "Ben", "Chen", "Dora", "Emil"] as const;
/** The machine encodes six pictures and decodes thirty. */
const CAMERA_FPS = 10;
const SEEN_FRAMES = 10;
const HEARD_LEVEL = 0.001;
const LIMIT_MS = 240_000;
/** Of a tile among more than four. */
const SMALL_LINES = 180;

type Shown = { frames: number; height: number; level: number };

/** What has come of each person on a page: pictures decoded, their height, and the loudest of two seconds of sound. */
async function shown(page: Page): Promise<Record<string, Shown>> {
  return await page.locator(".tile-of-person lectern-player").evaluateAll(async (players) => {
    const context = new AudioContext();
    await context.resume();
    const seen = players.map((player) => {
      const video = player.shadowRoot?.querySelector("video") as HTMLVideoElement & { captureStream(): MediaStream };
      const stream = video.srcObject instanceof MediaStream ? video.srcObject : video.captureStream();
      const analyser = new AnalyserNode(context, { fftSize: 2048 });
      const [track] = stream.getAudioTracks();
      if (track) context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
      return { name: player.getAttribute("aria-label") ?? "", video, analyser, level: 0 };
    });
    const samples = new Float32Array(2048);
    for (let i = 0; i < 50; i++) {
      await new Promise((resolve) => setTimeout(resolve, 40));
      for (const one of seen) {
        one.analyser.getFloatTimeDomainData(samples);
        one.level = Math.max(one.level, Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length));
      }
    }
    await context.close();
    const figures = seen.map(({ name, video, level }) => {
      return [name, { frames: video.getVideoPlaybackQuality().totalVideoFrames, height: video.videoHeight, level }] as const;
    });
    return Object.fromEntries(figures);
  });
}

/** Waits until pictures of each of them are decoded on the page, and each of them is heard. */
async function seesAndHears(page: Page, names: readonly string[]): Promise<void> {
  const seen = new Map<string, number>(names.map((name) => [name, 0]));
  const heard = new Set<string>();
  let before = await shown(page);
  await until(
    async () => {
      const now = await shown(page);
      for (const name of names) {
        // Another connection begins to count again.
        const more = (now[name]?.frames ?? 0) - (before[name]?.frames ?? 0);
        if (more > 0) seen.set(name, (seen.get(name) ?? 0) + more);
        if ((now[name]?.level ?? 0) > HEARD_LEVEL) heard.add(name);
      }
      before = now;
      return names.every((name) => heard.has(name) && (seen.get(name) ?? 0) >= SEEN_FRAMES);
    },
    `${names.join(", ")} to be seen and heard`,
    LIMIT_MS,
  ).catch((error: Error) => {
    throw new Error(`${error.message}: ${JSON.stringify([...seen])}, heard ${[...heard].join()}; ${JSON.stringify(before)}`);
  });
}

test("six people see and hear each other, whatever happens to one of them, and send no more than is shown", async (t) => {
  const { server, token, teacherId } = await openWorld(CAMERA_FPS);
  const lesson = await done(server, "POST", "/lessons", { title: "Conversation", teacherId, mode: "small" });
  const teacher = await openPage(t, `/class/${lesson.code}`, DESKTOP, token);
  const pages = new Map<string, Page>([[TEACHER, teacher]]);
  for (const name of STUDENTS) pages.set(name, await student(t, lesson, name));
  const pageOf = (name: string) => pages.get(name) ?? teacher;
  const othersOf = (name: string) => [...pages.keys()].filter((other) => other !== name);
  const gate = await udpGate(t, pageOf("Chen"), PUBLISHING_AND_PLAYING);
  const begun = performance.now();
  const note = (what: string) => t.diagnostic(`${what}: second ${Math.round((performance.now() - begun) / 1000)}`);
  const join = (page: Page) => page.getByRole("button", { name: "Join with microphone and camera" }).click();
  const all = (names: readonly string[]) => Promise.all(names.map((name) => seesAndHears(pageOf(name), othersOf(name))));
  for (const page of pages.values()) await join(page);
  await all([...pages.keys()]);
  note("all see and hear all");
  await picture(teacher, "six");

  await teacher.getByRole("button", { name: "Actions for Anna" }).click();
  await teacher.getByRole("button", { name: "Mute", exact: true }).click();
  await pageOf("Anna").getByText("Your microphone is off.").waitFor();
  for (const name of othersOf("Anna"))
    await until(async () => (await tiles(pageOf(name)))["Anna"]?.muted, `Anna to be silent at ${name}'s`);
  await teacher.getByRole("button", { name: "Actions for Anna" }).click();
  await teacher.getByRole("button", { name: "Ask to unmute" }).click();
  await pageOf("Anna").getByRole("button", { name: "Turn on", exact: true }).click();
  note("Anna was muted");

  await teacher.getByRole("button", { name: "Share screen" }).click();
  for (const name of STUDENTS) await pageOf(name).getByText(`${TEACHER} is sharing a screen`).waitFor();
  for (const name of STUDENTS) {
    const isSmall = async () => {
      const { [TEACHER]: screen, ...cameras } = await shown(pageOf(name));
      return (
        (screen?.height ?? 0) > 2 * SMALL_LINES && Object.values(cameras).every(({ height }) => height > 0 && height <= SMALL_LINES)
      );
    };
    await until(isSmall, `${name} to get the screen whole, and the others small`, LIMIT_MS).catch(async (error: Error) => {
      throw new Error(`${error.message}: ${JSON.stringify(await shown(pageOf(name)))}`);
    });
  }
  await picture(pageOf("Anna"), "six-screen");
  note("a screen is seen by all");

  await pageOf("Ben").reload();
  await join(pageOf("Ben"));
  await Promise.all([
    ...othersOf("Ben").map((name) => seesAndHears(pageOf(name), ["Ben"])),
    seesAndHears(pageOf("Ben"), othersOf("Ben")),
  ]);
  note("Ben is back");

  const findNetwork = await loseNetwork(pageOf("Chen"), gate);
  await pageOf("Chen").getByText("The connection is lost. Reconnecting…").waitFor();
  await sleep(NETWORK_AWAY_MS);
  await findNetwork();
  await Promise.all([
    ...othersOf("Chen").map((name) => seesAndHears(pageOf(name), ["Chen"])),
    seesAndHears(pageOf("Chen"), othersOf("Chen")),
  ]);
  note("Chen is back");
  await all([...pages.keys()]);
  const { members } = await done(server, "GET", `/lessons/${lesson.id}/stream`);
  assert.equal(members.length, pages.size);
});

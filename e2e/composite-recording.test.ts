/**
 * The composite recording of a small lesson: three people flash and beep at the same moments, one of them leaves for some seconds, a fourth one sends what
 * nobody can decode. In the one recording that is made, each flash and each beep is where it was. Runs late. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { axeFaults } from "./axe-faults.ts";
import { openOwnPage } from "./chromium.ts";
import { sharedLectern } from "./fixtures.ts";
import { beepsIn, FLASH_EVERY_MS as EVERY_MS, flashes, flashesIn, nearest } from "./flash-clips.ts";
import { until } from "./lectern.ts";
import { ask, type Body, done } from "./lesson-client.ts";
import { signInBrowser } from "./sign-in-browser.ts";
import { openSmallLesson, pidOfVideo, sendClip } from "./small-lesson.ts";
import { SETTINGS } from "./watermarked-recordings.ts";

const folder = mkdtempSync(join(tmpdir(), "lectern-picture-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const SHOTS = process.env["SCREENSHOTS"];
const SECONDS = 30;
const MOST_OFF_MS = 80;
/** Ben is absent between these, in milliseconds of the clip. */
const AWAY = { from: 10_500, to: 18_300 } as const;
/** Of each person's beep. */
const HERTZ = { teacher: 700, anna: 1300, ben: 2300 } as const;
const TILE = { width: 640, height: 360 } as const;
const PLACES = {
  teacher: { ...TILE, x: 0, y: 0 },
  anna: { ...TILE, x: 640, y: 0 },
  ben: { ...TILE, x: 320, y: 360 },
} as const;

test("everybody is seen and heard where they were, within 80 ms; ffmpeg that dies is begun again; a broken track stops nobody", async (t) => {
  const server = await sharedLectern(SETTINGS);
  const { lesson, token, teacher, student } = await openSmallLesson(t, server);
  const [anna, ben, dan] = [await student("Anna"), await student("Ben"), await student("Dan")];
  const files = {
    teacher: flashes(folder, HERTZ.teacher, SECONDS),
    anna: flashes(folder, HERTZ.anna, SECONDS),
    ben: flashes(folder, HERTZ.ben, SECONDS),
  };
  const path = `/lessons/${lesson.id}/picture`;
  assert.equal((await ask(server, "POST", path)).body.code, "no-such-recording");

  const begunAt = Date.now() + 300;
  const begun = (ms: number) => until(() => Date.now() - begunAt >= ms, `${ms} ms of the lesson`);
  const sendings = [await sendClip(t, server, teacher, files.teacher, begunAt)];
  await begun(1200);
  sendings.push(await sendClip(t, server, anna, files.anna, begunAt));
  await begun(3300);
  const first = await sendClip(t, server, ben, files.ben, begunAt);
  sendings.push(await sendClip(t, server, dan, files.anna, begunAt, true));
  await begun(AWAY.from);
  first.close();
  assert.equal((await ask(server, "POST", path)).body.code, "conflict", "it is live");
  await begun(AWAY.to);
  sendings.push(await sendClip(t, server, ben, files.ben, begunAt));
  await begun(SECONDS * 1000 - 2000);
  for (const sending of sendings) sending.close();
  await done(server, "POST", `/lessons/${lesson.id}/end`);
  const tracks = async (): Promise<Body[]> => (await done(server, "GET", `/recordings?lessonId=${lesson.id}`)).items;
  await until(async () => (await tracks()).every(({ whole }) => whole) && (await tracks()).length >= 4, "everybody's recordings");

  // Nobody has to ask for it; who does gets the same one.
  await until(async () => (await done(server, "GET", path)).state !== "none", "it to begin by itself");
  assert.match((await done(server, "POST", path)).state, /^(waiting|running)$/);
  const killed = await until(() => pidOfVideo(server.directory), "ffmpeg");
  await until(async () => (await done(server, "GET", path)).percent > 0, "its progress");
  process.kill(killed, "SIGKILL");
  const again = await until(() => {
    const pid = pidOfVideo(server.directory);
    return pid === killed ? null : pid;
  }, "another ffmpeg");
  assert.notEqual(again, killed);
  const picture = await until(async () => {
    const state = await done(server, "GET", path);
    assert.notEqual(state.state, "failed", JSON.stringify(state));
    return state.state === "done" ? state : null;
  }, "the picture");
  const { recording } = picture;
  assert.equal(recording.title, "Fractions");
  assert.equal((await done(server, "POST", path)).recording.id, recording.id);

  const { play } = await done(server, "POST", `/recordings/${recording.id}/links`, {});
  const saved = join(SHOTS ?? folder, "picture.mp4");
  writeFileSync(saved, Buffer.from(await (await fetch(play.mp4)).arrayBuffer()));
  const offset = begunAt - Date.parse(recording.startedAt);
  const worst = { flash: 0, beep: 0, between: 0 };
  for (const name of ["teacher", "anna", "ben"] as const) {
    const [seen, heard] = [await flashesIn(t, saved, PLACES[name]), await beepsIn(t, saved, HERTZ[name])];
    // An encoder's sound begins before its picture, and its file with the sound.
    const [sent = Number.NaN] = (await flashesIn(t, files[name], null)).filter((ms) => ms > 1000);
    const [said = Number.NaN] = (await beepsIn(t, files[name], HERTZ[name])).filter((ms) => ms > 1000);
    const before = { flash: sent - EVERY_MS, beep: said - EVERY_MS };
    t.diagnostic(`${name}: flashes ${seen.join(" ")}; beeps ${heard.join(" ")}; from ${offset}; sent ${sent} and ${said}`);
    const isThere = (ms: number) => name !== "ben" || (ms > 4500 && ms + 500 < AWAY.from) || ms > AWAY.to + 1500;
    for (let ms = EVERY_MS; ms < SECONDS * 1000 - 3000; ms += EVERY_MS) {
      const [flash, beep] = [nearest(seen, ms + offset + before.flash), nearest(heard, ms + offset + before.beep)];
      if (!isThere(ms)) {
        if (ms > AWAY.from + 1000 && ms < AWAY.to - 500)
          assert.ok(Math.min(Math.abs(flash), Math.abs(beep)) > 500, `${name} at ${ms} ms: nothing`);
        continue;
      }
      worst.flash = Math.max(worst.flash, Math.abs(flash));
      worst.beep = Math.max(worst.beep, Math.abs(beep));
      worst.between = Math.max(worst.between, Math.abs(flash - beep));
      assert.ok(
        Math.abs(flash) <= MOST_OFF_MS && Math.abs(beep) <= MOST_OFF_MS,
        `${name} at ${ms} ms: flash ${flash} ms off, beep ${beep} ms off`,
      );
      assert.ok(Math.abs(flash - beep) <= MOST_OFF_MS, `${name} at ${ms} ms: flash and beep ${flash - beep} ms apart`);
    }
  }
  t.diagnostic(`at most off: ${JSON.stringify(worst)} ms`);

  // The studio: a picture that was deleted is not made again by itself, but by the button, which can be thought better of.
  const page = await openOwnPage(t, { viewport: { width: 1280, height: 900 } }, server.http);
  await signInBrowser(page.context(), server.http, token);
  await page.goto(`${server.http}/studio/${lesson.id}`);
  const tile = page.getByRole("region", { name: "Recordings" });
  await tile.getByText("Combined video is in the list").waitFor();
  assert.deepEqual(await axeFaults(page), []);
  await tile.getByRole("button", { name: "Delete: Fractions", exact: true }).click();
  await tile.getByRole("button", { name: "Make combined video" }).click();
  await tile.getByRole("progressbar", { name: "Combined video" }).waitFor();
  if (SHOTS) await page.screenshot({ path: join(SHOTS, "lesson-picture.png"), fullPage: true });
  assert.deepEqual(await axeFaults(page), []);
  await tile.getByRole("button", { name: "Cancel the combined video" }).click();
  await tile.getByRole("button", { name: "Make combined video" }).waitFor();
  await until(() => pidOfVideo(server.directory) === null, "ffmpeg to end");
  assert.equal((await done(server, "GET", path)).state, "none");
});

/** Cameras by GB/T 28181: a recorder registers, its cameras can be chosen, and one is called while somebody watches it. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { PS_STREAM_TYPE } from "../packages/media/src/ps/ps-reader.ts";
import type { PsFrame } from "../packages/media/test/test-program-stream.ts";
import { openOwnPage } from "./chromium.ts";
import { ffmpegDone } from "./ffmpeg.ts";
import { freePort, type Lectern, type Scope, startLectern, until } from "./lectern.ts";
import { ask, type Body, done, watch } from "./lesson-client.ts";
import { startRecorder } from "./recorder.ts";
import { signInBrowser } from "./sign-in-browser.ts";

const SERVER_ID = "34020000002000000001";
const RECORDER = "34020000001180000001";
const PASSWORD = "12345678";
const SECONDS = 2;
const STEP = 3600;

const channelCode = (number: number) => `3402000000131${String(number).padStart(7, "0")}`;
const CHANNELS = Array.from({ length: 16 }, (_, i) => ({ code: channelCode(i + 1), name: `教室 ${i + 1}` }));

/** Of a camera with 25 frames a second, and sound in packets of 40 ms. */
async function cameraFrames(t: Scope, isHevc = false): Promise<PsFrame[]> {
  const codec = isHevc ? ["libx265", "-x265-params", "log-level=error:aud=1"] : ["libx264", "-x264-params", "aud=1"];
  const input = ["-f", "lavfi", "-i", "testsrc=size=640x360:rate=25", "-t", String(SECONDS), "-pix_fmt", "yuv420p"];
  const output = ["-c:v", ...codec, "-preset", "ultrafast", "-g", "25", "-bf", "0", "-f", isHevc ? "hevc" : "h264", "-"];
  const picture = await ffmpegDone(t, [...input, ...output]);
  const delimiter = Buffer.from(isHevc ? "0000000146" : "0000000109", "hex");
  const starts: number[] = [];
  for (let at = picture.indexOf(delimiter); at !== -1; at = picture.indexOf(delimiter, at + 1)) starts.push(at);
  const tone = ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=8000", "-t", String(SECONDS)];
  const sound = await ffmpegDone(t, [...tone, "-c:a", "pcm_alaw", "-f", "alaw", "-"]);
  return starts.flatMap((start, i): PsFrame[] => {
    const pts = 90_000 + i * STEP;
    const fixed = { pts, key: i % 25 === 0 };
    return [
      { ...fixed, track: "video", data: picture.subarray(start, starts[i + 1] ?? picture.length) },
      { ...fixed, track: "audio", data: sound.subarray(i * 320, (i + 1) * 320) },
    ];
  });
}

async function startServer(t: Scope) {
  const port = await freePort();
  const lectern = await startLectern(t, {
    "gb28181.port": String(port),
    "gb28181.id": `"${SERVER_ID}"`,
    "sources.idleSeconds": "5",
    "publish.graceSeconds": "1",
    workers: "1",
  });
  return { lectern, server: { id: SERVER_ID, port } };
}

async function deviceOf(lectern: Lectern, condition: (device: Body) => boolean): Promise<Body> {
  let device: Body = null;
  await until(async () => {
    device = (await done(lectern, "GET", "/camera-devices")).items[0];
    return condition(device);
  }, "the device");
  return device;
}

async function choose(page: Page, label: string, option: string): Promise<void> {
  await page
    .getByRole("combobox", { name: label, exact: true })
    .or(page.getByRole("textbox", { name: label, exact: true }))
    .click();
  await page.getByRole("option", { name: option, exact: true }).click();
}

/** With SCREENSHOTS: into that folder. */
async function saveScreenshot(page: Page, name: string): Promise<void> {
  const folder = process.env["SCREENSHOTS"];
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

test("a recorder of 16 cameras registers, one of them is watched, and told to stop when nobody does", async (t) => {
  const { lectern, server } = await startServer(t);
  const recorder = await startRecorder(t, {
    server,
    code: RECORDER,
    password: PASSWORD,
    channels: CHANNELS,
    protocol: "UDP",
    frames: await cameraFrames(t),
    shape: { videoType: PS_STREAM_TYPE.h264, audioType: PS_STREAM_TYPE.g711a },
  });
  recorder.register();
  await until(() => recorder.got.includes("SIP/2.0 403 Forbidden"), "the refusal of a device without an account");
  await done(lectern, "POST", "/camera-devices", { title: "Recorder", code: RECORDER, password: PASSWORD });
  recorder.keepAlive();
  await until(
    () => recorder.got.filter((line) => line.startsWith("SIP/2.0 403")).length === 2,
    "the refusal of what has not registered",
  );
  recorder.register();
  const device = await deviceOf(lectern, ({ channels, model }) => channels.length === 16 && model !== null);
  assert.deepEqual([device.online, device.model, device.host], [true, "Hikvision DS-7616N", "127.0.0.1"]);
  assert.deepEqual(
    device.channels.map(({ code, name, online }: Body) => ({ code, name, online })),
    CHANNELS.map((channel) => ({ ...channel, online: true })),
  );
  const { address } = device.channels[4];
  const source = await done(lectern, "POST", "/sources", { title: "Room 5", name: "room-5", addresses: [address] });
  assert.deepEqual([source.addresses, recorder.sending()], [[`gb28181://${RECORDER}/${channelCode(5)}`], []]);
  const viewer = watch(`${lectern.http}/live/room-5.flv`);
  await until(() => viewer.bytes() > 50_000, "the picture");
  assert.deepEqual(recorder.sending(), [channelCode(5)]);
  const { video, audio } = await lectern.stream("room-5", (stream) => stream.audio !== null && stream.uplink.fps > 0);
  assert.deepEqual([video?.codec, video?.width, audio?.codec, audio?.sampleRate], ["h264", 640, "aac", 32_000]);
  assert.equal(await lectern.metric("lectern_gb28181_devices"), 1);
  assert.equal(await lectern.metric("lectern_gb28181_calls"), 1);
  viewer.leave();
  await until(() => recorder.sending().length === 0, "the end of the call");
  assert.ok(recorder.got.some((line) => line.startsWith(`BYE sip:${channelCode(5)}@`)));
});

test("in the console, a recorder is added, appears with its cameras, and one of them becomes a channel", async (t) => {
  const { lectern, server } = await startServer(t);
  const schoolId = (await done(lectern, "POST", "/schools", { slug: "own", name: "Own" })).id;
  const login = { login: "admin-1", password: "a good password" };
  await done(lectern, "POST", "/users", { ...login, schoolId, name: "Admin", role: "administrator" });
  const { token } = (await ask(lectern, "POST", "/sessions", login, null)).body;
  const page = await openOwnPage(t, { viewport: { width: 1280, height: 900 }, locale: "en-US" }, lectern.http);
  await signInBrowser(page.context(), lectern.http, String(token));
  await page.goto(`${lectern.http}/console/sources`);
  await page.getByRole("link", { name: "Cameras by GB/T 28181" }).click();
  await page.getByRole("button", { name: "Add" }).click();
  await page.getByLabel("Title").fill("Building A");
  await page.getByLabel("Code").fill(RECORDER);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create" }).click();
  const row = page.getByRole("row").filter({ hasText: "Building A" });
  await row.getByText("Offline").waitFor();
  const frames: PsFrame[] = [];
  const shape = { videoType: PS_STREAM_TYPE.h264, audioType: null };
  const recorder = await startRecorder(t, {
    server,
    code: RECORDER,
    password: PASSWORD,
    channels: CHANNELS,
    protocol: "UDP",
    frames,
    shape,
  });
  recorder.register();
  await row.getByText("Online").waitFor();
  await row.getByText("16 cameras").click();
  await row.getByText("教室 16").waitFor();
  await saveScreenshot(page, "gb28181-cameras");
  await page.getByRole("link", { name: "Channels" }).click();
  await page.getByRole("button", { name: "Add" }).click();
  await page.getByLabel("Title").fill("Room 3");
  await page.getByLabel("Channel name").fill("room-3");
  await choose(page, "Fetched from", "A camera that has registered here");
  await choose(page, "Camera", "Building A: 教室 3");
  await saveScreenshot(page, "gb28181-source");
  await page.getByRole("button", { name: "Create" }).click();
  await page
    .getByRole("row")
    .filter({ hasText: "Room 3" })
    .getByText(`gb28181://${RECORDER}/${channelCode(3)}`)
    .waitFor();
  await page.getByRole("link", { name: "Cameras by GB/T 28181" }).click();
  await page.getByLabel("Select: Building A").check();
  await page.getByRole("button", { name: "Add cameras as channels" }).click();
  await page.getByRole("button", { name: "Confirm" }).click();
  await until(async () => (await done(lectern, "GET", "/sources")).items.length === 16, "a channel for each camera");
});

for (const [transport, protocol, isHevc] of [
  ["tcp-passive", "TCP", true],
  ["tcp-active", "UDP", false],
] as const)
  test(`a camera is watched by ${transport}, called by SIP over ${protocol}`, async (t) => {
    const { lectern, server } = await startServer(t);
    const recorder = await startRecorder(t, {
      server,
      code: RECORDER,
      password: PASSWORD,
      channels: CHANNELS.slice(0, 1),
      protocol,
      frames: (await cameraFrames(t, isHevc)).filter(({ track }) => track === "video"),
      shape: { videoType: isHevc ? PS_STREAM_TYPE.hevc : PS_STREAM_TYPE.h264, audioType: null },
    });
    await done(lectern, "POST", "/camera-devices", { title: "Camera", code: RECORDER, password: PASSWORD, transport });
    recorder.register();
    const { channels } = await deviceOf(lectern, (device) => device.channels.length === 1);
    await done(lectern, "POST", "/sources", { title: "Yard", name: "yard", addresses: [channels[0].address], start: "always" });
    const { video } = await lectern.stream("yard", (stream) => stream.video !== null && stream.uplink.fps > 20);
    assert.equal(video?.codec, isHevc ? "hevc" : "h264");
    const before = recorder.sending();
    recorder.close();
    assert.deepEqual(before, [channelCode(1)]);
    const [{ id }] = (await done(lectern, "GET", "/sources")).items;
    await until(async () => (await done(lectern, "GET", `/sources/${id}`)).state?.problem !== null, "the problem of the source");
  });

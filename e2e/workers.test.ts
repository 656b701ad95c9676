/** Several media workers on one port: the same bytes from each, and what happens when one is killed. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, type TestContext, test } from "node:test";
import { openPage, playerState } from "./chromium.ts";
import { clip } from "./clips.ts";
import { publishForever } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { mediaPlaylistOf } from "./hls-conformance.ts";
import { type Lectern, startLectern, until } from "./lectern.ts";
import { anyWorker, get, onWorker, pidOf } from "./on-worker.ts";

const directory = mkdtempSync(join(tmpdir(), "lectern-workers-"));
after(() => rmSync(directory, { recursive: true, force: true }));

/** Publishes a clip over and over, and begins again whenever it is cut off, as encoders do. */
async function publishForEver(t: TestContext, lectern: Lectern, name: string): Promise<void> {
  const file = clip("b-frames");
  let over = false;
  t.after(() => {
    over = true;
  });
  const go = (): void => {
    const { done } = publishForever(t, file, `${lectern.rtmp}/live/${name}`);
    void done.then(() => !over && setTimeout(go, 100));
  };
  go();
  await lectern.stream(name, (stream) => stream.video !== null);
}

const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

test("playlists, maps, segments and parts are the same bytes over fifty connections to two workers", async (t) => {
  const lectern = await sharedLectern({ workers: "2" });
  await publishForEver(t, lectern, "same");
  const playlist = new URL(await mediaPlaylistOf(`${lectern.http}/live/same.m3u8`));
  const connections = await Promise.all(Array.from({ length: 50 }, () => anyWorker(lectern)));
  t.after(() => {
    for (const { socket } of connections) socket.destroy();
  });
  assert.equal(new Set(connections.map(({ worker }) => worker)).size, 2);
  const same = async (path: string): Promise<string> => {
    const answers = await Promise.all(connections.map(({ socket }) => get(socket, path)));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200], path);
    assert.equal(new Set(answers.map(({ body }) => hash(body))).size, 1, path);
    return answers[0]?.body.toString() ?? "";
  };
  const now = await (await fetch(playlist)).text();
  const first = Number(/MEDIA-SEQUENCE:(\d+)/.exec(now)?.[1]) + (now.match(/#EXTINF/g)?.length ?? 0);
  for (const place of ["_HLS_part=1", "_HLS_part=3", "_HLS_part=4"]) {
    await same(`${playlist.pathname}?_HLS_msn=${first + 1}&${place}`);
  }
  const last = await same(`${playlist.pathname}?_HLS_msn=${first + 2}&_HLS_part=0&_HLS_skip=YES`);
  const whole = await same(`${playlist.pathname}?_HLS_msn=${first + 2}&_HLS_part=1`);
  const names = [...`${last}${whole}`.matchAll(/URI="([^"]+)"|^([^#\n].*)$/gm)].map(([, uri, line]) => uri ?? line ?? "");
  const files = [...new Set(names.map((name) => new URL(name, playlist).pathname))];
  assert.ok(files.length > 15, `${files.length} files`);
  for (const file of files) await same(file);
});

/** Watches by HTTP-FLV on a connection, and remembers when bytes came. */
function watch(socket: Socket, name: string) {
  const state = { bytes: 0, newest: performance.now(), longestGap: 0, closed: false };
  socket.on("data", (bytes: Buffer) => {
    const now = performance.now();
    state.longestGap = Math.max(state.longestGap, now - state.newest);
    state.newest = now;
    state.bytes += bytes.length;
  });
  socket.on("close", () => {
    state.closed = true;
  });
  socket.write(`GET /live/${name}.flv HTTP/1.1\r\nHost: test\r\n\r\n`);
  return state;
}

test("a worker is killed: it is back within a second, and what the other one has is not touched", async (t) => {
  const lectern = await sharedLectern({ workers: "2" });
  await publishForEver(t, lectern, "calm");
  const { process: publishing, epoch } = await lectern.stream("calm");
  const [here, there] = [
    await onWorker(lectern, (name) => name === publishing),
    await onWorker(lectern, (name) => name !== publishing),
  ];
  const calm = watch(here.socket, "calm");
  const struck = watch(there.socket, "calm");
  t.after(() => here.socket.destroy());
  await until(() => calm.bytes > 50_000 && struck.bytes > 50_000, "both viewers' picture");

  process.kill(pidOf(lectern, there.worker), "SIGKILL");
  const killed = performance.now();
  await until(() => struck.closed, "the viewer to be cut off");
  const again = await anyWorker(lectern);
  const resumed = watch(again.socket, "calm");
  t.after(() => again.socket.destroy());
  await until(() => resumed.bytes > 50_000, "the viewer's picture, again");
  assert.ok(performance.now() - killed < 2000, `watching again after ${performance.now() - killed} ms`);
  const back = await onWorker(lectern, (name) => name === there.worker);
  t.after(() => back.socket.destroy());
  assert.ok(performance.now() - killed < 2000);
  const returned = watch(back.socket, "calm");
  await until(() => returned.bytes > 50_000, "a picture from the new worker");
  const stream = await lectern.stream("calm");
  assert.deepEqual([stream.epoch, stream.process, stream.term], [epoch, publishing, 1]);
  assert.ok(!calm.closed && calm.longestGap < 1000, `the other's largest gap was ${calm.longestGap} ms`);
});

test("the publisher's worker is killed: viewers on the other one wait, and the same epoch goes on with the publisher", async (t) => {
  const lectern = await sharedLectern({ workers: "2" });
  await publishForEver(t, lectern, "moved");
  const { process: publishing, epoch } = await lectern.stream("moved");
  const there = await onWorker(lectern, (name) => name !== publishing);
  const viewer = watch(there.socket, "moved");
  t.after(() => there.socket.destroy());
  await until(() => viewer.bytes > 50_000, "a picture");
  process.kill(pidOf(lectern, publishing), "SIGKILL");
  const stream = await lectern.stream("moved", (report) => report.term === 2 && report.publisher !== null);
  assert.equal(stream.epoch, epoch);
  const before = viewer.bytes;
  await until(() => viewer.bytes > before + 50_000, "the picture to go on");
  assert.equal(viewer.closed, false);
});

test("the control process is killed: pictures go on, pages and API are back within a second or two", async (t) => {
  const lectern = await sharedLectern({ workers: "2" });
  await publishForEver(t, lectern, "on");
  const { socket } = await anyWorker(lectern);
  t.after(() => socket.destroy());
  const viewer = watch(socket, "on");
  await until(() => viewer.bytes > 50_000, "a picture");
  process.kill(pidOf(lectern, "control"), "SIGKILL");
  const away = await fetch(lectern.http);
  if (away.status !== 200) assert.equal(((await away.json()) as { code: string }).code, "control-away");
  await until(async () => (await fetch(lectern.http)).status === 200, "the pages", 5000);
  await lectern.stream("on");
  assert.ok(!viewer.closed && viewer.longestGap < 1500, `the largest gap was ${viewer.longestGap} ms`);
});

test("nothing is left when the supervisor is killed", async (t) => {
  const lectern = await startLectern(t, { workers: "2" });
  await publishForEver(t, lectern, "gone");
  const children = ["control", "media-1", "media-2"].map((name) => pidOf(lectern, name));
  lectern.process.kill("SIGKILL");
  await until(() => children.every((pid) => !existsSync(`/proc/${pid}`)), "the children's end", 8000);
});

test("the player is watching again within two seconds after its worker was killed", async (t) => {
  const lectern = await sharedLectern({ workers: "2" });
  await publishForEver(t, lectern, "seen");
  const { process: publishing } = await lectern.stream("seen");
  const page = await openPage(t, { expected: /ERR_|Failed to load|WebSocket|network|Exception/i });
  for (;;) {
    const other = await onWorker(lectern, (name) => name !== publishing);
    await page.goto(`${lectern.http}/?stream=seen`);
    await until(async () => (await playerState(page)).state === "live", "a live picture");
    process.kill(pidOf(lectern, other.worker), "SIGKILL");
    const killed = performance.now();
    const lost = until(async () => (await playerState(page)).state !== "live", "the loss", 600);
    const struck = await lost.then(
      () => true,
      () => false,
    );
    // The system had given the player's connection to the other worker.
    if (!struck) continue;
    await until(async () => (await playerState(page)).state === "live", "the picture, again");
    assert.ok(performance.now() - killed < 2000, `live again after ${performance.now() - killed} ms`);
    const { time } = await playerState(page);
    await until(async () => (await playerState(page)).time > time + 1, "moving pictures");
    return;
  }
});

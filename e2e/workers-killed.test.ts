/**
 * A process of several is killed: it is back, and others are not touched. Where the file is named, within a second or two.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { openSmallPage, playerState } from "./chromium.ts";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { runsRare } from "./long-tests.ts";
import { anyWorker, onWorker, pidOf } from "./worker-connections.ts";
import { publishForEver, watchOn } from "./worker-viewers.ts";

/** In a run of all tests, only what hangs takes so long. */
const BACK_MS = runsRare ? 2000 : 30_000;

test("a worker is killed: it is back, and what the other one has is not touched", async (t) => {
  const lectern = await sharedLectern({ workers: "2" });
  await publishForEver(t, lectern, "calm");
  const { process: publishing, epoch } = await lectern.stream("calm");
  const [here, there] = [
    await onWorker(lectern, (name) => name === publishing),
    await onWorker(lectern, (name) => name !== publishing),
  ];
  const calm = watchOn(here.socket, "calm");
  const struck = watchOn(there.socket, "calm");
  t.after(() => here.socket.destroy());
  await until(() => calm.bytes > 50_000 && struck.bytes > 50_000, "both viewers' picture");

  process.kill(pidOf(lectern, there.worker), "SIGKILL");
  const killed = performance.now();
  await until(() => struck.closed, "the viewer to be cut off");
  const again = await anyWorker(lectern);
  const resumed = watchOn(again.socket, "calm");
  t.after(() => again.socket.destroy());
  await until(() => resumed.bytes > 50_000, "the viewer's picture, again");
  assert.ok(performance.now() - killed < BACK_MS, `watching again after ${performance.now() - killed} ms`);
  const back = await onWorker(lectern, (name) => name === there.worker);
  t.after(() => back.socket.destroy());
  assert.ok(performance.now() - killed < BACK_MS);
  const returned = watchOn(back.socket, "calm");
  await until(() => returned.bytes > 50_000, "a picture from the new worker");
  const stream = await lectern.stream("calm");
  assert.deepEqual([stream.epoch, stream.process, stream.term], [epoch, publishing, 1]);
  assert.ok(!calm.closed && calm.longestGap < BACK_MS, `the other's largest gap was ${calm.longestGap} ms`);
});

test("the only worker is killed: a spare process takes its place", async (t) => {
  const lectern = await sharedLectern({ workers: "1" });
  await publishForEver(t, lectern, "lone");
  const spareOf = () => {
    try {
      return pidOf(lectern, "spare");
    } catch {
      return null;
    }
  };
  // Its loading has ended when it uses no more time. On a fast machine it has used little by then.
  const loaded = async (pid: number) => {
    const before = cpuTicks(pid);
    await new Promise((resolve) => setTimeout(resolve, 600));
    return before > 2 && cpuTicks(pid) === before;
  };
  for (let round = 0; round < 2; round++) {
    const spare = await until(spareOf, "a spare process");
    await until(() => loaded(spare), "the spare process to have loaded");
    const { socket } = await anyWorker(lectern);
    const struck = watchOn(socket, "lone");
    await until(() => struck.bytes > 50_000, "a picture");
    process.kill(pidOf(lectern, "media-1"), "SIGKILL");
    const killed = performance.now();
    await until(() => struck.closed, "the viewer to be cut off");
    const again = await anyWorker(lectern);
    const took = performance.now() - killed;
    again.socket.destroy();
    t.diagnostic(`the port was served again after ${Math.round(took)} ms`);
    assert.equal(pidOf(lectern, "media-1"), spare);
    assert.ok(took < BACK_MS, `the port was served again after ${took} ms`);
    await lectern.stream("lone", (stream) => stream.video !== null && stream.publisher !== null);
  }
});

/** Fields 14 and 15 of /proc/PID/stat: processor time, in clock ticks. */
function cpuTicks(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

test("the control process is killed: pictures go on, pages and API are back", async (t) => {
  const lectern = await sharedLectern({ workers: "2" });
  await publishForEver(t, lectern, "on");
  const { socket } = await anyWorker(lectern);
  t.after(() => socket.destroy());
  const viewer = watchOn(socket, "on");
  await until(() => viewer.bytes > 50_000, "a picture");
  process.kill(pidOf(lectern, "control"), "SIGKILL");
  const away = await fetch(lectern.http);
  if (away.status !== 200) assert.equal(((await away.json()) as { code: string }).code, "control-away");
  await until(async () => (await fetch(lectern.http)).status === 200, "the pages");
  await lectern.stream("on");
  assert.ok(!viewer.closed && viewer.longestGap < BACK_MS, `the largest gap was ${viewer.longestGap} ms`);
});

test("the player is watching again after its worker was killed", async (t) => {
  const lectern = await sharedLectern({ workers: "2" });
  await publishForEver(t, lectern, "seen");
  const { process: publishing } = await lectern.stream("seen");
  const page = await openSmallPage(t, { expected: /ERR_|Failed to load|WebSocket|network|Exception/i });
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
    assert.ok(performance.now() - killed < BACK_MS, `live again after ${performance.now() - killed} ms`);
    const { time } = await playerState(page);
    await until(async () => (await playerState(page)).time > time + 1, "moving pictures");
    return;
  }
});

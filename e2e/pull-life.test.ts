/** The life of a pulled channel: who may have its stream, how it ends, is handed over, and survives what happens to its program. */
import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { TestSource } from "../packages/server/src/live/streams/test-source.ts";
import { Refusal } from "../packages/server/src/platform/refusal.ts";
import { clip } from "./clips.ts";
import { childrenOf, freePort, until } from "./lectern.ts";
import { long } from "./long-tests.ts";
import { openStreams, pullChannel } from "./pulled-channel.ts";

/** A folder with a clip of eight seconds. */
function lessons(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "lectern-pull-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  copyFileSync(clip("tiny", 8), join(path, "lesson.flv"));
  return path;
}

/** Process ids of the ffmpegs that play a folder's files. */
function programsOf(folder: string): number[] {
  return childrenOf(process.pid).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "latin1").includes(folder);
    } catch {
      return false;
    }
  });
}

// One after the other: a test looks at the children of this process.
describe("the life of a pulled channel", () => {
  test("nobody wants it any more: the stream ends with the reason, and its program with it", async (t) => {
    const files = lessons(t);
    const channel = pullChannel(t, { addresses: ["file:lesson.flv"], files });
    await channel.arrived("video", 60);
    await until(() => (channel.job.report().cores ?? 0) > 0, "a measurement of its program");
    assert.equal(programsOf(files).length, 1);
    channel.job.close("unwanted");
    channel.job.close("unwanted");
    assert.deepEqual(channel.ends, ["unwanted"]);
    await until(() => programsOf(files).length === 0, "the end of the program");
  });

  test("another process takes it over: the stream goes on", async (t) => {
    const files = lessons(t);
    const streams = openStreams(t);
    const first = pullChannel(t, { addresses: ["file:lesson.flv"], files, streams });
    await first.arrived("video", 30);
    first.job.handOver();
    const before = first.frames("video").length;
    pullChannel(t, { addresses: ["file:lesson.flv"], files, streams });
    await first.arrived("video", before + 30);
    assert.deepEqual([first.epochs.length, first.ends], [1, []]);
  });

  long("somebody else publishes under its name: it waits for them to leave", async (t) => {
    const files = lessons(t);
    const streams = openStreams(t);
    const source = await TestSource.open(streams.publications, { name: "channel" });
    assert.ok(!(source instanceof Refusal));
    source.teach(3);
    const alive = setInterval(() => source.session.heard(performance.now()), 200);
    t.after(() => clearInterval(alive));
    const channel = pullChannel(t, { addresses: ["file:lesson.flv"], files, streams });
    const { state } = await channel.reported(({ problem }) => problem?.code === "publisher-present");
    assert.equal(state, "retrying");
    assert.deepEqual(source.revoked, []);
    source.session.close();
    await channel.reported((report) => report.state === "running");
  });

  long("its stream is ended by hand, and its program killed: it begins again, with a growing delay", async (t) => {
    const files = lessons(t);
    const channel = pullChannel(t, { addresses: ["file:lesson.flv"], files });
    await channel.arrived("video", 30);
    channel.stream()?.end("ended-by-operator");
    await channel.reported(({ state, restarts }) => state === "running" && restarts === 1);
    await until(() => channel.epochs.length === 2, "another epoch");
    const [program = 0] = programsOf(files);
    process.kill(program, "SIGKILL");
    const { problem, since } = await channel.reported((report) => report.state === "retrying");
    assert.equal(problem?.code, "program-failed");
    const again = await channel.reported((report) => report.state === "running");
    assert.ok(again.since - since >= 1900, `${again.since - since} ms`);
    assert.deepEqual([channel.epochs.length, again.restarts, again.problem], [2, 2, null]);
  });

  long("its program hangs: that is noticed within seconds, and it is replaced", async (t) => {
    const files = lessons(t);
    const channel = pullChannel(t, { addresses: ["file:lesson.flv"], files });
    await channel.arrived("video", 30);
    const [program = 0] = programsOf(files);
    process.kill(program, "SIGSTOP");
    const stoppedAt = performance.now();
    await channel.reported(({ problem }) => problem?.code === "stalled");
    assert.ok(performance.now() - stoppedAt < 7000);
    await channel.reported((report) => report.state === "running");
    assert.ok(!programsOf(files).includes(program));
    assert.equal(channel.epochs.length, 1);
  });

  long("addresses that are dead or nonsense are passed over at once", async (t) => {
    const files = lessons(t);
    const dead = await freePort();
    const addresses = [`rtmp://127.0.0.1:${dead}/live/math`, "nonsense", `http://127.0.0.1:${dead}/a.m3u8`, "file:lesson.flv"];
    const channel = pullChannel(t, { addresses, files });
    const begun = performance.now();
    const { address, restarts } = await channel.reported((report) => report.state === "running");
    assert.deepEqual([address, restarts], [3, 3]);
    assert.ok(performance.now() - begun < 5000);
  });

  long("a program that is not installed is a problem, and no other source needs it", async (t) => {
    const files = lessons(t);
    const channel = pullChannel(t, { addresses: ["file:lesson.flv"], files, command: "no-such-ffmpeg" });
    const { problem } = await channel.reported((report) => report.problem !== null);
    assert.equal(problem?.code, "program-failed");
    assert.match(problem?.detail ?? "", /could not be started/);
  });
});

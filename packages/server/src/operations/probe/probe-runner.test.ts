/** When probes run, in which order, and what becomes of their reports. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { pino } from "pino";
import type { ProbeAim, ProbeRunReport, ProbeTarget } from "../../contracts/monitoring/probe-messages.ts";
import type { ProbeReport, ProbeTask } from "../../contracts/monitoring/probe-report.ts";
import { ManualClock } from "../../platform/clock.ts";
import { ProbeRunner } from "./probe-runner.ts";

const AIM: ProbeAim = {
  path: "/live/math.flv?sign=x",
  code: "ABC",
  via: null,
  seconds: 18,
  checks: { black: true, frozen: true, silent: true },
};
const REPORT: ProbeReport = {
  url: "http://n/live/math.flv",
  at: 1,
  verdict: "good",
  faults: [],
  steps: [],
  server: "n",
  certificateEndsAt: null,
  watchedMs: 18_000,
  firstFrameMs: 200,
  stalls: 0,
  stallMs: 0,
  lostMs: 0,
  delayMs: 900,
  kbps: 800,
  blackMs: 0,
  frozenMs: 0,
  silentMs: 0,
  lateMs: 0,
};
const target = (lesson: string, requestedAt: number | null = null): ProbeTarget => ({
  probe: "p",
  lesson,
  everySeconds: 60,
  requestedAt,
});

function setUp(targets: ProbeTarget[]) {
  const clock = new ManualClock();
  const started: ProbeTask[] = [];
  const told: ProbeRunReport[] = [];
  const open: ((report: ProbeReport | null) => void)[] = [];
  const control = { up: true, aim: AIM as ProbeAim | null };
  const runner = new ProbeRunner({
    node: "n1",
    clock,
    log: pino({ level: "silent" }),
    onReport: () => {},
    targets: async () => targets,
    aim: async () => control.aim,
    originOf: async (via) => (via === "unknown" ? null : "https://edge.example"),
    tell: async (run) => {
      if (!control.up) throw new Error("no control process");
      told.push(run);
    },
    run: (task) => {
      started.push(task);
      return new Promise((resolve) => open.push(resolve));
    },
  });
  const poll = async (milliseconds: number) => {
    clock.advance(milliseconds);
    await runner.poll();
    await turn();
  };
  const finish = async (report: ProbeReport | null = REPORT) => {
    for (const resolve of open.splice(0)) resolve(report);
    await turn();
  };
  return { clock, started, told, control, poll, finish };
}

test("a target is watched within ten seconds, and then at its interval", async () => {
  const { started, told, poll, finish } = setUp([target("a")]);
  await poll(0);
  await poll(10_000);
  assert.equal(started.length, 1);
  assert.equal(started[0]?.url, "https://edge.example/dispatch/live/math.flv?sign=x");
  assert.equal(started[0]?.page, "https://edge.example/class/ABC");
  await finish();
  assert.deepEqual(
    told.map(({ node, lesson, report }) => [node, lesson, report.verdict]),
    [["n1", "a", "good"]],
  );
  await poll(30_000);
  assert.equal(started.length, 1);
  await poll(30_000);
  assert.equal(started.length, 2);
});

test("two run at once, and those that waited longest come first", async () => {
  const { started, told, poll, finish } = setUp(["a", "b", "c", "d"].map((lesson) => target(lesson)));
  await poll(0);
  await poll(60_000);
  assert.equal(started.length, 2);
  await poll(60_000);
  assert.equal(started.length, 2);
  for (let i = 0; i < 3; i++) {
    await finish();
    await poll(5000);
  }
  assert.equal(new Set(told.slice(0, 4).map(({ lesson }) => lesson)).size, 4);
});

test("a run that a person asks for does not wait for its interval", async () => {
  const targets = [target("a")];
  const { clock, started, poll, finish } = setUp(targets);
  await poll(0);
  await poll(10_000);
  await finish();
  targets[0] = target("a", clock.utc() + 1000);
  await poll(5000);
  assert.equal(started.length, 2);
  await finish();
  await poll(5000);
  assert.equal(started.length, 2);
});

test("reports that no control process takes are told later, once", async () => {
  const { told, control, poll, finish } = setUp([target("a")]);
  control.up = false;
  await poll(0);
  await poll(10_000);
  await finish();
  assert.equal(told.length, 0);
  control.up = true;
  await poll(5000);
  await poll(5000);
  assert.equal(told.length, 1);
});

test("a lesson that ended while it was watched is no fault", async () => {
  const { told, control, poll, finish } = setUp([target("a")]);
  await poll(0);
  await poll(10_000);
  control.aim = null;
  await finish({ ...REPORT, verdict: "short", faults: [{ code: "ended", detail: "The server ended the stream." }] });
  assert.equal(told.length, 0);
});

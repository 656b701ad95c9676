import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { watchEventLoopDelay } from "./event-loop-delay.ts";
import { ProcessMeter } from "./process-figures.ts";

/** The processor time that the busy program takes once it is told to begin, however long that lasts; milliseconds. */
const WORK_MS = 500;
const BUSY = `
process.stdout.write(".");
process.stdin.once("data", () => {
  const begun = process.cpuUsage();
  const workMs = () => { const { user, system } = process.cpuUsage(begun); return (user + system) / 1000; };
  while (workMs() < ${WORK_MS});
  process.stdout.write(".");
});
`;

test("a process's cores, memory and descriptors are measured from outside, and one that has ended is left out", async (t) => {
  const child = spawn(process.execPath, ["--eval", BUSY], { stdio: ["pipe", "pipe", "ignore"] });
  t.after(() => child.kill("SIGKILL"));
  await once(child.stdout, "data");
  const meter = new ProcessMeter();
  const { pid = 0 } = child;
  const running = [{ name: "busy", pid }];
  assert.equal((await meter.take(running))[0]?.cpu, 0, "the first time there is nothing to compare with");
  const begun = performance.now();
  child.stdin.write(".");
  await once(child.stdout, "data");
  const [busy] = await meter.take(running);
  const measuredMs = (busy?.cpu ?? 0) * (performance.now() - begun);
  // Ticks of the kernel are of 10 ms.
  assert.ok(busy && Math.abs(measuredMs - WORK_MS) < 0.2 * WORK_MS, `${measuredMs} ms of ${WORK_MS}`);
  assert.ok(busy.memoryBytes > 10e6 && busy.descriptors > 3, JSON.stringify(busy));
  child.kill("SIGKILL");
  await once(child, "exit");
  assert.deepEqual(await meter.take(running), []);
});

test("programs that a process runs are one figure", async (t) => {
  const children = [0, 1].map(() => spawn("sleep", ["60"]));
  t.after(() => {
    for (const child of children) child.kill("SIGKILL");
  });
  await Promise.all(children.map(async (child) => await once(child, "spawn")));
  const names = (await new ProcessMeter().take([{ name: "self", pid: process.pid }])).map(({ name }) => name);
  assert.deepEqual(names, ["self", "ffmpeg"]);
});

test("the longest hold of the event loop is seen once", async (t) => {
  const hold = watchEventLoopDelay();
  t.after(() => hold.close());
  const turns = async (milliseconds: number) => await new Promise((resolve) => setTimeout(resolve, milliseconds));
  await turns(250);
  hold.take();
  const until = performance.now() + 400;
  while (performance.now() < until);
  await turns(250);
  const longest = hold.take();
  assert.ok(longest >= 290, `${longest} ms`);
  await turns(250);
  assert.ok(hold.take() < longest);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { groupCpuSeconds } from "./group-usage.ts";
import { startProcessGroup } from "./process-group.ts";

/** A program that says a line and then waits for its input's end. */
async function begun(script: string) {
  const group = startProcessGroup(process.execPath, ["-e", script]);
  await new Promise((resolve) => group.stdout.once("data", resolve));
  return group;
}

/** Computes for so many milliseconds of CPU time. */
const busy = (milliseconds: number) =>
  `const used = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
   const from = used(); while (used() - from < ${milliseconds});`;
const wait = "console.log(); process.stdin.resume();";

test("the CPU time of a group's program is counted, with its threads and the children that it has waited for", async (t) => {
  const idle = await begun(wait);
  const one = await begun(`${busy(200)} ${wait}`);
  const child = await begun(
    `require("node:child_process").execFileSync(process.execPath, ["-e", ${JSON.stringify(busy(200))}]); ${wait}`,
  );
  const worker = `${busy(200)} require("node:worker_threads").parentPort.postMessage(0); setInterval(() => {}, 1000);`;
  const thread = await begun(
    `new (require("node:worker_threads").Worker)(${JSON.stringify(worker)}, { eval: true }).on("message", () => { ${wait} });`,
  );
  t.after(() => [idle, one, child, thread].map(({ kill }) => kill()));
  const seconds = (of: typeof idle) => groupCpuSeconds(of.pid ?? 0) ?? Number.NaN;
  const rest = seconds(idle);
  assert.ok(rest > 0 && rest < 0.5, `a program that has started: ${rest} s`);
  for (const [what, group] of Object.entries({ one, child, thread }))
    assert.ok(seconds(group) >= 0.2 + rest / 2, `${what}: ${seconds(group)} s`);
});

test("a program that is gone, and one that leads no group, have no CPU time", async () => {
  const group = await begun(wait);
  group.kill();
  await group.exited;
  assert.equal(groupCpuSeconds(group.pid ?? 0), null);
  const missing = startProcessGroup("no-such-program", []);
  await missing.exited;
  assert.equal(groupCpuSeconds(missing.pid ?? 0), null);
  const parent = startProcessGroup("sh", ["-c", "sleep 1000 & echo $!; wait"]);
  const child = await new Promise<number>((resolve) => parent.stdout.once("data", (text: Buffer) => resolve(Number(text))));
  assert.deepEqual([groupCpuSeconds(child), typeof groupCpuSeconds(parent.pid ?? 0)], [null, "number"]);
  parent.kill();
});

/** The sandbox: what runs in it reaches nothing of the machine, has its limits, and leaves nothing behind. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { openJob, probeSandbox, removeJob, runInSandbox, type SandboxLimits } from "./sandbox.ts";

const MEGABYTE = 1024 * 1024;
const LIMITS: SandboxLimits = { memoryBytes: 300 * MEGABYTE, withinMs: 60_000, silentMs: 60_000, maxBytes: 20 * MEGABYTE };

async function setUp(t: TestContext, limits: Partial<SandboxLimits> = {}) {
  const mode = await probeSandbox();
  assert.ok(mode, "this machine can close programs off");
  const folder = mkdtempSync(join(tmpdir(), "lectern-box-"));
  t.after(() => removeJob(folder));
  const stop = new AbortController();
  const job = await openJob(mode, join(folder, "job"), { ...LIMITS, ...limits }, stop.signal);
  const run = (script: string, onLine: (line: string) => void = () => {}) => runInSandbox(job, ["sh", "-c", script], onLine);
  return { job, run, stop, folder };
}

/** What runs on this machine with this text in its arguments. */
function running(mark: string): string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && pid !== String(process.pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(mark);
    } catch {
      return false;
    }
  });
}

test("a program sees its own processes, its folder and programs; no data, no settings, no devices, no capabilities", async (t) => {
  const { run, job } = await setUp(t);
  const { code, stdout } = await run(
    'id -u; ls / ; echo "-"; ls /etc; echo "-"; ls /proc | grep -c "^[0-9]"; grep CapEff /proc/self/status; grep NoNewPrivs /proc/self/status; touch /usr/x /etc/x /dev/x 2>/dev/null || echo closed; ls -d /root /home /var/lib /work /sys 2>/dev/null; echo done > /job/out/made',
  );
  assert.equal(code, 0);
  const [user, ...lines] = stdout.trim().split("\n");
  assert.equal(Number(user), job.user);
  const [folders, settings] = lines
    .join("\n")
    .split("\n-\n")
    .map((part) => part.split("\n"));
  for (const folder of folders ?? [])
    assert.match(folder, /^(?:bin|dev|etc|job|lib\w*|old|opt|proc|sbin|tmp|usr|var)$/, "nothing but programs");
  for (const setting of settings ?? [])
    assert.match(
      setting,
      /^(?:fonts|ld\.so\..*|alternatives|libreoffice|localtime|papersize)$/,
      "nothing but fonts and the linker's",
    );
  assert.ok(Number(lines.find((line) => /^\d+$/.test(line))) < 10, "its own processes");
  assert.match(stdout, /CapEff:\s+0+\n/);
  assert.match(stdout, /NoNewPrivs:\s+1\n/);
  assert.match(stdout, /closed\n$/);
  assert.equal(readFileSync(join(job.folder, "out/made"), "utf8"), "done\n");
});

test("there is no network, not even to this machine", async (t) => {
  const { run } = await setUp(t);
  let connections = 0;
  const server = createServer(() => connections++);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const { stdout } = await run(
    `ffmpeg -v error -i tcp://127.0.0.1:${port} -f null - 2>&1 || true; ls /sys/class/net 2>/dev/null; cat /proc/net/dev | wc -l`,
  );
  assert.match(stdout, /Network is unreachable|Connection refused|Cannot assign/);
  assert.equal(connections, 0);
});

test("a program that takes too long, or says nothing, is ended with everything that it has started", async (t) => {
  const slow = await setUp(t, { withinMs: 1500 });
  const mark = `lectern-${process.pid}-slow`;
  // One of them leaves the process group, and one the session.
  const ended = await slow.run(
    `setsid sh -c 'sleep 1000; : ${mark}' & sh -c 'sleep 1000; : ${mark}' & while :; do echo on; sleep 0.1; done`,
  );
  assert.equal(ended.code, null);
  // Interrupted: on a machine that left it no processor.
  assert.ok(ended.stopped === "time-limit" || ended.stopped === "interrupted", String(ended.stopped));
  assert.deepEqual(running(mark), []);
  const silent = await setUp(t, { silentMs: 1500 });
  assert.equal((await silent.run("sleep 1000")).stopped, "time-limit");
});

test("a program that waits for a processor is not silent", async (t) => {
  const { run } = await setUp(t, { silentMs: 1000 });
  const burners = [1, 2, 3].map(() => spawn("taskset", ["-c", "0", "sh", "-c", "while :; do :; done"]));
  t.after(() => burners.map((burner) => burner.kill("SIGKILL")));
  // Some tenths of a second of one processor, of which it has some hundredths.
  const { stopped, stdout } = await run("taskset -c 0 sh -c 'i=0; while [ $i -lt 150000 ]; do i=$((i+1)); done; echo counted'");
  assert.deepEqual([stopped, stdout.trim()], [null, "counted"]);
});

test("memory is limited: for one process, and for all of them together", async (t) => {
  const { run } = await setUp(t);
  const one = await run("dd if=/dev/zero of=/dev/null bs=600M count=1");
  assert.equal(one.code, 1);
  assert.match(one.stderr, /memory exhausted/);
  // Each fills its buffer, and waits for a reader that reads nothing.
  const many = await run("for i in 1 2 3 4 5 6; do dd if=/dev/zero bs=60M count=1 2>/dev/null | sleep 20 & done; wait");
  assert.equal(many.stopped, "memory-limit");
});

test("files are limited: each, and all of them together", async (t) => {
  const { run } = await setUp(t);
  const one = await run("head -c 30000000 /dev/zero > /job/out/a; echo $?");
  assert.doesNotMatch(one.stdout, /^0$/m);
  const many = await run("for i in 1 2 3 4 5; do head -c 8000000 /dev/zero > /job/out/$i; done; sleep 20");
  assert.equal(many.stopped, "too-large");
});

test("it is ended from outside, and one that something else has ended is told apart", async (t) => {
  const { run, stop, folder } = await setUp(t);
  const killed = await run("kill -KILL $$");
  assert.deepEqual([killed.code, killed.stopped], [null, "interrupted"]);
  const given = run("echo begun; sleep 1000", () => stop.abort());
  assert.equal((await given).stopped, "given-up");
  assert.deepEqual(readdirSync(folder), ["job"], "nothing beside the folder of the job is left");
});

test("arguments and lines pass as they are", async (t) => {
  const { job, run } = await setUp(t);
  const lines: string[] = [];
  await run("printf 'a\\nb b\\n'", (line) => lines.push(line));
  assert.deepEqual(lines, ["a", "b b"]);
  writeFileSync(join(job.folder, "out", "x"), "");
  const { stdout } = await runInSandbox(job, ["printf", "%s|", "a b", "$(id)", "*"], () => {});
  assert.equal(stdout, "a b|$(id)|*|");
});

test("a folder with names of every kind is removed", async (t) => {
  const { job, run } = await setUp(t);
  await run("mkdir -p '/job/out/ -rf' && chmod 000 '/job/out/ -rf'; ln -s / /job/out/link; mkfifo /job/out/pipe");
  await removeJob(job.folder);
  assert.throws(() => readdirSync(job.folder), { code: "ENOENT" });
  rmSync(job.folder, { recursive: true, force: true });
});

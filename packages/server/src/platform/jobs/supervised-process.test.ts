import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { pino } from "pino";
import { ManualClock } from "../clock.ts";
import { startBackgroundGroup, startProcessGroup } from "./process-group.ts";
import { runProgram } from "./run-process.ts";
import { ffmpegProgress, superviseProcess } from "./supervised-process.ts";

/** Waits until something holds. The test's own time limit ends it otherwise. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** A process that was killed and not yet waited for counts as gone. */
function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

function logger() {
  const lines: Record<string, unknown>[] = [];
  return { lines, log: pino({ level: "info" }, { write: (text: string) => void lines.push(JSON.parse(text)) }) };
}

const run = (script: string, more: Partial<Parameters<typeof runProgram>[0]> = {}) =>
  runProgram({ command: "sh", args: ["-c", script], input: Buffer.from("in"), withinMs: 5000, maxBytes: 10_000, ...more });

test("a program that is run once gets its input, and gives its output; a failure gives nothing", async () => {
  const outcome = async (...given: Parameters<typeof run>) => {
    const { output, isLate } = await run(...given);
    return [output && String(output), isLate];
  };
  assert.deepEqual(await outcome("printf out; cat"), ["outin", false]);
  assert.deepEqual(await outcome("printf out; exit 3"), [null, false]);
  assert.deepEqual(await outcome("", { command: "no-such-program", args: [] }), [null, false]);
  assert.deepEqual(await outcome("exec sleep 100", { withinMs: 50 }), [null, true]);
  assert.deepEqual(await outcome("exec yes"), [null, false]);
});

test("a program is killed together with what it has started", async () => {
  const group = startProcessGroup("sh", ["-c", "sleep 1000 & echo $!; wait"]);
  const child = await new Promise<number>((resolve) => group.stdout.once("data", (text: Buffer) => resolve(Number(text))));
  assert.ok(isAlive(child));
  group.kill();
  assert.equal((await group.exited).signal, "SIGKILL");
  await until(() => !isAlive(child));
  group.kill();
});

test("what a program has started does not outlive it", async () => {
  const group = startProcessGroup("sh", ["-c", "sleep 1000 >/dev/null 2>&1 & echo $!"]);
  const child = await new Promise<number>((resolve) => group.stdout.once("data", (text: Buffer) => resolve(Number(text))));
  assert.equal((await group.exited).code, 0);
  await until(() => !isAlive(child));
});

test("when the owner is killed with SIGKILL, its programs are gone too", async (t) => {
  const owner = spawn(process.execPath, [
    ...["--input-type=module", "-e"],
    `import { startProcessGroup } from ${JSON.stringify(join(import.meta.dirname, "process-group.ts"))};
     startProcessGroup("sh", ["-c", "echo $$; exec sleep 1000"]).stdout.pipe(process.stdout);`,
  ]);
  t.after(() => owner.kill("SIGKILL"));
  const program = await new Promise<number>((resolve) => owner.stdout.once("data", (text: Buffer) => resolve(Number(text))));
  assert.ok(isAlive(program));
  owner.kill("SIGKILL");
  await until(() => !isAlive(program));
});

test("a program inherits no descriptor of its owner, not even those that a native library left open to children", async () => {
  const owner = spawn(process.execPath, [
    ...["--input-type=module", "-e"],
    `import { readdirSync, readFileSync } from "node:fs";
     import { PeerConnection } from ${JSON.stringify(import.meta.resolve("node-datachannel"))};
     import { startProcessGroup } from ${JSON.stringify(join(import.meta.dirname, "process-group.ts"))};
     const peer = new PeerConnection("test", { iceServers: [] });
     peer.createDataChannel("test");
     const isOpenToChildren = (fd) => {
       try {
         return Number(fd) > 2 && (parseInt(/flags:\\s*(\\d+)/.exec(readFileSync("/proc/self/fdinfo/" + fd, "utf8"))[1], 8) & 0o2000000) === 0;
       } catch {
         return false;
       }
     };
     console.log(readdirSync("/proc/self/fd").filter(isOpenToChildren).length);
     const group = startProcessGroup("ls", ["/proc/self/fd"], 2);
     group.stdout.on("data", (text) => console.log(String(text).split("\\n").join(" ")));
     await group.exited;
     process.exit();`,
  ]);
  let said = "";
  owner.stdout.on("data", (text: Buffer) => {
    said += text;
  });
  owner.stderr.pipe(process.stderr);
  await new Promise((resolve) => owner.on("close", resolve));
  const [leaked, inherited] = said.trim().split("\n");
  assert.ok(Number(leaked) > 0, said);
  // By 3, ls reads the folder.
  assert.equal(inherited?.trim(), "0 1 2 3 4 5");
});

test("a program knows the server's environment, and none of the server's own variables", async (t) => {
  process.env["LECTERN_SECRETS_TRIED"] = "hidden";
  process.env["OTHER_TRIED"] = "given";
  t.after(() => {
    delete process.env["LECTERN_SECRETS_TRIED"];
    delete process.env["OTHER_TRIED"];
  });
  const { output } = await run("exec env");
  assert.match(String(output), /^OTHER_TRIED=given$/m);
  assert.doesNotMatch(String(output), /LECTERN_|hidden/);
});

test("a program is started without the files that a shell of the user reads", async (t) => {
  const home = mkdtempSync(join(tmpdir(), "lectern-home-"));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  for (const name of [".bashrc", ".profile", ".bash_profile", "env"]) writeFileSync(join(home, name), "echo read >&2; exit 9");
  const owner = spawn(
    process.execPath,
    [
      ...["--input-type=module", "-e"],
      `import { startProcessGroup } from ${JSON.stringify(join(import.meta.dirname, "process-group.ts"))};
       const group = startProcessGroup("echo", ["started"]);
       group.stdout.pipe(process.stdout);
       group.stderr.pipe(process.stdout);`,
    ],
    // As a service manager starts it.
    { env: { PATH: process.env["PATH"], HOME: home, ENV: join(home, "env"), BASH_ENV: join(home, "env") } },
  );
  let said = "";
  owner.stdout.on("data", (text: Buffer) => {
    said += text;
  });
  await new Promise((resolve) => owner.on("close", resolve));
  assert.equal(said.trim(), "started");
});

/** A supervised shell script, which counts its starts in a file. */
function supervised(t: TestContext, script: string, stalledAfterMs: number | null = null) {
  const directory = mkdtempSync(join(tmpdir(), "lectern-jobs-"));
  const file = join(directory, "starts");
  const clock = new ManualClock();
  const { lines, log } = logger();
  const { close } = superviseProcess({
    name: "test",
    command: "sh",
    args: ["-c", `echo >> ${file}; ${script}`],
    log,
    clock,
    redact: (text) => text.replace("secret", "…"),
    ...(stalledAfterMs === null ? {} : { progress: { of: ffmpegProgress, stalledAfterMs } }),
  });
  t.after(() => {
    close();
    rmSync(directory, { recursive: true, force: true });
  });
  const starts = () => {
    try {
      return readFileSync(file, "utf8").length;
    } catch {
      return 0;
    }
  };
  return { clock, lines, close, starts };
}

test("a program that ends is started again, each time later, and its last words are logged without secrets", async (t) => {
  const { clock, lines, starts } = supervised(t, "echo the secret >&2; exit 5");
  for (const [i, delay] of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000].entries()) {
    await until(() => lines.length === i + 1);
    assert.deepEqual([lines[i]?.["restartInMs"], lines[i]?.["code"], starts()], [delay, 5, i + 1]);
    clock.advance(delay - 1);
    clock.advance(1);
  }
  assert.deepEqual([lines[0]?.["stderr"], lines[0]?.["msg"]], ["the …\n", "child process ended, restarting"]);
});

test("a program that cannot be started is said to be so", async (t) => {
  const { lines, log } = logger();
  const { close } = superviseProcess({ name: "x", command: "no-such-program", args: [], log, clock: new ManualClock() });
  t.after(close);
  await until(() => lines.length === 1);
  assert.equal(lines[0]?.["reason"], "no-such-program could not be started");
});

test("a program without progress is killed and started again; one with progress is not", async (t) => {
  const { clock, lines, starts } = supervised(t, "echo out_time_us=1; echo out_time_us=2 >&2; exec sleep 1000", 5000);
  await until(() => starts() === 1);
  await new Promise((resolve) => setTimeout(resolve, 50));
  clock.advance(4900);
  assert.deepEqual([lines.length, starts()], [0, 1]);
  clock.advance(200);
  await until(() => lines.length === 2);
  assert.deepEqual(
    lines.map(({ msg }) => msg),
    ["child process stalled, killed", "child process ended, restarting"],
  );
  clock.advance(1000);
  await until(() => starts() === 2);
});

test("a closed one is killed, and not started again", async (t) => {
  const { clock, lines, starts, close } = supervised(t, "exec sleep 1000");
  await until(() => starts() === 1);
  close();
  await new Promise((resolve) => setTimeout(resolve, 50));
  clock.advance(100_000);
  close();
  assert.deepEqual([lines.length, starts()], [0, 1]);
});

test("a program in the background has a low priority, and so has its session where the system has autogroups", async () => {
  const group = startBackgroundGroup("sleep", ["100"]);
  const statOf = () => readFileSync(`/proc/${group.pid}/stat`, "utf8");
  await until(() => statOf().includes("(sleep)"));
  const fields = statOf()
    .slice(statOf().lastIndexOf(")") + 2)
    .split(" ");
  assert.equal(fields[16], "10", "its nice value: proc_pid_stat(5)");
  const autogroup = `/proc/${group.pid}/autogroup`;
  if (existsSync(autogroup)) assert.match(readFileSync(autogroup, "utf8"), /nice 10$/m);
  group.kill();
  await group.exited;
});

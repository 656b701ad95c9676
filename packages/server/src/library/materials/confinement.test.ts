/** The sandbox of containers, which have no namespaces: filters of system calls and of files close programs off. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { filteredCommand } from "./confinement.ts";
import { openJob, removeJob, runInSandbox, type SandboxLimits } from "./sandbox.ts";
import type { FilterRule } from "./system-call-filter.ts";

const MEGABYTE = 1024 * 1024;
const LIMITS: SandboxLimits = { memoryBytes: 300 * MEGABYTE, withinMs: 60_000, silentMs: 60_000, maxBytes: 20 * MEGABYTE };
/** What the usual seccomp profile of Docker refuses to a container without CAP_SYS_ADMIN. */
const DOCKER: readonly FilterRule[] = [
  ...(["unshare", "setns", "mount", "umount2", "pivot_root"] as const).map((call) => ({ call })),
  { call: "clone", unless: [{ argument: 0, mask: 0x7e020000, equals: 0 }] },
  { call: "clone3", isMissing: true },
];

/** Without capabilities, as all containers of `deploy/compose`. */
function asContainer(): readonly string[] {
  const none = process.getuid?.() === 0 ? ["--bounding-set=-all", "--inh-caps=-all"] : [];
  return ["setpriv", "--no-new-privs", ...none];
}

async function setUp(t: TestContext, limits: Partial<SandboxLimits> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "lectern-confined-"));
  t.after(() => removeJob(folder));
  const job = await openJob("confined", join(folder, "job"), { ...LIMITS, ...limits }, new AbortController().signal);
  const run = (script: string) => runInSandbox(job, ["sh", "-c", script], () => {});
  return { job, run, folder };
}

test("where namespaces are refused, as in Docker, the sandbox is that of filters", () => {
  const module = new URL("sandbox.ts", import.meta.url).href;
  const script = `import { probeSandbox } from ${JSON.stringify(module)}; console.log(await probeSandbox());`;
  const node = [process.execPath, "--input-type=module", "-e", script];
  const everything = [{ access: 0xffff, path: "/" }];
  const [program = "", ...args] = [...asContainer(), ...filteredCommand(DOCKER, everything, node)];
  assert.equal(execFileSync(program, args, { encoding: "utf8" }).trim(), "confined");
});

test("a program reads programs and its folder, writes into its folder, and has no capabilities", async (t) => {
  const { run, job, folder } = await setUp(t);
  const secret = join(folder, "secret");
  writeFileSync(secret, "SECRET");
  const before = statSync(secret);
  const { code, stdout, stderr } = await run(
    `cat ${secret} /etc/passwd /proc/1/environ /proc/self/environ; ls / /tmp /etc /root; cat /etc/ld.so.cache >/dev/null && echo linker
    chmod 777 ${secret}; truncate -s 0 ${secret}; perl -e 'truncate($ARGV[0], 0); chmod(0777, $ARGV[0]); utime(1, 1, $ARGV[0])' ${secret}
    touch ${folder}/x /tmp/lectern-x /usr/x; setpriv --dump | grep -c "Capability bounding set: .none"; echo done >/job/out/made; cat /job/out/made`,
  );
  assert.equal(code, 0, stderr);
  assert.equal(stdout, "linker\n1\ndone\n");
  assert.doesNotMatch(stderr, /SECRET/);
  const { size, mode, mtimeMs } = statSync(secret);
  assert.deepEqual([size, mode & 0o777, mtimeMs > 1e12], [6, before.mode & 0o777, true]);
  assert.equal(readFileSync(join(job.folder, "out/made"), "utf8"), "done\n");
});

test("there is no network, not even to this machine's own sockets", async (t) => {
  const { run, folder } = await setUp(t);
  let connections = 0;
  const local = join(folder, "socket");
  const server = createServer(() => connections++);
  await new Promise<void>((resolve) => server.listen(local, resolve));
  t.after(() => server.close());
  const { stdout } = await run(`perl -e 'use Socket;
    for my $family (AF_INET, AF_INET6, 16, 17) { socket(my $s, $family, SOCK_STREAM, 0) and print "family $family\\n" }
    socket(my $s, AF_UNIX, SOCK_DGRAM, 0) and print "datagrams\\n";
    socket($s, AF_UNIX, SOCK_STREAM, 0) or print "no local sockets\\n";
    connect($s, sockaddr_un($ARGV[0])) and print "connected\\n";
    print "tried\\n"' ${local}`);
  assert.equal(stdout, "tried\n");
  assert.equal(connections, 0);
});

test("a program reaches no other process, and none leaves the group that is killed", async (t) => {
  const { run } = await setUp(t, { withinMs: 5000 });
  const mark = `lectern-${process.pid}-confined`;
  const { stdout, stopped } = await run(
    `kill -0 ${process.pid} || echo closed; unshare --user true || echo no namespaces; prlimit --pid ${process.pid} --nofile >/dev/null || echo no limits of others
    (setsid sleep 1000 || echo no session) & perl -e 'fork or do { fork or do { $0 = "${mark}"; sleep 1000 } ; exit }'; while :; do sleep 0.1; done`,
  );
  // Without a processor for half of its time, it is called interrupted.
  assert.ok(stopped === "time-limit" || stopped === "interrupted", String(stopped));
  assert.deepEqual(stdout.trim().split("\n").toSorted(), ["closed", "no limits of others", "no namespaces", "no session"]);
  const left = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" }).split("\n");
  assert.deepEqual(
    left.filter((line) => line.startsWith(mark)),
    [],
  );
});

test("memory is limited for all processes together, also those whose parents have ended", async (t) => {
  const { run } = await setUp(t);
  const many = await run(
    `perl -e 'for (1..5) { fork or do { fork or do { my $x = "x" x 80_000_000; sleep 20 }; exit } }'; sleep 20`,
  );
  assert.equal(many.stopped, "memory-limit");
});

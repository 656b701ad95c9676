/**
 * `lectern probe` and the role probe, from outside: each fault is found within 30 s, and a good stream has none. The faults come from a server that
 * misbehaves, and from streams of a black picture, a still one, and silence. Only with --all, or by name. Runs late: its figures are times.
 */
import assert from "node:assert/strict";
import { type ChildProcess, execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  DEFAULT_LIMITS,
  DEFAULT_SECONDS,
  type ProbeReport,
  probeReport,
} from "../packages/server/src/contracts/monitoring/probe-report.ts";
import { probe as watch } from "../packages/server/src/operations/probe/probe.ts";
import { makeCertificate } from "./certificate.ts";
import { ffmpegDone, publishForever } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { childEnv, type Lectern, type Scope } from "./lectern.ts";
import { done } from "./lesson-client.ts";
import { MAIN } from "./program.ts";
import { shiftedClock } from "./shifted-clock.ts";

const FOUND_WITHIN_MS = 30_000;
const H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "50", "-bf", "0", "-pix_fmt", "yuv420p", "-c:a", "aac", "-t", "10"];
const MOVING = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=25"];
const TONE = ["-f", "lavfi", "-i", "sine=f=500:r=48000"];
const SILENCE = ["-f", "lavfi", "-i", "anullsrc=r=48000:cl=mono"];
const STREAMS: Readonly<Record<string, readonly string[]>> = {
  good: [...MOVING, ...TONE],
  black: ["-f", "lavfi", "-i", "color=black:s=320x180:r=25", ...TONE],
  frozen: [...MOVING, ...TONE, "-vf", "trim=end_frame=1,loop=loop=-1:size=1"],
  silent: [...MOVING, ...SILENCE],
};

const RUNS = 'lectern_probe_runs_total{verdict="short"}';
const FAULTS = 'lectern_probe_faults_total{code="black"}';

const ended: (() => unknown)[] = [];
const scope: Scope = { after: (call: () => unknown) => void ended.push(call), diagnostic: () => {} } as unknown as Scope;
let lectern: Lectern;
let directory: string;

before(async () => {
  directory = mkdtempSync(join(tmpdir(), "lectern-probe-"));
  lectern = await sharedLectern();
  for (const [name, inputs] of Object.entries(STREAMS)) {
    const file = join(directory, `${name}.flv`);
    await ffmpegDone(scope, [...inputs, ...H264, file]);
    publishForever(scope, file, `${lectern.rtmp}/live/${name}`);
  }
  await Promise.all(Object.keys(STREAMS).map((name) => lectern.stream(name)));
});
after(async () => {
  for (const end of ended.reverse()) await end();
  rmSync(directory, { recursive: true, force: true });
});

type Probed = ProbeReport & { readonly tookMs: number };

/** Watches as the command line does, without the start of a process. */
async function probe(url: string): Promise<Probed> {
  const from = performance.now();
  const checks = { black: true, frozen: true, silent: true };
  const report = await watch({ url, page: null, invitation: null, seconds: DEFAULT_SECONDS, checks, limits: DEFAULT_LIMITS });
  return { ...report, tookMs: performance.now() - from };
}

/** `lectern probe` in a process of its own. */
async function probeByCommand(
  url: string,
  env: Readonly<Record<string, string>> = {},
  onStart: (child: ChildProcess) => void = () => {},
): Promise<Probed & { readonly exitCode: number }> {
  const from = performance.now();
  const { code, out } = await new Promise<{ code: number; out: string }>((resolve) => {
    const args = [MAIN, "probe", url, "--json"];
    const child = execFile(process.execPath, args, { env: { ...childEnv(), ...env } }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), out: stdout || stderr }),
    );
    onStart(child);
  });
  return { ...probeReport.parse(JSON.parse(out)), exitCode: code, tookMs: performance.now() - from };
}

/** It fell short by this fault alone, and said so in time. */
async function finds(code: string, url: string): Promise<Probed> {
  const report = await probe(url);
  assertFault(report, code);
  return report;
}

async function findsByCommand(code: string, url: string, env: Readonly<Record<string, string>> = {}): Promise<Probed> {
  const report = await probeByCommand(url, env);
  assertFault(report, code);
  assert.equal(report.exitCode, 1);
  return report;
}

function assertFault(report: Probed, code: string): void {
  assert.deepEqual(
    report.faults.map((fault) => fault.code),
    [code],
    JSON.stringify(report),
  );
  assert.ok(report.tookMs < FOUND_WITHIN_MS, `${code} took ${report.tookMs} ms`);
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ended.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** A server that misbehaves. */
async function badServer(handle: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(createServer(handle))}`;
}

test("a good stream has no fault: HTTP-FLV, HLS, sound alone, and by the dispatch", async () => {
  const addresses = ["/live/good.m3u8", "/live/good.flv?onlyaudio=1", "/dispatch/live/good.flv"].map((path) => lectern.http + path);
  const [byCommand, ...others] = await Promise.all([probeByCommand(`${lectern.http}/live/good.flv`), ...addresses.map(probe)]);
  assert.equal(byCommand.exitCode, 0);
  for (const report of [byCommand, ...others]) {
    assert.equal(report.verdict, "good", JSON.stringify(report));
    assert.ok(report.firstFrameMs !== null && report.firstFrameMs < 3000);
    assert.ok(report.delayMs !== null && report.delayMs < 12_000, JSON.stringify(report));
  }
});

test("a black picture, a still one, and silence are found, in FLV and in HLS", async () => {
  await Promise.all(
    ["black", "frozen", "silent"].flatMap((name) =>
      ["flv", "m3u8"].map((ending) => finds(name, `${lectern.http}/live/${name}.${ending}`)),
    ),
  );
});

test("a refusal, a server that is not there, and one that sends something else are found", async () => {
  await finds("http-error", `${lectern.http}/live/nobody.flv`);
  await finds("unreachable", "http://127.0.0.1:9/live/good.flv");
  const pages = await badServer((_, response) => response.end("<!doctype html><title>Captive portal</title>"));
  await finds("no-media", `${pages}/live/good.flv`);
  await finds("no-media", `${pages}/live/good.m3u8`);
  const broken = await badServer((_, response) => {
    response.statusCode = 502;
    response.end();
  });
  await finds("http-error", `${broken}/live/good.m3u8`);
});

test("a slow first picture, a server that goes silent, and a stream that ends are found", async () => {
  const flv = readFileSync(join(directory, "good.flv"));
  const timers = new Set<NodeJS.Timeout>();
  const later = (ms: number, call: () => void) => timers.add(setTimeout(call, ms));
  ended.push(() => timers.forEach(clearTimeout));
  const slow = await badServer((_, response) => {
    response.flushHeaders();
    later(5000, () => response.write(flv));
  });
  const silent = await badServer((_, response) => response.flushHeaders());
  const stopping = await badServer((_, response) => {
    // Some seconds of the file, and nothing more.
    response.write(flv.subarray(0, flv.length / 2));
  });
  const ending = await badServer((_, response) => response.end(flv.subarray(0, flv.length / 2)));
  const [late] = await Promise.all([
    probe(`${slow}/live/good.flv`),
    finds("no-media", `${silent}/live/good.flv`),
    finds("stalled", `${stopping}/live/good.flv`),
    finds("ended", `${ending}/live/good.flv`),
  ]);
  assert.equal(late.faults[0]?.code, "slow-first-frame", JSON.stringify(late));
});

test("a dispatch that points at a dead node is found, and the node named", async () => {
  const dispatch = await badServer((_, response) => {
    response.writeHead(302, { location: "http://127.0.0.1:9/live/good.flv" });
    response.end();
  });
  const { faults } = await finds("dispatch-failed", `${dispatch}/dispatch/live/good.flv`);
  assert.match(faults[0]?.detail ?? "", /127\.0\.0\.1:9/);
});

test("a certificate that has expired, and one that nobody trusts, are found; of a good one the end is told", async () => {
  const serve = async ({ cert, key }: { cert: string; key: string }) => {
    const server = createSecureServer({ cert: readFileSync(cert), key: readFileSync(key) }, (_, response) => {
      response.statusCode = 404;
      response.end();
    });
    return `https://localhost:${await listen(server)}/live/good.flv`;
  };
  const old = join(directory, "old");
  mkdirSync(old);
  const expired = makeCertificate(old, "localhost", shiftedClock("-30d"));
  await findsByCommand("certificate-expired", await serve(expired), { NODE_EXTRA_CA_CERTS: expired.cert });
  const good = makeCertificate(directory, "localhost");
  const address = await serve(good);
  await findsByCommand("certificate-untrusted", address);
  const { certificateEndsAt } = await findsByCommand("http-error", address, { NODE_EXTRA_CA_CERTS: good.cert });
  const days = ((certificateEndsAt ?? 0) - Date.now()) / 86_400_000;
  assert.ok(days > 1 && days < 3, `${days} days`);
});

test("a probe whose machine holds it blames nobody", async () => {
  const started = Promise.withResolvers<ChildProcess>();
  const probed = probeByCommand(`${lectern.http}/live/good.flv`, {}, started.resolve);
  const { pid = 0 } = await started.promise;
  for (let pauses = 0; pauses < 3; pauses++) {
    await new Promise((resolve) => setTimeout(resolve, 4000));
    process.kill(pid, "SIGSTOP");
    await new Promise((resolve) => setTimeout(resolve, 1500));
    process.kill(pid, "SIGCONT");
  }
  const report = await probed;
  assert.deepEqual(report.faults, [], JSON.stringify(report));
  assert.ok(report.lateMs > 4000, `${report.lateMs} ms`);
});

test("a node with the role probe watches live lessons, keeps what it saw, and tells it in its metrics", async () => {
  const [runsBefore, faultsBefore] = [(await lectern.metric(RUNS)) || 0, (await lectern.metric(FAULTS)) || 0];
  const school = await done(lectern, "POST", "/schools", { slug: "probed", name: "Probed" });
  const lesson = await done(lectern, "POST", "/lessons", { schoolId: school.id, title: "Black" });
  publishForever(scope, join(directory, "black.flv"), `${lectern.rtmp}/live/${lesson.stream.name}?key=${lesson.stream.publishKey}`);
  const made = await done(lectern, "POST", "/probes", { schoolId: school.id, name: "All lessons", everySeconds: 60, seconds: 10 });
  let runs: { verdict: string; lessonId: string; report: ProbeReport }[] = [];
  const until = performance.now() + 90_000;
  while (runs.length === 0 && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    runs = (await done(lectern, "GET", `/probes/${made.id}/runs`)).items;
  }
  const [run] = runs;
  assert.ok(run, "no run within 90 s");
  assert.deepEqual([run.verdict, run.lessonId, run.report.faults.map(({ code }) => code)], ["short", lesson.id, ["black"]]);
  assert.deepEqual(
    run.report.steps.map(({ name, status }) => [name, status]),
    [
      ["page", 200],
      ["invitation", 200],
      ["dispatch", 302],
      ["media", 200],
    ],
  );
  assert.doesNotMatch(JSON.stringify(run), /sign=[0-9a-f]{8}/);
  assert.equal(await lectern.metric(RUNS), runsBefore + 1);
  assert.equal(await lectern.metric(FAULTS), faultsBefore + 1);
  const [listed] = (await done(lectern, "GET", `/probes?schoolId=${school.id}`)).items;
  assert.equal(listed.lastVerdict, "short");
});

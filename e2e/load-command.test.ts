/** `lectern load` with a small plan against a real server: what it measures, that it is refused where it is not allowed, and that nothing of it stays. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { sharedLectern } from "./fixtures.ts";
import { startLectern, TOKEN, until } from "./lectern.ts";
import { done } from "./lesson-client.ts";
import { MAIN } from "./program.ts";

const SECRET = "a secret of the operator";
const PEOPLE = 40;
/** Twenty watch, and twenty are in the room. */
const PLAN = `title: A small lesson
media: { file: ${new URL("clips/h264opus.flv", import.meta.url).pathname} }
lessons:
  - { name: maths, lasts: 20s, quizzes: [{ at: 12s, within: 3s }] }
people:
  - name: viewers
    lesson: maths
    count: 20
    arrive: { how: surge, at: 1s, within: 4s }
    watch: { flv: 2, ws: 1, hls: 1, llhls: 1 }
    room: false
  - name: members
    lesson: maths
    count: 20
    arrive: { how: ramp, at: 1s, within: 4s }
    watch: {}
    chat: { every: 3s }
goals: { refused: 0, chat.p99: 60s }
`;

type Answer = { readonly code: number; readonly out: string; readonly said: string };

function load(...args: string[]): Promise<Answer> {
  return new Promise((resolve) => {
    const options = { cwd: tmpdir(), maxBuffer: 1 << 24, env: { ...process.env, LECTERN_ADMIN_TOKEN: TOKEN } };
    execFile(process.execPath, [MAIN, "load", ...args], options, (error, out, said) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, out, said });
    });
  });
}

function folderOf(t: TestContext, plan: string): { readonly folder: string; readonly file: string } {
  const folder = mkdtempSync(join(tmpdir(), "lectern-load-test-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "plan.yaml");
  writeFileSync(file, plan);
  return { folder, file };
}

test("a plan is refused by a server that allows no load tests, in plain words", async (t) => {
  const server = await sharedLectern();
  const { file } = folderOf(t, PLAN);
  const { code, said } = await load(file, "--target", server.http, "--secret", SECRET);
  assert.deepEqual(
    [code, said],
    [1, "lectern: This server allows no load tests. Its operator allows them with `load.secret` in the configuration.\n"],
  );
});

test("a plan with a mistake is refused with its line, before anything is asked of a server", async (t) => {
  const { file } = folderOf(t, PLAN.replace("count: 20", "count: many"));
  const { code, said } = await load(file, "--target", "http://127.0.0.1:9");
  assert.equal(code, 1);
  assert.match(said, /plan\.yaml:8: people\.0\.count: /);
});

test("forty people use a lesson: what they saw is in JSON and on a page, and nothing of them stays", async (t) => {
  // Its operator allows load tests.
  const server = await startLectern(t, { "load.secret": SECRET, workers: "1" });
  const schools = async () => (await done(server, "GET", "/schools")).items.length;
  const before = await schools();
  const { folder, file } = folderOf(t, PLAN);
  const page = join(folder, "result.html");
  const { code, out, said } = await load(file, "--target", server.http, "--secret", SECRET, "--json", "--html", page);
  assert.equal(code, 0, said);
  const result = JSON.parse(out);
  assert.deepEqual([result.people, result.came, result.served, result.refused], [PEOPLE, PEOPLE, PEOPLE, 0], said);
  const steps = ["join", "firstFrame", "firstFrame.flv", "room", "chat", "stored.chat", "stored.answer", "delay.flv", "publish"];
  for (const step of steps) {
    const { count, p50, p95, p99, max } = result.steps[step] ?? assert.fail(`${step} was not measured\n${said}`);
    assert.ok(count > 0 && p50 <= p95 && p95 <= p99 && p99 <= max, step);
  }
  assert.equal(result.steps.join.count, PEOPLE);
  assert.equal(result.steps.room.count, 20);
  assert.ok(result.receivedBytes > 1_000_000 && result.watchedSeconds > 100, `${result.receivedBytes} ${result.watchedSeconds}`);
  assert.ok(result.timeline.some(({ watching }: { watching: number }) => watching === 20));
  assert.ok(result.timeline.some(({ servers }: { servers: unknown[] }) => servers.length === 1));
  assert.match(readFileSync(page, "utf8"), /first frame, from the request/);
  await until(async () => (await schools()) === before, "the school of the test is deleted");
});

test("two results are compared, and what is none is refused", async (t) => {
  const { folder } = folderOf(t, PLAN);
  const resultOf = (p99: number) =>
    JSON.stringify({
      version: 1,
      title: "A",
      startedAt: "2026-12-01",
      people: 1,
      served: 1,
      refused: 0,
      failed: 0,
      stalls: 0,
      stalledSeconds: 0,
      seed: 1,
      ownLimits: [],
      timeline: [],
      steps: { join: { count: 1, p50: 10, p95: p99, p99, max: p99 } },
    });
  const files = [100, 150].map((p99) => {
    const file = join(folder, `${p99}.json`);
    writeFileSync(file, resultOf(p99));
    return file;
  });
  const { code, out } = await load("--compare", ...files);
  assert.equal(code, 0);
  assert.match(out, /join by the API, p99 +100 +150 +\+50 %/);
  const broken = await load("--compare", ...files.slice(0, 1), join(folder, "plan.yaml"));
  assert.deepEqual([broken.code, /plan\.yaml is not JSON/.test(broken.said)], [1, true]);
});

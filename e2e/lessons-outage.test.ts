/**
 * Lessons of many viewers while a part of the server is down. By name it measures gaps and recovery times of five hundred; else nobody may be forgotten.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type TestContext, test } from "node:test";
import { sharedLectern } from "./fixtures.ts";
import { type Lectern, startLectern, TOKEN, until } from "./lectern.ts";
import { ask, done, push, type Watching, watch } from "./lesson-client.ts";
import { rare, runsRare } from "./long-tests.ts";
import { startPostgres } from "./postgres.ts";
import { onWorker, pidOf } from "./worker-connections.ts";

const {
  viewers: VIEWERS,
  gapMs: GAP_MS,
  backMs: BACK_MS,
} = runsRare
  ? // The API is back after two seconds on a quiet machine; most of it is loading and opening the database.
    { viewers: 500, gapMs: 2500, backMs: 8000 }
  : // Only a hang reaches these.
    { viewers: 100, gapMs: 15_000, backMs: 60_000 };

/** The viewers of a lesson that is live, and a user who is signed in. */
async function fullLesson(lectern: Lectern, t: TestContext) {
  const { items } = await done(lectern, "GET", "/schools");
  await done(lectern, "POST", "/users", { schoolId: items[0].id, login: "mei", name: "Mei", password: "correct horse" });
  const session = await ask(lectern, "POST", "/sessions", { login: "mei", password: "correct horse" }, null);
  const lesson = await done(lectern, "POST", "/lessons", { title: "Maths" });
  push(t, lesson.stream.rtmpUrl);
  await lectern.stream(lesson.stream.name, (stream) => stream.video !== null);
  const joined = await done(lectern, "POST", `/lessons/${lesson.code}/join`, { name: "Anna" });
  const viewers: Watching[] = Array.from({ length: VIEWERS }, () => watch(joined.play.flv));
  t.after(() => {
    for (const { leave } of viewers) leave();
  });
  await until(() => viewers.every(({ bytes }) => bytes() > 10_000), "pictures for all");
  return { lesson, joined, viewers, token: session.body.token as string };
}

test("the control process is killed under its viewers: no gap, then right again, nobody signed out", async (t) => {
  const lectern = await sharedLectern();
  const { lesson, joined, viewers, token } = await fullLesson(lectern, t);
  const second = await done(lectern, "POST", "/lessons", { title: "Loses its publisher meanwhile" });
  const publisher = push(t, second.stream.rtmpUrl);
  await until(async () => (await done(lectern, "GET", `/lessons/${second.id}`)).state === "live", "the second lesson");
  const killed = performance.now();
  process.kill(pidOf(lectern, "control"), "SIGKILL");
  // A viewer with a link is admitted meanwhile.
  const late = watch(joined.play.flv);
  publisher.child.kill("SIGKILL");
  const state = await until(async () => {
    const answer = await ask(lectern, "GET", `/lessons/${lesson.id}`).catch(() => null);
    return answer?.status === 200 ? answer.body.state : null;
  }, "the API to be back");
  assert.equal(state, "live");
  const back = performance.now() - killed;
  assert.ok(back < BACK_MS, `right again after ${Math.round(back)} ms`);
  assert.equal((await ask(lectern, "GET", "/me", undefined, token)).body.user.login, "mei");
  await until(() => late.bytes() > 10_000, "a picture for who came meanwhile");
  late.leave();
  // Its grace period was running while nobody could write that it ended.
  await until(
    async () => (await done(lectern, "GET", `/lessons/${second.id}`)).publisherLeftAt,
    "the absence of the second lesson's publisher",
    30_000,
  );
  const gaps = viewers.map(({ longestGapMs }) => longestGapMs());
  assert.ok(Math.max(...gaps) < GAP_MS, `the longest gap of any viewer is ${Math.round(Math.max(...gaps))} ms`);
  t.diagnostic(`API back after ${Math.round(back)} ms, longest gap ${Math.round(Math.max(...gaps))} ms`);
});

test("PostgreSQL is stopped and started under its viewers: no gap, then right again, nobody signed out", async (t) => {
  const postgres = await startPostgres(t);
  const lectern = await startLectern(t, { "database.url": postgres.database() });
  const { lesson, joined, viewers, token } = await fullLesson(lectern, t);
  const second = await done(lectern, "POST", "/lessons", { title: "Begins meanwhile" });
  postgres.stop();
  const away = await ask(lectern, "GET", `/lessons/${lesson.id}`);
  assert.deepEqual([away.status, away.body.code], [503, "database-away"]);
  // A rule that a worker has never asked for cannot be had now; one that is known holds.
  const late = watch(joined.play.flv);
  await until(() => late.bytes() > 10_000, "a picture while the database is down");
  late.leave();
  const early = push(t, second.stream.rtmpUrl);
  assert.match((await early.done).said, /control-away|internal-error|database-away/);
  postgres.start();
  const started = performance.now();
  await until(async () => (await ask(lectern, "GET", `/lessons/${lesson.id}`)).body.state === "live", "the lesson");
  push(t, second.stream.rtmpUrl);
  await until(async () => (await done(lectern, "GET", `/lessons/${second.id}`)).state === "live", "the second lesson");
  const took = performance.now() - started;
  assert.equal((await ask(lectern, "GET", "/me", undefined, token)).body.user.login, "mei");
  const gaps = viewers.map(({ longestGapMs }) => longestGapMs());
  assert.ok(Math.max(...gaps) < GAP_MS, `the longest gap of any viewer is ${Math.round(Math.max(...gaps))} ms`);
  assert.ok(took < BACK_MS, `right again after ${Math.round(took)} ms`);
});

rare(
  "a worker stands still for longer than it may take to answer while its lesson ends: nothing else ends, and the stream does",
  async (t) => {
    const lectern = await startLectern(t, { workers: "2" });
    const lesson = await done(lectern, "POST", "/lessons", { title: "Maths" });
    push(t, lesson.stream.rtmpUrl);
    const { process: publishing } = await lectern.stream(lesson.stream.name, (stream) => stream.video !== null);
    const { socket } = await onWorker(lectern, (name) => name !== publishing);
    const [control, worker] = [pidOf(lectern, "control"), pidOf(lectern, publishing)];
    process.kill(worker, "SIGSTOP");
    t.after(() => process.kill(worker, "SIGCONT"));
    const head = `POST /api/v1/lessons/${lesson.id}/end HTTP/1.1`;
    socket.write([head, "host: a", `authorization: Bearer ${TOKEN}`, "content-length: 0", "", ""].join("\r\n"));
    const [answer] = (await once(socket, "data")) as [Buffer];
    assert.match(answer.toString(), /^HTTP\/1.1 200/);
    await until(() => /stream not ended|has not answered|died/.test(lectern.said()), "it to be noticed");
    process.kill(worker, "SIGCONT");
    socket.destroy();
    await until(async () => {
      const answer = await ask(lectern, "GET", `/lessons/${lesson.id}/stream`).catch(() => null);
      return answer?.status === 200 && answer.body.stream === null;
    }, "the stream's end");
    assert.equal(pidOf(lectern, "control"), control);
  },
);

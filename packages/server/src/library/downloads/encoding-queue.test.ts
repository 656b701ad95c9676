/** The queue of downloads: turns of schools, the disk, what nobody wants any more, and workers that die. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { DownloadAttempt, DownloadOrder, DownloadState, DownloadTask } from "../../contracts/recordings/download-messages.ts";
import type { Clock } from "../../platform/clock.ts";
import { type DownloadSettings, EncodingQueue } from "./encoding-queue.ts";

const MB = 1e6;

function opened(settings: Partial<DownloadSettings> = {}, { free = 1e12, hasCores = true } = {}) {
  let now = 0;
  const clock = { monotonic: () => now } as Clock;
  const started: (DownloadTask & { worker: string })[] = [];
  const stopped: DownloadAttempt[] = [];
  const removed: string[] = [];
  const shed = new Set<string>();
  const queue = new EncodingQueue({
    clock,
    settings: () => ({ atOnce: 2, keepMs: 3_600_000, maxBytes: 1000 * MB, ...settings }),
    isShed: (school) => shed.has(school),
    takeCores: () => hasCores,
    freeBytes: async () => free,
    workers: () => ["w1", "w2"],
    start: (worker, task) => started.push({ ...task, worker }),
    stop: async (_, of) => void stopped.push(of),
    remove: async ({ id }) => void removed.push(id),
  });
  const order = async (fields: Partial<DownloadOrder> = {}): Promise<DownloadState> => {
    const answer = await queue.order({
      recording: "r",
      owner: "o",
      school: "a",
      mark: { text: "Anna", id: "X", opacity: 0.4 },
      seconds: 60,
      bytes: 10 * MB,
      ...fields,
    });
    if ("refused" in answer) throw new Error(answer.refused);
    return answer;
  };
  const finish = (task: DownloadTask & { worker: string }, bytes = 10 * MB) =>
    queue.take(task.worker, { id: task.id, state: "done", bytes, cores: null });
  return { queue, shed, started, stopped, removed, order, finish, pass: (ms: number) => void (now += ms) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("a school with many orders waits its turn: the order of another one comes next", async () => {
  const { started, order, finish } = opened({ atOnce: 1 });
  for (let i = 0; i < 20; i++) await order({ owner: `a${i}`, recording: `a${i}` });
  await order({ owner: "b", school: "b", recording: "b1" });
  await order({ owner: "b", school: "b", recording: "b2" });
  for (let i = 0; i < 5; i++) {
    const last = started.at(-1);
    assert.ok(last);
    finish(last);
  }
  assert.deepEqual(
    started.map(({ recording }) => recording),
    ["a0", "b1", "a1", "b2", "a2", "a3"],
  );
});

test("orders of a school wait while the server does without its files, and those of others go on", async () => {
  const { queue, shed, started, order } = opened({ atOnce: 2 });
  shed.add("a");
  await order({ owner: "a", recording: "a1" });
  await order({ owner: "b", school: "b", recording: "b1" });
  assert.deepEqual(
    started.map(({ recording }) => recording),
    ["b1"],
  );
  shed.clear();
  queue.sweep();
  assert.deepEqual(
    started.map(({ recording }) => recording),
    ["b1", "a1"],
  );
});

test("the same person, recording and text is one download; another person or text is another one", async () => {
  const { order } = opened();
  const { id } = await order();
  assert.equal((await order()).id, id);
  assert.notEqual((await order({ owner: "p" })).id, id);
  assert.notEqual((await order({ mark: { text: "Anne", id: "X", opacity: 0.4 } })).id, id);
});

test("two orders of the same at once are one", async () => {
  const { started, order } = opened();
  const [one, other] = await Promise.all([order(), order()]);
  assert.equal(one.id, other.id);
  assert.equal(started.length, 1);
});

test("what nobody asks for any more is given up; what somebody asks for goes on", async () => {
  const { queue, started, stopped, order, pass } = opened({ atOnce: 1 });
  const [wanted, left] = [await order({ owner: "w" }), await order({ owner: "l", recording: "l" })];
  for (let i = 0; i < 3; i++) {
    pass(60_000);
    queue.take("w1", { id: wanted.id, state: "running", share: 0.1, bytes: 1, cores: null });
    assert.equal(queue.find(wanted)?.state, "running");
    queue.sweep();
  }
  assert.equal(queue.find(left), null);
  assert.equal(started.length, 1);
  pass(140_000);
  queue.sweep();
  await settled();
  assert.deepEqual(
    stopped.map(({ id, attempt }) => `${id} ${attempt}`),
    [`${wanted.id} 1`],
  );
  assert.equal(queue.find(wanted), null);
});

test("a file is deleted after its time, and earlier where the next one needs the room", async () => {
  const { queue, started, removed, order, finish, pass } = opened({ maxBytes: 80 * MB });
  const first = await order({ recording: "1" });
  assert.ok(started[0]);
  finish(started[0], 30 * MB);
  pass(1000);
  const second = await order({ recording: "2" });
  assert.ok(started[1]);
  finish(started[1], 30 * MB);
  await order({ recording: "3" });
  await settled();
  assert.deepEqual(removed, [first.id]);
  assert.equal(started.length, 3);
  assert.equal(queue.find(second)?.state, "done");
  pass(3_700_000);
  queue.sweep();
  await settled();
  assert.ok(removed.includes(second.id));
});

test("without room on the disk, with too large a file, and with too many orders it is refused", async () => {
  await assert.rejects(opened({}, { free: 201 * MB }).order(), /disk-full/);
  await assert.rejects(opened({ maxBytes: 20 * MB }).order(), /too-large/);
  const { order } = opened();
  for (const recording of ["1", "2", "3"]) await order({ recording });
  await assert.rejects(order({ recording: "4" }), /too-many/);
});

test("without an idle core one begins after some time, and no second one", async () => {
  const { queue, started, order, pass } = opened({}, { hasCores: false });
  await order({ recording: "1" });
  await order({ recording: "2" });
  pass(10_000);
  queue.sweep();
  assert.equal(started.length, 0);
  pass(11_000);
  queue.sweep();
  queue.sweep();
  assert.equal(started.length, 1);
});

test("what a worker that died was making is made again, in another folder, and given up when that dies too", async () => {
  const { queue, started, order } = opened();
  const of = await order();
  assert.equal(started[0]?.worker, "w1");
  queue.workerGone("w1");
  queue.sweep();
  assert.deepEqual(
    started.map(({ attempt }) => attempt),
    [1, 2],
  );
  const [, again] = started;
  assert.ok(again);
  // A late report of the first try counts for nothing.
  queue.take(again.worker === "w1" ? "w2" : "w1", { id: of.id, state: "done", bytes: 1, cores: null });
  assert.equal(queue.find(of)?.state, "running");
  queue.workerGone(again.worker);
  assert.equal(queue.find(of)?.state, "failed");
});

test("a worker that says nothing is told again", async () => {
  const { queue, started, order, pass } = opened();
  const of = await order();
  pass(60_000);
  queue.find(of);
  queue.sweep();
  assert.equal(started.length, 1);
  pass(40_000);
  queue.sweep();
  assert.deepEqual(
    started.map(({ attempt }) => attempt),
    [1, 2],
  );
});

test("a download is found by its recording and its id together only", async () => {
  const { queue, order } = opened();
  const { id } = await order();
  assert.equal(queue.find({ id, recording: "other" }), null);
  await queue.cancel({ id, recording: "other" });
  assert.equal(queue.find({ id, recording: "r" })?.state, "running");
});

test("after a failure the same can be ordered again, while the reason is still told", async () => {
  const { queue, started, order } = opened();
  const first = await order();
  assert.ok(started[0]);
  queue.take(started[0].worker, { id: first.id, state: "failed", problem: "disk-full", bytes: 0, cores: null });
  const again = await order();
  assert.notEqual(again.id, first.id);
  const told = queue.find(first);
  assert.equal(told?.state === "failed" && told.problem, "disk-full");
});

test("the picture of a lesson is made whether anybody asks or not, once more when ffmpeg dies, and leaves no file behind", async () => {
  const { queue, started, removed, order, finish, pass } = opened();
  const of = { app: "live", name: "lesson", result: "result", epoch: "picture-sult", people: [] };
  const picture = { owner: "lesson l", recording: "l", mark: null, picture: { id: "known", ...of } };
  assert.equal((await order(picture)).id, "known");
  assert.equal((await order({ ...picture, seconds: 61 })).id, "known");
  for (let i = 0; i < 10; i++) {
    const task = started.at(-1);
    queue.take(task?.worker ?? "", { id: "known", state: "running", share: i / 10, bytes: 1, cores: 1 });
    pass(60_000);
    queue.sweep();
  }
  assert.deepEqual(
    started.map(({ id, attempt, picture }) => `${id} ${attempt} ${picture?.result}`),
    ["known 1 result"],
  );
  const fail = (attempt: number) => {
    const { worker = "" } = started.find((task) => task.attempt === attempt) ?? {};
    queue.take(worker, { id: "known", state: "failed", bytes: 0, cores: null, problem: "failed" });
  };
  fail(1);
  assert.equal(started.at(-1)?.attempt, 2);
  fail(2);
  assert.equal(queue.find({ id: "known", recording: "l" })?.state, "failed");
  assert.equal((await order(picture)).state, "running");
  const last = started.at(-1);
  assert.ok(last);
  finish(last);
  assert.equal(queue.find({ id: "known", recording: "l" })?.state, "done");
  pass(60_000);
  queue.sweep();
  await settled();
  assert.equal(queue.find({ id: "known", recording: "l" }), null);
  assert.deepEqual(removed, ["known"]);
});

test("the picture of a lesson whose workers die is taken up by others, three times in all", async () => {
  const { queue, started, order } = opened();
  const picture = { id: "known", app: "live", name: "lesson", result: "result", epoch: "picture-sult", people: [] };
  await order({ owner: "lesson l", recording: "l", mark: null, picture });
  for (const attempt of [1, 2, 3]) {
    const task = started.at(-1);
    assert.equal(task?.attempt, attempt);
    queue.take(task.worker, { id: "known", state: "running", share: 0.5, bytes: 1, cores: 1 });
    queue.workerGone(task.worker);
    queue.sweep();
  }
  assert.equal(started.length, 3);
  assert.equal(queue.find({ id: "known", recording: "l" })?.state, "failed");
});

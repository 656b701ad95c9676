/** When background work is looked for and done, on a clock that the test moves. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { ManualClock } from "../../../platform/clock.ts";
import { silentLog } from "../store/test-database.ts";
import { BackgroundWork, POLL_MS, SLEEP_MS } from "./background-work.ts";
import { soleItem, type Turn, type WorkItem, type WorkKind } from "./work-kind.ts";

/** A queue in memory, and work on it. */
function openQueue({ isLeader = () => true, isHeard = () => true, ...kind }: Partial<WorkKind<WorkItem>> & Partial<Fake> = {}) {
  const clock = new ManualClock();
  const rows = new Map<string, WorkItem>();
  const told: string[] = [];
  let looks = 0;
  const work = new BackgroundWork({
    log: silentLog,
    clock,
    isLeader,
    others: { isHeard, wake: (name) => told.push(name) },
  });
  const done: string[] = [];
  work.add({
    name: "letters",
    places: {},
    failure: "letter not sent",
    find: async ({ until, busy }) => {
      looks++;
      const found = [...rows.values()].filter(({ id, dueAt }) => dueAt <= until && !busy.includes(id));
      return found.toSorted((one, other) => one.dueAt - other.dueAt);
    },
    perform: async ({ id }) => {
      done.push(id);
      rows.delete(id);
    },
    ...kind,
  });
  const add = (id: string, afterMs = 0, rest: Partial<WorkItem> = {}): void => {
    rows.set(id, { ...soleItem(id, clock.utc() + afterMs), ...rest });
  };
  const advance = async (milliseconds: number): Promise<void> => {
    clock.advance(milliseconds);
    await setImmediate();
  };
  return { work, rows, add, done, told, advance, looks: () => looks };
}

type Fake = { readonly isLeader: () => boolean; readonly isHeard: () => boolean };

test("what is due when the work starts is done at once, in the order in which it is due", async () => {
  const { work, add, done, advance } = openQueue();
  add("late", -1000);
  add("later", -500);
  work.start();
  await advance(0);
  assert.deepEqual(done, ["late", "later"]);
});

test("what is due in a while is done then, without a look in between", async () => {
  const { work, add, done, advance, looks } = openQueue();
  add("letter", 7000);
  work.start();
  await advance(0);
  await advance(6999);
  assert.deepEqual([done, looks()], [[], 1]);
  await advance(1);
  assert.deepEqual(done, ["letter"]);
});

test("where nothing is due, it is looked for once in each longest sleep", async () => {
  const { work, advance, looks } = openQueue();
  work.start();
  await advance(0);
  for (let passed = 0; passed < 10 * SLEEP_MS; passed += 1000) await advance(1000);
  assert.equal(looks(), 11);
});

test("what is queued is done at once when its kind is woken, and at the end of the longest sleep when it is not", async () => {
  const { work, add, done, advance } = openQueue();
  work.start();
  await advance(0);
  add("told");
  work.wake("letters");
  await advance(0);
  assert.deepEqual(done, ["told"]);
  add("unnotified");
  await advance(SLEEP_MS - 1);
  assert.deepEqual(done, ["told"]);
  await advance(1);
  assert.deepEqual(done, ["told", "unnotified"]);
});

test("a kind is woken by changes that it names, and by no other", async () => {
  const { work, add, done, advance } = openQueue({ isWokenBy: ({ targetKind }) => targetKind === "letter" });
  work.start();
  await advance(0);
  add("letter");
  work.committed([{ action: "lesson.create", schoolId: null, targetKind: "lesson", targetId: "1" }]);
  await advance(0);
  assert.deepEqual(done, []);
  work.committed([{ action: "letter.create", schoolId: null, targetKind: "letter", targetId: "1" }]);
  await advance(0);
  assert.deepEqual(done, ["letter"]);
});

test("a process that does not lead looks for nothing and wakes the one that does; elected, it does what is due", async () => {
  let isLeader = false;
  const { work, add, done, told, advance, looks } = openQueue({ isLeader: () => isLeader });
  add("letter");
  work.start();
  work.wake("letters");
  await advance(10 * SLEEP_MS);
  assert.deepEqual([looks(), done, told], [0, [], ["letters"]]);
  isLeader = true;
  work.wakeAll();
  await advance(0);
  assert.deepEqual(done, ["letter"]);
});

test("a process that may miss what others tell looks every two seconds", async () => {
  const { work, add, done, advance } = openQueue({ isHeard: () => false });
  work.start();
  await advance(0);
  add("letter");
  await advance(POLL_MS);
  assert.deepEqual(done, ["letter"]);
});

test("work whose end could not be stored is done again after 2 s, 4 s, 8 s, and a minute at most; nothing wakes it before", async () => {
  let attempts = 0;
  const clocks: number[] = [];
  const { work, add, advance } = openQueue({
    perform: async (_, { now }: Turn) => {
      attempts++;
      clocks.push(now);
      throw new Error("the database is gone");
    },
  });
  add("letter");
  work.start();
  for (let passed = 0; passed < 200_000; passed += 1000) {
    await advance(1000);
    work.wake("letters");
    await advance(0);
  }
  const gaps = clocks.slice(1).map((at, i) => (at - (clocks[i] ?? 0)) / 1000);
  assert.deepEqual(gaps.slice(0, 7), [2, 4, 8, 16, 32, 60, 60]);
  assert.equal(attempts, clocks.length);
});

test("a table that cannot be read is read again, with growing delays, and then works as before", async () => {
  let reads = 0;
  const { work, advance } = openQueue({
    find: async () => {
      reads++;
      throw new Error("the database is gone");
    },
  });
  work.start();
  await advance(0);
  await advance(2000);
  await advance(3999);
  assert.equal(reads, 2);
  await advance(1);
  assert.equal(reads, 3);
});

test("what stays due after it was done rests, unless its kind is woken", async () => {
  let times = 0;
  const { work, add, advance } = openQueue({
    restMs: 2000,
    perform: async () => {
      times++;
    },
  });
  add("turn");
  work.start();
  await advance(0);
  await advance(1999);
  assert.equal(times, 1);
  await advance(1);
  assert.equal(times, 2);
  work.wake("letters");
  await advance(0);
  assert.equal(times, 3);
});

test("a wake-up while something is done is not lost", async () => {
  let times = 0;
  let finish = (): void => {};
  const { work, add, advance } = openQueue({
    restMs: 60_000,
    perform: () => {
      times++;
      return new Promise((resolve) => (finish = resolve));
    },
  });
  add("turn");
  work.start();
  await advance(0);
  work.wake("letters");
  finish();
  await advance(0);
  assert.equal(times, 2);
});

test("what waits for a place begins when one becomes free, and nothing is done twice at once", async () => {
  const running: string[] = [];
  const finish: (() => void)[] = [];
  const { work, rows, add, advance } = openQueue({
    places: { total: 2 },
    perform: ({ id }) => {
      running.push(id);
      return new Promise((resolve) =>
        finish.push(() => {
          rows.delete(id);
          resolve();
        }),
      );
    },
  });
  for (const id of ["a", "b", "c"]) add(id);
  work.start();
  await advance(0);
  work.wake("letters");
  await advance(0);
  assert.deepEqual(running, ["a", "b"]);
  finish.shift()?.();
  await advance(0);
  assert.deepEqual(running, ["a", "b", "c"]);
});

test("a thousand items that wait for a place are begun one after the other with one look, unless the kind is woken", async () => {
  const { work, rows, add, done, advance, looks } = openQueue({
    places: { total: 1 },
    perform: async ({ id }) => {
      await setImmediate();
      done.push(id);
      rows.delete(id);
      if (done.length === 500) {
        add("urgent", -1);
        work.wake("letters");
      }
    },
  });
  for (let i = 0; i < 1000; i++) add(`letter ${i}`);
  work.start();
  while (rows.size > 0) await advance(0);
  await advance(0);
  assert.deepEqual([done.length, done.indexOf("urgent"), looks()], [1001, 500, 3]);
});

test("what is done while a look is under way is not done again by what that look has seen", async () => {
  const item = (id: string, target: string): WorkItem => ({ ...soleItem(id, 0), target });
  const [first, second, other] = [item("first", "x"), item("second", "x"), item("other", "y")];
  const looks = [[first, second, other], [second], []];
  let answerLook = (): void => {};
  const finish = new Map<string, () => void>();
  const begun: string[] = [];
  const { work, advance } = openQueue({
    places: { perTarget: 1 },
    restMs: 0,
    find: async () => {
      const found = looks.shift() ?? [];
      if (looks.length === 1) await new Promise<void>((resolve) => (answerLook = resolve));
      return found;
    },
    perform: ({ id }) => {
      begun.push(id);
      return new Promise((resolve) => finish.set(id, resolve));
    },
  });
  work.start();
  await advance(0);
  // Nothing that waits has its place: it looks.
  finish.get("other")?.();
  await advance(0);
  finish.get("first")?.();
  await advance(0);
  finish.get("second")?.();
  await advance(0);
  answerLook();
  await advance(0);
  finish.get("second")?.();
  await advance(0);
  assert.deepEqual(begun, ["first", "other", "second"]);
  await work.close();
});

test("closing waits for what is being done, tells it to stop, and begins nothing more", async () => {
  let stopped = false;
  const { work, add, advance, done, looks } = openQueue({
    places: { total: 1 },
    perform: ({ id }, { signal }: Turn) =>
      new Promise((resolve) =>
        signal.addEventListener("abort", () => {
          stopped = true;
          done.push(id);
          resolve();
        }),
      ),
  });
  add("a");
  add("b");
  work.start();
  await advance(0);
  const before = looks();
  await work.close();
  assert.deepEqual([stopped, done, looks()], [true, ["a"], before]);
  await work.close();
});

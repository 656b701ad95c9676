import assert from "node:assert/strict";
import { test } from "node:test";
import { openLog } from "./log.ts";
import { PeriodicWork } from "./periodic-work.ts";

test("the work is not begun again while it is being done, goes on after a failure, and is waited for at the end", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const settles: PromiseWithResolvers<void>[] = [];
  const log = openLog("silent");
  const warned = t.mock.method(log, "warn");
  let isWanted = true;
  const work = new PeriodicWork({
    everyMs: 1000,
    work: () => {
      const begun = Promise.withResolvers<void>();
      settles.push(begun);
      return begun.promise;
    },
    log,
    failure: "not done",
    isWanted: () => isWanted,
  });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  work.start();
  t.mock.timers.tick(999);
  assert.equal(settles.length, 0);
  t.mock.timers.tick(2001);
  assert.equal(settles.length, 1, "only one at a time");
  settles[0]?.reject(new Error("broken"));
  await settled();
  assert.equal(warned.mock.callCount(), 1);
  isWanted = false;
  t.mock.timers.tick(1000);
  assert.equal(settles.length, 1);
  isWanted = true;
  t.mock.timers.tick(1000);
  assert.equal(settles.length, 2);
  let isClosed = false;
  const closing = work.close().then(() => {
    isClosed = true;
  });
  await settled();
  assert.equal(isClosed, false);
  settles[1]?.resolve();
  await closing;
  t.mock.timers.tick(5000);
  assert.equal(settles.length, 2);
});

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pino } from "pino";
import { withAdvisoryLock } from "./advisory-lock.ts";
import { LeaderTask } from "./leader-task.ts";
import { connectStore } from "./store.ts";

test("with the embedded database the only process leads at once, and not after it closes", { timeout: 60_000 }, async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), "lectern-leader-"));
  t.after(() => rmSync(dataDir, { recursive: true, force: true }));
  const log = pino({ level: "silent" });
  const store = await connectStore({ url: "", dataDir, log });
  t.after(() => store.close());
  let elections = 0;
  const task = new LeaderTask(store, "test", log, async () => {
    elections++;
  });
  assert.equal(task.isLeader, false);
  await task.start();
  assert.deepEqual([task.isLeader, elections], [true, 1]);
  assert.equal(await withAdvisoryLock(store, "test", async () => "done"), "done");
  await task.close();
  assert.equal(task.isLeader, false);
});

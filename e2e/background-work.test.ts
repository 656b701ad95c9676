/** Processes on one PostgreSQL server: what one of them queues, the one that does the background work hears of. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../packages/server/src/platform/clock.ts";
import { silentLog } from "../packages/server/src/school/foundation/store/test-database.ts";
import { BackgroundWork } from "../packages/server/src/school/foundation/work/background-work.ts";
import { soleItem } from "../packages/server/src/school/foundation/work/work-kind.ts";
import { WorkNotices } from "../packages/server/src/school/foundation/work/work-notices.ts";
import { until } from "./lectern.ts";
import { copyOfMigrated, openStoreAt } from "./school-postgres.ts";

test("the process that leads is woken by what another one has queued, without looking in between, and does it once", async (t) => {
  const url = await copyOfMigrated();
  const rows = new Set<string>();
  const done: string[] = [];
  const start = async (name: string, isLeader: boolean) => {
    const store = await openStoreAt(url);
    const notices = new WorkNotices(store);
    // Time stands still: nothing but a wake-up makes it look.
    const work = new BackgroundWork({ log: silentLog, clock: new ManualClock(), isLeader: () => isLeader, others: notices });
    work.add({
      name: "letters",
      places: {},
      failure: "letter not sent",
      find: async ({ busy }) => [...rows].filter((id) => !busy.includes(id)).map((id) => soleItem(id, 0)),
      perform: async ({ id }) => {
        rows.delete(id);
        done.push(`${id} by ${name}`);
      },
    });
    if (isLeader) notices.listen({ onWake: (kind) => work.heard(kind), onState: () => work.wakeAll() });
    work.start();
    t.after(async () => {
      await work.close();
      await notices.close();
      await store.close();
    });
    return { work, notices };
  };
  const leader = await start("leader", true);
  const other = await start("other", false);
  await until(() => leader.notices.isHeard(), "the leader to listen");
  rows.add("letter");
  other.work.wake("letters");
  await until(() => done.length > 0, "the letter");
  assert.deepEqual(done, ["letter by leader"]);
});

/** Alarms on a disk that is full: the embedded database on a small file system of its own. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { appendFileSync, cpSync, mkdtempSync, rmSync, statfsSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { sql } from "kysely";
import { isDiskFull } from "../../../platform/store/database-errors.ts";
import { DiskReserve } from "../../../platform/store/disk-reserve.ts";
import { connectStore } from "../../../platform/store/store.ts";
import { Changes } from "../../foundation/store/change.ts";
import { migratedDatabase } from "../../foundation/store/migrated-database.ts";
import type { Tables } from "../../foundation/store/tables.ts";
import { silentLog } from "../../foundation/store/test-database.ts";
import { Series } from "../metrics-history/metrics-history.ts";
import { AlarmService, type OpenAlarm } from "./alarm-service.ts";

/** Null where this user may mount none. */
function smallDisk(t: TestContext): string | null {
  const directory = mkdtempSync(join(tmpdir(), "lectern-full-"));
  const isMounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=160m", "tmpfs", directory]).status === 0;
  t.after(() => {
    if (isMounted) execFileSync("umount", ["-l", directory]);
    rmSync(directory, { recursive: true, force: true });
  });
  return isMounted ? directory : null;
}

/** Until not one byte more has room. */
function fill(directory: string): void {
  for (let size = 1 << 20; size > 0; size >>= 1) {
    const ballast = Buffer.alloc(size, 1);
    try {
      for (;;) appendFileSync(join(directory, "ballast"), ballast);
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, "ENOSPC");
    }
  }
}

test("alarms are written while the disk of the database is full, and the room for them is kept again when there is some", async (t) => {
  const directory = smallDisk(t);
  if (directory === null) return t.skip("needs root, to mount a small file system");
  cpSync(await migratedDatabase(), join(directory, "db"), { recursive: true });
  const store = await connectStore<Tables>({ url: "", dataDir: directory, log: silentLog });
  t.after(store.close);
  const { db, reserve } = store;
  assert.ok(reserve);
  await reserve.fill();
  const reserved = () => statSync(join(directory, "db-reserve")).size;
  const all = reserved();
  assert.ok(all >= 1 << 20);
  fill(directory);
  await assert.rejects(
    sql`create table full_disk as select repeat('x', 100) as words from generate_series(1, 1000)`.execute(db),
    isDiskFull,
  );
  const changes = new Changes(db, () => {});
  const alarms = new AlarmService({ db, log: silentLog, changes, isLeader: () => true, measurements: new Series(), reserve });
  t.after(() => alarms.close());
  // More than the free space in the pages that are there.
  const detail = "No space left on device. ".repeat(40);
  const open = Array.from(
    { length: 40 },
    (_, i): OpenAlarm => ({ code: "recording-stopped", subject: `live/stream-${i}`, detail }),
  );
  alarms.report("media", open);
  await alarms["writing"];
  assert.equal((await db.selectFrom("alarms").select("id").where("cleared_at", "is", null).execute()).length, open.length);
  assert.ok(reserved() > 0 && reserved() < all, `${reserved()} bytes are left`);

  rmSync(join(directory, "ballast"));
  assert.ok(statfsSync(directory).bavail > 0);
  await reserve.fill();
  assert.equal(reserved(), all);
});

test("no room is kept where the disk has little", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "lectern-reserve-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  let free = 10 * 1024 * 1024;
  const reserve = new DiskReserve(join(directory, "reserve"), async () => free);
  await reserve.fill();
  assert.equal(await reserve.release(), null);
  free = 1e9;
  await reserve.fill();
  const left = (await reserve.release()) ?? 0;
  assert.ok(left > 0);
  assert.equal(statSync(join(directory, "reserve")).size, left);
});

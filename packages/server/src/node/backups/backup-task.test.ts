import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { gzipSync } from "node:zlib";
import { pino } from "pino";
import { BackupDigest } from "../../platform/store/backup-file.ts";
import { folderTarget } from "./backup-target.ts";
import { BackupTask, type BackupTaskOptions } from "./backup-task.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BEGIN = Date.UTC(2026, 10, 29, 12);

/** A task with a clock that is set, whose backups have no rows. */
function scene(t: TestContext, options: Partial<BackupTaskOptions> = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), "lectern-backup-task-"));
  t.after(() => rmSync(dataDir, { recursive: true }));
  const kept = join(dataDir, "kept");
  const clock = { now: BEGIN };
  const tried: string[] = [];
  const all: BackupTaskOptions = {
    settings: () => ({ every: "24h", keep: 3, to: kept }),
    dataDir,
    log: pino({ level: "silent" }),
    isLeader: () => true,
    write: async (file) => {
      writeEmptyBackup(file);
      return { rows: 0 };
    },
    target: async (to) => folderTarget(to),
    trial: async (file) => {
      tried.push(readFileSync(file).toString("hex"));
      return "restored";
    },
    now: () => clock.now,
    ...options,
  };
  return { clock, kept, tried, open: () => new BackupTask(all), task: new BackupTask(all), names: () => readdirSync(kept).sort() };
}

function writeEmptyBackup(file: string): void {
  const digest = new BackupDigest();
  const head = `${JSON.stringify({ lectern: "backup", version: 2, writtenAt: "", migrations: [] })}\n`;
  digest.add(head, 0);
  writeFileSync(file, gzipSync(`${head}${JSON.stringify({ end: digest.end() })}\n`));
}

test("a backup is made at once and when the next one is due, and its age grows meanwhile", async (t) => {
  const { clock, task, names } = scene(t);
  assert.equal(task.ageSeconds(), null);
  await task.run();
  assert.deepEqual(names(), ["lectern-2026-11-29T120000Z.gz"]);
  clock.now += 23 * HOUR_MS;
  await task.run();
  assert.equal(names().length, 1);
  assert.equal(task.ageSeconds(), 23 * 3600);
  clock.now += HOUR_MS;
  await task.run();
  assert.deepEqual(names(), ["lectern-2026-11-29T120000Z.gz", "lectern-2026-11-30T120000Z.gz"]);
  assert.equal(task.ageSeconds(), 0);
});

test("backups that are too old are removed, other files and the last good backup are not", async (t) => {
  const failing = { isFailing: false };
  const { clock, kept, task, names } = scene(t, {
    write: async (file) => {
      if (failing.isFailing) throw new Error("the disk is full");
      writeEmptyBackup(file);
      return { rows: 0 };
    },
  });
  await task.run();
  const mine = names()[0] ?? assert.fail();
  writeFileSync(join(kept, "lectern-notes.gz"), "");
  failing.isFailing = true;
  clock.now += 40 * DAY_MS;
  await task.run();
  assert.deepEqual(names(), [mine, "lectern-notes.gz"]);
  failing.isFailing = false;
  clock.now += HOUR_MS;
  await task.run();
  assert.deepEqual(names(), ["lectern-2027-01-08T130000Z.gz", "lectern-notes.gz"]);
});

test("a failed attempt impairs the component until one succeeds, and a backup that stays away fails it", async (t) => {
  const write = { isFailing: false };
  const { clock, task } = scene(t, {
    write: async (file) => {
      // A file that cannot be read again is no backup.
      if (write.isFailing) writeFileSync(file, "nonsense");
      else writeEmptyBackup(file);
      return { rows: 0 };
    },
  });
  await task.run();
  assert.equal(task.component()?.state, "up");
  write.isFailing = true;
  clock.now += DAY_MS;
  await task.run();
  assert.equal(task.component()?.state, "degraded");
  assert.match(
    task.component()?.detail ?? "",
    /last good backup 2026-11-29T12:00:00Z.*; failed 2026-11-30T12:00:00Z: .*is not a backup/,
  );
  clock.now += DAY_MS + HOUR_MS;
  await task.run();
  assert.equal(task.component()?.state, "down");
  write.isFailing = false;
  clock.now += HOUR_MS;
  await task.run();
  assert.equal(task.component()?.state, "up");
});

test("the newest backup is restored on trial at first and every month, and what is known survives a restart", async (t) => {
  const { clock, task, tried, open } = scene(t);
  await task.run();
  assert.equal(tried.length, 1);
  clock.now += 29 * DAY_MS;
  await task.run();
  assert.equal(tried.length, 1);
  const next = open();
  assert.equal(next.ageSeconds(), 0);
  assert.match(next.component()?.detail ?? "", /restored on trial 2026-11-29T12:00:00Z/);
  clock.now += DAY_MS;
  await next.run();
  assert.equal(tried.length, 2);
});

test("a trial that fails fails the component, and is repeated with the next backup", async (t) => {
  const trial = { reason: "no space left" };
  const { clock, task } = scene(t, {
    trial: async () => {
      if (trial.reason !== "") throw new Error(trial.reason);
      return "not-possible";
    },
  });
  await task.run();
  assert.deepEqual([task.component()?.state, /failed: no space left/.test(task.component()?.detail ?? "")], ["down", true]);
  trial.reason = "";
  clock.now += HOUR_MS;
  await task.run();
  assert.equal(task.component()?.state, "down");
  clock.now += DAY_MS;
  await task.run();
  assert.deepEqual([task.component()?.state, /may not create databases/.test(task.component()?.detail ?? "")], ["up", true]);
});

test("a process that does not lead, and one without a schedule, make no backups and say nothing of them", async (t) => {
  for (const options of [{ isLeader: () => false }, { settings: () => ({ every: "", keep: 1, to: "" }) }]) {
    const { task } = scene(t, { ...options, write: () => assert.fail("written") });
    await task.run();
    assert.deepEqual([task.component(), task.ageSeconds()], [null, null]);
  }
});

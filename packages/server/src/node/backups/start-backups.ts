/** Starts scheduled backups in the control process, with what they need of it, and their metric. */
import { join, resolve } from "node:path";
import { Gauge, type Registry } from "prom-client";
import type { ComponentSample } from "../../contracts/monitoring/node-sample.ts";
import { directoriesOf } from "../../library/files/directories.ts";
import { openStorage, type Storage } from "../../library/storage/storage.ts";
import { systemClock } from "../../platform/clock.ts";
import type { Config } from "../../platform/config/schema.ts";
import type { Logger } from "../../platform/log.ts";
import { writeBackup } from "../../platform/store/backup.ts";
import type { SchoolService } from "../../school/school.ts";
import { type BackupTarget, bucketTarget, folderTarget } from "./backup-target.ts";
import { BackupTask } from "./backup-task.ts";
import { restoreOnTrial } from "./trial-restore.ts";

/** Lessons come first: a start has other things to do. */
const FIRST_MS = 20_000;
const POLL_MS = 60_000;

export type Backups = {
  /** None where this process makes no backups. */
  readonly components: () => readonly ComponentSample[];
  readonly close: () => Promise<void>;
};

export function startBackups(
  config: () => Config,
  { db, isLeader }: Pick<SchoolService, "db" | "isLeader">,
  log: Logger,
  registry: Registry,
): Backups {
  const { dataDir, database } = config();
  const stopping = new AbortController();
  let storage: Promise<Storage | null> | null = null;
  const openBucket = () => {
    storage ??= openStorage(config(), directoriesOf(dataDir));
    return storage;
  };
  const task = new BackupTask({
    settings: () => config().backup,
    dataDir,
    log,
    isLeader,
    now: systemClock.utc,
    write: (file) => writeBackup(db, file),
    target: (to) => targetOf(to, dataDir, openBucket),
    trial: (file) =>
      restoreOnTrial(file, {
        db,
        url: database.url,
        dataDir,
        signal: stopping.signal,
        secrets: config().secrets.encryption,
      }),
  });
  new Gauge({
    name: "lectern_backup_age_seconds",
    help: "Time since the last good scheduled backup, at the node that makes them; none without backup.every",
    registers: [registry],
    collect() {
      const age = task.ageSeconds();
      this.remove();
      if (age !== null) this.set(age);
    },
  });
  let running: Promise<void> = Promise.resolve();
  const poll = (delay: number): NodeJS.Timeout =>
    setTimeout(() => {
      running = task.run().finally(() => {
        if (!stopping.signal.aborted) timer = poll(POLL_MS);
      });
    }, delay).unref();
  let timer = poll(FIRST_MS);
  return {
    components: () => [task.component()].filter((component) => component !== null),
    close: async () => {
      stopping.abort();
      clearTimeout(timer);
      await running;
      (await storage)?.store.close();
    },
  };
}

async function targetOf(to: string, dataDir: string, openBucket: () => Promise<Storage | null>): Promise<BackupTarget> {
  if (to !== "s3") return folderTarget(to === "" ? join(dataDir, "backups") : resolve(to));
  const storage = await openBucket();
  if (!storage) throw new Error("backup.to is s3, and storage.s3 is not set");
  return bucketTarget(storage.store);
}

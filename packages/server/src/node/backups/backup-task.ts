/**
 * Makes scheduled backups: writes one when it is due, proves it, keeps it where `backup.to` says, deletes those that are too old, and restores the
 * newest one on trial every month. One control process of all does so.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ComponentSample } from "../../contracts/monitoring/node-sample.ts";
import type { Config } from "../../platform/config/schema.ts";
import type { Logger } from "../../platform/log.ts";
import { checkBackup } from "../../platform/store/backup-file.ts";
import type { BackupTarget } from "./backup-target.ts";
import { dueAt, intervalOf } from "./schedule.ts";
import type { TrialResult } from "./trial-restore.ts";

export type BackupTaskOptions = {
  readonly settings: () => Config["backup"];
  readonly dataDir: string;
  readonly log: Logger;
  /** Whether this process is the one that makes them. */
  readonly isLeader: () => boolean;
  readonly write: (file: string) => Promise<{ rows: number }>;
  /** @param to `backup.to` */
  readonly target: (to: string) => Promise<BackupTarget>;
  /** Restores a file on trial. Throws with the reason when that fails. */
  readonly trial: (file: string) => Promise<TrialResult>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

type KeptBackup = { readonly name: string; readonly at: number; readonly rows: number; readonly bytes: number };
type Trial = { readonly name: string; readonly at: number; readonly result: TrialResult | "failed"; readonly reason: string };
/** Survives restarts in a file. */
type State = { readonly last: KeptBackup | null; readonly trial: Trial | null };

const DAY_MS = 86_400_000;
const RETRY_MS = 600_000;
const TRIAL_EVERY_MS = 30 * DAY_MS;
/** A backup is old after so many intervals: one may fail, and be made up for. */
const OLD_INTERVALS = 2;
const NAME = /^lectern-\d{4}-\d\d-\d\dT\d{6}Z\.gz$/;

export class BackupTask {
  private readonly options: BackupTaskOptions;
  private readonly directory: string;
  private readonly startedAt: number;
  private state: State;
  /** Why the last attempt failed, and when; null: it did not. */
  private failure: { readonly at: number; readonly reason: string } | null = null;
  private running: Promise<void> | null = null;

  constructor(options: BackupTaskOptions) {
    this.options = options;
    this.directory = join(options.dataDir, "backups");
    this.startedAt = options.now();
    this.state = readState(this.stateFile);
  }

  /** Does what is due. Called again and again; calls while one is running wait for it. */
  run(): Promise<void> {
    this.running ??= this.work().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  /** Seconds since the last good backup; null: this process makes none, or there is none yet. */
  ageSeconds(): number | null {
    const { last } = this.state;
    return this.isOn && last ? (this.options.now() - last.at) / 1000 : null;
  }

  /** For the node's page, its metrics and alarms; null: this process makes none. */
  component(): ComponentSample | null {
    if (!this.isOn) return null;
    const { last, trial } = this.state;
    const age = this.options.now() - (last?.at ?? this.startedAt);
    const isOld = age > OLD_INTERVALS * intervalOf(this.options.settings().every);
    const isDown = isOld || trial?.result === "failed" || (last === null && this.failure !== null);
    const words = [
      last ? `last good backup ${timeOf(last.at)}, ${last.rows} rows, ${last.bytes} bytes` : "no backup yet",
      ...(this.failure ? [`failed ${timeOf(this.failure.at)}: ${this.failure.reason}`] : []),
      ...(trial ? [trialWords(trial)] : []),
    ];
    const state = isDown ? "down" : this.failure ? "degraded" : "up";
    return { name: "backup", state, latencyMs: null, detail: words.join("; ") };
  }

  private get isOn(): boolean {
    return this.options.settings().every !== "" && this.options.isLeader();
  }

  private get stateFile(): string {
    return join(this.directory, "state.json");
  }

  private async work(): Promise<void> {
    const { settings, now, log } = this.options;
    if (!this.isOn) return;
    const { every, to } = settings();
    const isRetried = this.failure !== null && now() < this.failure.at + RETRY_MS;
    try {
      if (!isRetried && now() >= dueAt(every, this.state.last?.at ?? null)) await this.back(await this.options.target(to));
      const { last } = this.state;
      if (last && this.isTrialDue(last)) await this.tryOut(await this.options.target(to), last);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.failure = { at: now(), reason };
      log.error({ reason, retryAfterMs: RETRY_MS }, "backup failed");
    }
  }

  private async back(target: BackupTarget): Promise<void> {
    const { write, now, log } = this.options;
    const at = now();
    const name = `lectern-${timeOf(at).replace(/:/g, "")}.gz`;
    const file = join(this.directory, `.${name}`);
    mkdirSync(this.directory, { recursive: true, mode: 0o700 });
    try {
      await write(file);
      // What is counted is what can be read again.
      const { rows } = await checkBackup(file);
      const bytes = statSync(file).size;
      await target.put(name, file);
      this.keep({ ...this.state, last: { name, at, rows, bytes } });
      this.failure = null;
      log.info({ name, rows, bytes, tookMs: now() - at }, "backup written");
    } finally {
      rmSync(file, { force: true });
    }
    await this.removeOld(target);
  }

  private async removeOld(target: BackupTarget): Promise<void> {
    const { settings, now, log } = this.options;
    const oldest = `lectern-${timeOf(now() - settings().keep * DAY_MS).replace(/:/g, "")}`;
    for (const name of await target.list()) {
      // The last good one stays, whatever its age.
      if (!NAME.test(name) || name >= oldest || name === this.state.last?.name) continue;
      await target.remove(name);
      log.info({ name }, "backup removed, older than backup.keep");
    }
  }

  /** A failed trial is repeated with the next backup. */
  private isTrialDue(last: KeptBackup): boolean {
    const { trial } = this.state;
    if (!trial) return true;
    return trial.result === "failed" ? trial.name !== last.name : this.options.now() >= trial.at + TRIAL_EVERY_MS;
  }

  private async tryOut(target: BackupTarget, { name }: KeptBackup): Promise<void> {
    const { trial, now, log } = this.options;
    const file = join(this.directory, `.trial-${name}`);
    let result: Trial["result"] = "failed";
    let reason = "";
    try {
      await target.get(name, file);
      result = await trial(file);
      log.info({ name, result }, "backup restored on trial");
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
      log.error({ name, reason }, "trial restore of a backup failed");
    } finally {
      rmSync(file, { force: true });
    }
    this.keep({ ...this.state, trial: { name, at: now(), result, reason } });
  }

  private keep(state: State): void {
    this.state = state;
    const partial = `${this.stateFile}.part`;
    writeFileSync(partial, JSON.stringify(state), { mode: 0o600 });
    renameSync(partial, this.stateFile);
  }
}

function trialWords({ result, at, reason }: Trial): string {
  if (result === "restored") return `restored on trial ${timeOf(at)}`;
  if (result === "not-possible") return "not restored on trial: the database's role may not create databases";
  return `the trial restore ${timeOf(at)} failed: ${reason}`;
}

/** To the second, in UTC. */
function timeOf(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
}

/** A missing or broken file counts as none: the next backup writes it again. */
function readState(file: string): State {
  try {
    const { last = null, trial = null }: Partial<State> = JSON.parse(readFileSync(file, "utf8"));
    return { last, trial };
  } catch {
    return { last: null, trial: null };
  }
}

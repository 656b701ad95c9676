/** Runs a child process of the supervisor, and restarts it whenever it dies. */
import { type ChildProcess as Child, fork } from "node:child_process";
import type { Logger } from "../../platform/log.ts";
import { entryFile } from "../../platform/program.ts";
import { RpcChannel, type RpcMethods } from "../../platform/rpc-channel.ts";
import { SpareProcess } from "./spare-process.ts";

/** The argument of a media worker that waits for its name. */
const SPARE = "spare";
/** A start that takes longer is noted, again and again. It is not given up: the machine may be busy. */
const SLOW_START_MS = 30_000;
const PROGRAM = entryFile("node/processes/child");
/** The delay before a restart, which grows while the child dies soon after its start. */
const RESTART_MS = { first: 20, max: 5000 } as const;
/** After this uptime the delay begins at its minimum again. */
const STABLE_AFTER_MS = 10_000;

/**
 * Settings of glibc's malloc for the control process: what a start frees goes back to the system (60 MB). Not for media workers, which
 * allocate and free large buffers all the time.
 */
const RETURN_MEMORY = { MALLOC_ARENA_MAX: "2", MALLOC_TRIM_THRESHOLD_: "131072", MALLOC_MMAP_THRESHOLD_: "131072" } as const;

/**
 * V8's helper threads of the control process: one job of a compiler or of the garbage collector wakes several of them. One is enough for a process
 * that mostly waits for its database.
 */
const ONE_HELPER = "--v8-pool-size=1";
/**
 * The largest half of the control process's young generation, in MB. A start grows it to V8's limit of 32, twice, and V8 keeps that: 50 MB of which 4 are
 * in use.
 */
const YOUNG_HALF = "--max-semi-space-size=8";
const CONTROL_FLAGS = [ONE_HELPER, YOUNG_HALF];

function forkChild(name: string): Child {
  const isControl = name === "control";
  return fork(PROGRAM, [name], {
    serialization: "advanced",
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    env: isControl ? { ...RETURN_MEMORY, ...process.env } : process.env,
    execArgv: isControl ? [...process.execArgv, ...CONTROL_FLAGS] : process.execArgv,
  });
}

/** Creates spare media workers. */
export function spareWorkers(): SpareProcess {
  return new SpareProcess(() => forkChild(SPARE));
}

export class ChildProcess<Theirs extends RpcMethods> {
  /** Resolves after the first start; fails when that failed. */
  readonly started: Promise<void>;
  private readonly name: string;
  private readonly log: Logger;
  private readonly ours: RpcMethods;
  private readonly start: (channel: RpcChannel<Theirs>) => Promise<unknown>;
  private readonly onGone: () => void;
  private readonly spare: SpareProcess | null;
  private child: Child;
  private link: RpcChannel<Theirs>;
  private bornAt = 0;
  private restartMs: number = RESTART_MS.first;
  private wanted = true;

  /**
   * @param ours the answers to messages of the child
   * @param start sends a new child its start message
   * @param onGone called whenever the child has died
   * @param spare has a process that can replace this one; null: a new one is loaded
   */
  constructor(
    name: string,
    log: Logger,
    ours: RpcMethods,
    start: (channel: RpcChannel<Theirs>) => Promise<unknown>,
    onGone: () => void = () => {},
    spare: SpareProcess | null = null,
  ) {
    this.name = name;
    this.log = log;
    this.ours = ours;
    this.start = start;
    this.onGone = onGone;
    this.spare = spare;
    [this.child, this.link] = this.spawn(forkChild(name));
    this.started = this.startChild().then(() => {});
  }

  /** The channel to the current child. */
  get channel(): RpcChannel<Theirs> {
    return this.link;
  }

  /** The current child's process id; null while there is none that runs. */
  get pid(): number | null {
    return this.child.exitCode === null && this.child.signalCode === null ? (this.child.pid ?? null) : null;
  }

  /** The next exit is not followed by a restart. */
  stopRestarting(): void {
    this.wanted = false;
  }

  /** Ends the child, which is started again. */
  restartNow(): void {
    this.child.kill("SIGKILL");
  }

  /** Kills the child at once. */
  kill(): void {
    this.wanted = false;
    this.child.kill("SIGKILL");
  }

  private spawn(child: Child): [Child, RpcChannel<Theirs>] {
    this.bornAt = performance.now();
    const link = new RpcChannel<Theirs>(child, this.ours);
    child.on("error", (error) => this.log.error({ process: this.name, reason: error.message }, "process not started"));
    child.on("exit", (code, signal) => this.exited(link, code, signal));
    return [child, link];
  }

  private exited(link: RpcChannel<Theirs>, code: number | null, signal: string | null): void {
    link.close();
    this.onGone();
    if (!this.wanted) return;
    const uptimeMs = performance.now() - this.bornAt;
    if (uptimeMs > STABLE_AFTER_MS) this.restartMs = RESTART_MS.first;
    this.log.error({ process: this.name, code, signal, uptimeSeconds: Math.round(uptimeMs / 1000) }, "process died, restarting");
    setTimeout(() => this.restart(), this.restartMs);
    this.restartMs = Math.min(RESTART_MS.max, this.restartMs * 4);
  }

  private restart(): void {
    if (!this.wanted) return;
    const spare = this.spare?.take();
    const child = spare ?? forkChild(this.name);
    [this.child, this.link] = this.spawn(child);
    const begun = performance.now();
    this.startChild().then(
      () => this.log.info({ process: this.name, milliseconds: Math.round(performance.now() - begun) }, "process restarted"),
      (error: unknown) => {
        this.log.error({ process: this.name, reason: String(error) }, "process start failed");
        child.kill("SIGKILL");
      },
    );
  }

  /** Sends the start message, and notes when the start is slow. */
  private async startChild(): Promise<void> {
    const begun = performance.now();
    const slow = setInterval(() => {
      this.log.warn({ process: this.name, seconds: Math.round((performance.now() - begun) / 1000) }, "process still starting");
    }, SLOW_START_MS);
    slow.unref();
    try {
      await this.start(this.link);
    } finally {
      clearInterval(slow);
    }
  }
}

/** A child that is started again whenever it dies. */
import { type ChildProcess as Child, fork } from "node:child_process";
import { join } from "node:path";
import type { Logger } from "../../platform/log.ts";
import { RpcChannel, type RpcMethods } from "../../platform/rpc-channel.ts";

const PROGRAM = join(import.meta.dirname, "child.ts");
/** A child that dies at once is not started again at once, but each time a little later. */
const RESTART_MS = { first: 20, most: 5000 } as const;
/** One that has lived for so long is started afresh. */
const GOOD_LIFE_MS = 10_000;

export class ChildProcess<Theirs extends RpcMethods> {
  /** Resolves when it has started for the first time; fails when it could not. */
  readonly started: Promise<void>;
  private readonly name: string;
  private readonly log: Logger;
  private readonly ours: RpcMethods;
  private readonly start: (channel: RpcChannel<Theirs>) => Promise<unknown>;
  private readonly onGone: () => void;
  private child: Child;
  private link: RpcChannel<Theirs>;
  private bornAt = 0;
  private restartMs: number = RESTART_MS.first;
  private wanted = true;

  /**
   * @param ours what the child may ask
   * @param start tells a new child to begin
   * @param onGone called whenever it has died
   */
  constructor(
    name: string,
    log: Logger,
    ours: RpcMethods,
    start: (channel: RpcChannel<Theirs>) => Promise<unknown>,
    onGone: () => void = () => {},
  ) {
    this.name = name;
    this.log = log;
    this.ours = ours;
    this.start = start;
    this.onGone = onGone;
    [this.child, this.link] = this.bear();
    this.started = this.start(this.link).then(() => {});
  }

  /** The way to the child that lives now. */
  get channel(): RpcChannel<Theirs> {
    return this.link;
  }

  /** Does not start it again any more. */
  leaveDead(): void {
    this.wanted = false;
  }

  /** Ends it at once. */
  kill(): void {
    this.wanted = false;
    this.child.kill("SIGKILL");
  }

  private bear(): [Child, RpcChannel<Theirs>] {
    this.bornAt = performance.now();
    const child = fork(PROGRAM, [this.name], { serialization: "advanced", stdio: ["ignore", "inherit", "inherit", "ipc"] });
    const link = new RpcChannel<Theirs>(child, this.ours);
    child.on("error", (error) => this.log.error({ process: this.name, reason: error.message }, "a process could not be started"));
    child.on("exit", (code, signal) => this.died(link, code, signal));
    return [child, link];
  }

  private died(link: RpcChannel<Theirs>, code: number | null, signal: string | null): void {
    link.close();
    this.onGone();
    if (!this.wanted) return;
    const lived = performance.now() - this.bornAt;
    if (lived > GOOD_LIFE_MS) this.restartMs = RESTART_MS.first;
    this.log.error(
      { process: this.name, code, signal, livedSeconds: Math.round(lived / 1000) },
      "a process died; it is started again",
    );
    setTimeout(() => this.again(), this.restartMs);
    this.restartMs = Math.min(RESTART_MS.most, this.restartMs * 4);
  }

  private again(): void {
    if (!this.wanted) return;
    [this.child, this.link] = this.bear();
    const begun = performance.now();
    this.start(this.link).then(
      () => this.log.info({ process: this.name, milliseconds: Math.round(performance.now() - begun) }, "the process is back"),
      (error: unknown) => {
        this.log.error({ process: this.name, reason: String(error) }, "a process could not start");
        this.child.kill("SIGKILL");
      },
    );
  }
}

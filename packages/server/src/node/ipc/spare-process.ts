/**
 * Provides a media worker that has loaded its program and waits: it replaces a worker that dies without the time for loading, which is most of a
 * start and many times longer on a busy machine.
 */
import type { ChildProcess as Child } from "node:child_process";

/** A spare process is created after this, so that it takes nothing from a start. */
const PREPARE_AFTER_MS = 10_000;

export class SpareProcess {
  private readonly fork: () => Child;
  private readonly afterMs: number;
  private child: Child | null = null;
  private timer: NodeJS.Timeout | null = null;
  private closed = false;

  /** @param fork creates the process, which waits for its start message */
  constructor(fork: () => Child, afterMs = PREPARE_AFTER_MS) {
    this.fork = fork;
    this.afterMs = afterMs;
  }

  /** Creates the process a little later, unless there is one. */
  prepare(): void {
    if (this.closed || this.child || this.timer) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.create();
    }, this.afterMs);
    this.timer.unref();
  }

  /** The process, which is the caller's from now on; null while there is none. Another one is prepared. */
  take(): Child | null {
    const { child } = this;
    this.child = null;
    child?.removeAllListeners();
    this.prepare();
    return child;
  }

  /** Ends the process. May be called twice. */
  close(): void {
    this.closed = true;
    if (this.timer) clearTimeout(this.timer);
    this.child?.kill("SIGKILL");
  }

  private create(): void {
    const child = this.fork();
    this.child = child;
    const gone = () => {
      if (this.child !== child) return;
      this.child = null;
      this.prepare();
    };
    child.on("exit", gone);
    child.on("error", gone);
  }
}

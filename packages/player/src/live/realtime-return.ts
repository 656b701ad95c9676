/**
 * Comes back to real time: while another engine plays, WHEP is tried beside it from time to time, and takes over as soon as it has a picture. The
 * viewer sees nothing of trials in vain.
 */
import type { Problem } from "../engines/problem.ts";
import type { WhepConnection } from "../engines/whep/whep-connection.ts";
import { tryWhep } from "../engines/whep/whep-trial.ts";
import { ReturnSchedule } from "./return-schedule.ts";

type ReturnOptions = {
  /** The address to try, absolute. */
  readonly url: () => string;
  /** WHEP has a picture. */
  readonly onReady: (connection: WhepConnection) => void;
};

export class RealtimeReturn {
  private readonly options: ReturnOptions;
  private readonly schedule = new ReturnSchedule();
  private giveUp: (() => void) | null = null;

  constructor(options: ReturnOptions) {
    this.options = options;
  }

  /** WHEP plays now. All times are milliseconds of `performance.now`. */
  began(now: number): void {
    this.schedule.began(now);
  }

  /** WHEP plays no more. */
  failed(problem: Problem, now: number): void {
    this.schedule.failed(problem, now);
  }

  /** Called often while another engine plays a lesson in real time. */
  look(now: number): void {
    if (this.giveUp || !this.schedule.isDue(now)) return;
    this.giveUp = tryWhep(this.options.url(), {
      onReady: (connection) => {
        this.giveUp = null;
        this.options.onReady(connection);
      },
      onFailed: (problem) => {
        this.giveUp = null;
        this.schedule.failed(problem, performance.now());
      },
    });
  }

  /** Gives a trial up. May be called twice. */
  stop(): void {
    this.giveUp?.();
    this.giveUp = null;
  }
}

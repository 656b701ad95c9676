/**
 * Forwards one live stream to another service, for as long as it is wanted: waits for the stream, connects to the target, begins again with a
 * growing delay when that fails, and disconnects when the stream is over.
 */

import type { JobProblem, JobReportState } from "../../contracts/jobs/job-report.ts";
import type { RunningJob } from "../../contracts/jobs/running-job.ts";
import type { WantedForward } from "../../contracts/jobs/wanted-jobs.ts";
import type { Clock } from "../../platform/clock.ts";
import { ProgramUsage } from "../../platform/jobs/program-usage.ts";
import type { Logger } from "../../platform/log.ts";
import { RetryDelay } from "../../platform/retry-delay.ts";
import type { Stream, StreamCopy } from "../streams/index.ts";
import { startRtmpTarget } from "./rtmp-target.ts";
import { startSrtTarget } from "./srt-target.ts";
import type { Address, Target, TargetOptions } from "./target.ts";

export type ForwardOptions = {
  readonly forward: WantedForward;
  /** The stream in the form that other services take, as it is now; null while it is not there. */
  readonly sourceOf: (app: string, name: string) => Stream | null;
  readonly clock: Clock;
  readonly log: Logger;
  /** ffmpeg; looked for in PATH. */
  readonly command: string;
  /** Looks up the target's address, and says whether it is allowed. Asked before each connection. */
  readonly resolve: (url: URL) => Promise<Address | JobProblem>;
};

/** How often the stream is looked for while it is not there, and whether it still is. */
const POLL_MS = 1000;
/** Until the target is connected to again because the stream has changed: it has to notice that the last connection is over. */
const AGAIN_MS = 500;
/** How long entries may wait for a forward: as for usual viewers. */
const MAY_WAIT_MS = 40;

const TARGETS: { readonly [protocol: string]: (options: TargetOptions) => Target } = {
  "rtmp:": startRtmpTarget,
  "rtmps:": startRtmpTarget,
  "srt:": startSrtTarget,
};

export function startForward(options: ForwardOptions): RunningJob {
  const run = new Forward(options);
  return { report: () => run.report(), close: (reason) => run.close(reason), handOver: () => run.close("handed-over") };
}

/** A stream that is there, and kept in use. */
type Source = { readonly stream: Stream; readonly copy: StreamCopy };

class Forward {
  private readonly options: ForwardOptions;
  /** Null for an address that is none. */
  private readonly url: URL | null;
  private readonly usage: ProgramUsage;
  private state: JobReportState = "waiting";
  private since: number;
  private problem: JobProblem | null = null;
  private restarts = 0;
  private source: Source | null = null;
  private target: Target | null = null;
  /** Counts connections: what belongs to an earlier one is ignored. */
  private connection = 0;
  private runningSince: number | null = null;
  private readonly delay = new RetryDelay();
  private cancelPoll = () => {};
  private cancelRetry = () => {};
  private closed = false;

  constructor(options: ForwardOptions) {
    this.options = options;
    this.url = URL.canParse(options.forward.url) ? new URL(options.forward.url) : null;
    this.since = options.clock.utc();
    this.usage = new ProgramUsage(options.clock);
    this.poll();
  }

  report(): ReturnType<RunningJob["report"]> {
    const { id, app, name } = this.options.forward;
    const { state, since, problem, restarts } = this;
    const cores = this.usage.measure(this.target?.pid() ?? null);
    return { kind: "forward", id, app, name, state, since, problem, cores, address: null, restarts, rungs: [] };
  }

  close(reason: string): void {
    if (this.closed) return;
    this.closed = true;
    this.cancelPoll();
    this.leave(reason);
  }

  /** Finds out whether the stream is there, or still is. */
  private poll(): void {
    const { sourceOf, forward, clock } = this.options;
    const found = sourceOf(forward.app, forward.name);
    const stream = found?.ended ? null : found;
    if (this.source && this.source.stream !== stream) this.leave("stream-ended");
    if (!this.source && stream) {
      this.source = { stream, copy: stream.addCopy(MAY_WAIT_MS) };
      this.connect();
    }
    this.cancelPoll = clock.after(POLL_MS, () => this.poll());
  }

  /** Disconnects, and lets go of the stream. */
  private leave(reason: string): void {
    this.connection++;
    this.cancelRetry();
    this.target?.close();
    this.target = null;
    if (this.runningSince !== null) this.say("info", "forward ended", { reason });
    this.runningSince = null;
    this.delay.reset();
    this.source?.copy.close();
    this.source = null;
    this.become("waiting", null);
  }

  private connect(): void {
    const { url, source } = this;
    if (!source) return;
    const connection = ++this.connection;
    const start = url && TARGETS[url.protocol];
    if (!url || !start) return this.failed({ code: "unsupported", detail: "The address is not one of rtmp:, rtmps: or srt:." });
    if (this.state !== "retrying") this.become("starting", null);
    void this.resolve(url).then((address) => {
      if (connection !== this.connection) return;
      if ("code" in address) return this.failed(address);
      const { clock, command } = this.options;
      this.target = start({
        url,
        address,
        clock,
        command,
        log: source.stream.log,
        onRunning: () => {
          if (connection === this.connection) this.running();
        },
        onEnd: (problem) => {
          if (connection === this.connection) this.ended(problem);
        },
      });
    });
  }

  private async resolve(url: URL): Promise<Address | JobProblem> {
    try {
      return await this.options.resolve(url);
    } catch (error) {
      return {
        code: "unreachable",
        detail: `The address could not be looked up: ${error instanceof Error ? error.name : "error"}.`,
      };
    }
  }

  private running(): void {
    this.runningSince = this.options.clock.monotonic();
    this.say("info", "forward began", { restarts: this.restarts });
    this.become("running", null);
  }

  private ended(problem: JobProblem | null): void {
    this.target = null;
    if (problem) return this.failed(problem);
    this.runningSince = null;
    this.become("starting", null);
    this.cancelRetry = this.options.clock.after(AGAIN_MS, () => this.connect());
  }

  private failed(problem: JobProblem): void {
    const { clock } = this.options;
    if (this.runningSince !== null) this.delay.ran(clock.monotonic() - this.runningSince);
    this.runningSince = null;
    const retryInMs = this.delay.next();
    this.say("warn", "forward failed, retrying", { problem: problem.code, detail: problem.detail, retryInMs });
    this.become("retrying", problem);
    this.cancelRetry = clock.after(retryInMs, () => {
      this.restarts++;
      this.connect();
    });
  }

  private become(state: JobReportState, problem: JobProblem | null): void {
    if (state !== this.state) this.since = this.options.clock.utc();
    this.state = state;
    this.problem = problem;
  }

  /** The address is logged without its path, which has the key in it. */
  private say(level: "info" | "warn", event: string, fields: Readonly<Record<string, unknown>>): void {
    const { id, app, name } = this.options.forward;
    this.options.log[level](
      { forward: id, app, name, to: this.url ? `${this.url.protocol}//${this.url.host}` : "", ...fields },
      event,
    );
  }
}

/**
 * Provides the captions of one lesson, as a leased job beside the stream's writer: waits for the stream, runs an engine on its sound, and begins again with a
 * growing delay when that fails.
 */
import type { JobProblem, JobReportState } from "../../contracts/jobs/job-report.ts";
import type { RunningJob } from "../../contracts/jobs/running-job.ts";
import type { WantedCaptions } from "../../contracts/jobs/wanted-jobs.ts";
import type { Clock } from "../../platform/clock.ts";
import type { CaptionSettings } from "../../platform/config/captions-schema.ts";
import { ProgramUsage } from "../../platform/jobs/program-usage.ts";
import type { Logger } from "../../platform/log.ts";
import { RetryDelay } from "../../platform/retry-delay.ts";
import type { Stream, StreamCopy } from "../streams/index.ts";
import type { EngineEvents } from "./caption-engine.ts";
import { CaptionRun } from "./caption-run.ts";
import { CaptionSender, type SendCaptions } from "./caption-sender.ts";
import { startCommandEngine } from "./command-engine.ts";
import { startServerEngine } from "./server-engine.ts";

export type CaptionsOptions = {
  readonly captions: WantedCaptions;
  readonly settings: CaptionSettings;
  /** The stream as it is now; null while it is not there. */
  readonly sourceOf: (app: string, name: string) => Stream | null;
  readonly send: SendCaptions;
  readonly clock: Clock;
  readonly log: Logger;
  /** ffmpeg; looked for in PATH. */
  readonly command: string;
};

/** How often the stream is looked for while it is not there, and whether it still is. */
const POLL_MS = 500;
/** How long entries may wait for captions. */
const MAY_WAIT_MS = 40;

export function startCaptions(options: CaptionsOptions): RunningJob {
  const job = new Captions(options);
  return { report: () => job.report(), close: () => job.close(), handOver: () => job.close() };
}

class Captions {
  private readonly options: CaptionsOptions;
  private readonly sender: CaptionSender;
  private readonly usage: ProgramUsage;
  private readonly delay = new RetryDelay();
  private state: JobReportState = "waiting";
  private since: number;
  private problem: JobProblem | null = null;
  private restarts = 0;
  private source: { readonly stream: Stream; readonly copy: StreamCopy } | null = null;
  private run: CaptionRun | null = null;
  private startedAt = 0;
  private cancelPoll = () => {};
  private cancelRetry = () => {};
  private closed = false;

  constructor(options: CaptionsOptions) {
    this.options = options;
    this.sender = new CaptionSender(options.send, options.clock);
    this.usage = new ProgramUsage(options.clock);
    this.since = options.clock.utc();
    this.poll();
  }

  report(): ReturnType<RunningJob["report"]> {
    const { id, app, name } = this.options.captions;
    const { state, since, problem, restarts } = this;
    const cores = this.usage.measure(this.run?.pid ?? null);
    return { kind: "captions", id, app, name, state, since, problem, cores, address: null, restarts, rungs: [] };
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.cancelPoll();
    this.leave();
    this.run?.close();
    this.sender.close();
  }

  private poll(): void {
    const { sourceOf, captions, clock } = this.options;
    const found = sourceOf(captions.app, captions.name);
    const stream = found?.ended ? null : found;
    if (this.source && this.source.stream !== stream) this.leave();
    // What was said last may still be written down.
    if (!this.source && stream && !this.run) {
      this.source = { stream, copy: stream.addCopy(MAY_WAIT_MS) };
      this.start();
    }
    this.cancelPoll = clock.after(POLL_MS, () => this.poll());
  }

  /** The stream is over here. */
  private leave(): void {
    this.cancelRetry();
    this.run?.finish();
    this.source?.copy.close();
    this.source = null;
    this.delay.reset();
    this.become("waiting", null);
  }

  private start(): void {
    const { source } = this;
    if (!source) return;
    const { clock, command, settings } = this.options;
    this.startedAt = clock.monotonic();
    this.run = new CaptionRun({
      log: source.stream.log,
      clock,
      command,
      startEngine: (events) => startEngine(settings, events),
      language: settings.language,
      onCaption: (caption) => this.sender.put(caption),
      onSkipped: (behindMs) => this.say("warn", "captions late, skipping to now", { behindMs: Math.round(behindMs) }),
      onEnd: (problem) => this.ended(problem),
    });
    this.become("running", null);
    this.say("info", "captions began", { restarts: this.restarts });
  }

  private ended(problem: JobProblem | null): void {
    this.run = null;
    if (this.closed || !this.source) return;
    const { clock } = this.options;
    this.delay.ran(clock.monotonic() - this.startedAt);
    const retryInMs = this.delay.next();
    const failure: JobProblem = problem ?? { code: "program-failed", detail: "The engine ended." };
    this.say("warn", "captions failed, retrying", { problem: failure.code, detail: failure.detail, retryInMs });
    this.become("retrying", failure);
    this.cancelRetry = clock.after(retryInMs, () => {
      this.restarts++;
      this.start();
    });
  }

  private become(state: JobReportState, problem: JobProblem | null): void {
    if (state !== this.state) this.since = this.options.clock.utc();
    this.state = state;
    this.problem = problem;
  }

  private say(level: "info" | "warn", event: string, fields: Readonly<Record<string, unknown>>): void {
    const { id, app, name } = this.options.captions;
    this.options.log[level]({ lesson: id, app, name, ...fields }, event);
  }
}

function startEngine({ engine, command, server, language }: CaptionSettings, events: EngineEvents) {
  if (engine !== "server") return startCommandEngine(command, events);
  return startServerEngine({ ...server, timeoutMs: server.timeoutSeconds * 1000, language }, events);
}

/**
 * Pulls one channel: connects to its addresses, the preferred one first, publishes what comes as a stream of ours, and goes on with another
 * address when one fails. While it is on another one, the preferred one is tried again and again, and taken when it delivers.
 */

import type { JobProblem, JobReportState } from "../../contracts/jobs/job-report.ts";
import type { RunningJob } from "../../contracts/jobs/running-job.ts";
import type { WantedPull } from "../../contracts/jobs/wanted-jobs.ts";
import type { Clock } from "../../platform/clock.ts";
import { ProgramUsage } from "../../platform/jobs/program-usage.ts";
import type { Logger } from "../../platform/log.ts";
import { publicOr } from "../../platform/public-address.ts";
import { RetryDelay } from "../../platform/retry-delay.ts";
import { secretCover, shownAddress } from "../../platform/shown-url.ts";
import type { SourceMessage, Streams } from "../streams/index.ts";
import { Feed, type FeedOptions, ProbedFeed } from "./feed.ts";
import { openSource } from "./open-source.ts";
import { Publisher } from "./publisher.ts";
import type { CameraLink } from "./source.ts";
import { isPassive, isProblem, readAddress } from "./source-address.ts";

export type PullOptions = {
  readonly source: WantedPull;
  readonly streams: Pick<Streams, "publications">;
  readonly clock: Clock;
  readonly log: Logger;
  /** ffmpeg; looked for in PATH. */
  readonly command: string;
  /** `sources` of the configuration, as it is at the moment of a connection. */
  readonly settings: () => PullSettings;
  readonly cameras: () => CameraLink;
};

export type PullSettings = {
  /** Networks that sources may be in, besides public addresses. */
  readonly allowedNetworks: readonly string[];
  /** The folder whose files may be played; empty: none. */
  readonly files: string;
};

/** An address has to deliver its first frame within this. */
const FIRST_FRAME_MS = 10_000;
/** How often the preferred address is tried while another one is in use, and how long it has to deliver before it is taken. */
const PROBE_MS = { every: 30_000, steady: 2000 } as const;
/** An address that waits for the other side is opened again after this: its port is free by then. */
const LISTEN_AGAIN_MS = 1000;

export function startPull(options: PullOptions): RunningJob {
  const pull = new Pull(options);
  return { report: () => pull.report(), close: (reason) => pull.close(reason), handOver: () => pull.handOver() };
}

class Pull {
  private readonly options: PullOptions;
  private readonly soundToEncode = new Set<string>();
  private readonly usage: ProgramUsage;
  /** Whether there is no other address. */
  private readonly isAlone: boolean;
  /** Whether the preferred address waits for the other side. */
  private readonly isPreferredPassive: boolean;
  private state: JobReportState = "starting";
  private since: number;
  private problem: JobProblem | null = null;
  private restarts = 0;
  /** The address in use. */
  private index = 0;
  private feed: Feed | null = null;
  private publisher: Publisher | null = null;
  private probe: ProbedFeed | null = null;
  /** Since an address has delivered for long enough. */
  private failures = 0;
  private readonly delay = new RetryDelay();
  private cancelRetry = () => {};
  /** Null while no probe is planned. */
  private cancelProbe: (() => void) | null = null;
  private closed = false;

  constructor(options: PullOptions) {
    this.options = options;
    this.since = options.clock.utc();
    this.usage = new ProgramUsage(options.clock);
    this.isAlone = options.source.addresses.length === 1;
    const preferred = readAddress(this.addressAt(0));
    this.isPreferredPassive = !isProblem(preferred) && isPassive(preferred);
    this.connect(0);
  }

  report(): ReturnType<RunningJob["report"]> {
    const { id, app, name } = this.options.source;
    const { state, since, restarts, index } = this;
    const problem = this.problem ?? (state === "running" ? (this.feed?.notice ?? null) : null);
    const cores = this.usage.measure(this.feed?.pid ?? null);
    return { kind: "pull", id, app, name, state, since, problem, cores, address: index, restarts, rungs: [] };
  }

  close(reason: string): void {
    this.stop();
    this.publisher?.end(reason);
  }

  handOver(): void {
    this.stop();
    this.publisher?.leave();
  }

  private stop(): void {
    this.closed = true;
    this.cancelRetry();
    this.stopProbing();
    this.feed?.close();
  }

  private connect(index: number): void {
    this.index = index;
    if (index === 0) {
      // It is being tried already, and waits as long as it takes.
      if (this.probe && this.isPreferredPassive) return this.failed(NOBODY_CAME);
      this.stopProbing();
    } else this.keepProbing();
    const waits = this.isAlone && this.isPreferredPassive;
    const feed: Feed = new Feed({
      ...this.feedOptions(index, waits ? null : FIRST_FRAME_MS),
      onMessage: (message) => this.publish(message),
      onHeard: () => this.publisher?.heard(),
      onEnd: (problem) => this.failed(problem),
    });
    this.feed = feed;
  }

  private feedOptions(index: number, firstFrameMs: number | null): Pick<FeedOptions, "clock" | "open" | "firstFrameMs"> {
    const { clock, command, settings, cameras, source } = this.options;
    const { allowedNetworks, files } = settings();
    const context = { clock, command, isAllowed: publicOr(allowedNetworks), files, cameras: cameras(), school: source.school };
    return {
      clock,
      firstFrameMs,
      open: (events) => openSource(this.addressAt(index), context, this.soundToEncode, events),
    };
  }

  private addressAt(index: number): string {
    return this.options.source.addresses[index] ?? "";
  }

  private publish(message: SourceMessage): void {
    this.publisher ??= this.newPublisher();
    const broken = this.publisher.push(message);
    if (!broken) return;
    this.feed?.close();
    this.failed({ code: "not-media", detail: broken.rule });
  }

  private newPublisher(): Publisher {
    const { streams, clock, source } = this.options;
    const address = this.addressAt(this.index);
    const [, scheme = ""] = /^([a-z0-9+.-]+):/i.exec(address) ?? [];
    const host = URL.canParse(address) ? new URL(address).hostname : "";
    const publisher: Publisher = new Publisher({
      streams,
      clock,
      request: { app: source.app, name: source.name, source: { protocol: "pull", ip: host, agent: scheme } },
      onGranted: () => {
        if (publisher === this.publisher && !this.closed) this.running();
      },
      onLost: (problem) => {
        if (publisher === this.publisher) this.lost(problem);
      },
    });
    return publisher;
  }

  private running(): void {
    this.become("running", null);
    this.say("info", "channel is pulled", { restarts: this.restarts });
  }

  /** The stream is not ours: the address is not to blame. */
  private lost(problem: JobProblem): void {
    this.feed?.close();
    this.noteSteadiness();
    this.leave(problem);
    this.retry(this.index, this.nextDelay());
  }

  /** The address in use delivers no more, or nothing. */
  private failed(problem: JobProblem): void {
    if (this.closed) return;
    this.noteSteadiness();
    this.leave(problem);
    this.failures++;
    if (this.index === 0) this.keepProbing();
    // What is being tried delivers already.
    if (this.probe?.isDelivering) return this.adopt(this.probe);
    const { addresses } = this.options.source;
    const isRound = this.failures % addresses.length === 0;
    this.retry((this.index + 1) % addresses.length, isRound ? this.nextDelay() : 0);
  }

  /** An address that has delivered for long enough is tried again soon. */
  private noteSteadiness(): void {
    if (this.delay.ran(this.feed?.deliveringMs ?? 0)) this.failures = 0;
  }

  private leave(problem: JobProblem): void {
    const { detail } = problem;
    const covered = { ...problem, detail: secretCover(this.addressAt(this.index))(detail) };
    if (!this.closed)
      this.say("warn", "channel cannot be pulled from this address", { problem: covered.code, detail: covered.detail });
    this.publisher?.leave();
    this.publisher = null;
    this.feed = null;
    this.become("retrying", covered);
  }

  private nextDelay(): number {
    if (this.isAlone && this.isPreferredPassive) return LISTEN_AGAIN_MS;
    return this.delay.next();
  }

  private retry(index: number, delayMs: number): void {
    if (this.closed) return;
    this.restarts++;
    this.cancelRetry = this.options.clock.after(delayMs, () => this.connect(index));
  }

  /** Tries the preferred address from now on, as long as another one is in use. */
  private keepProbing(): void {
    if (this.isAlone || this.probe || this.cancelProbe || this.closed) return;
    this.cancelProbe = this.options.clock.after(this.isPreferredPassive ? LISTEN_AGAIN_MS : PROBE_MS.every, () => {
      this.cancelProbe = null;
      this.startProbe();
    });
  }

  private startProbe(): void {
    const probe: ProbedFeed = new ProbedFeed(
      {
        ...this.feedOptions(0, this.isPreferredPassive ? null : FIRST_FRAME_MS),
        onHeard: () => {
          if (probe.feed === this.feed) this.publisher?.heard();
        },
        onEnd: (problem) => {
          if (probe === this.probe) {
            this.probe = null;
            this.keepProbing();
          } else if (probe.feed === this.feed) this.failed(problem);
        },
      },
      () => (this.feed?.deliveringMs == null ? 0 : PROBE_MS.steady),
      () => this.adopt(probe),
    );
    this.probe = probe;
  }

  private stopProbing(): void {
    this.cancelProbe?.();
    this.cancelProbe = null;
    this.probe?.feed.close();
    this.probe = null;
  }

  /** Goes on with the preferred address, in the same publish session unless a track is missing now. */
  private adopt(probe: ProbedFeed): void {
    this.cancelRetry();
    this.probe = null;
    this.feed?.close();
    this.feed = probe.feed;
    this.index = 0;
    this.failures = 0;
    this.delay.reset();
    this.restarts++;
    const { publisher } = this;
    if (publisher && [...publisher.tracks].some((track) => !probe.tracks.has(track))) {
      publisher.leave();
      this.publisher = null;
    }
    this.say("info", "channel is pulled from its preferred address again", {});
    probe.adopt((message) => this.publish(message));
  }

  private become(state: JobReportState, problem: JobProblem | null): void {
    if (state !== this.state) this.since = this.options.clock.utc();
    this.state = state;
    this.problem = problem;
  }

  private say(level: "info" | "warn", event: string, fields: Readonly<Record<string, unknown>>): void {
    const { id, app, name } = this.options.source;
    const from = shownAddress(this.addressAt(this.index));
    this.options.log[level]({ source: id, stream: `${app}/${name}`, from, ...fields }, event);
  }
}

const NOBODY_CAME: JobProblem = { code: "unreachable", detail: "Nobody has connected yet." };

/**
 * Measures this node every ten seconds: the machine, its processes from outside and from inside, its links, and the parts that it depends on.
 * Tells every control process of the cluster.
 */

import type { JobReport } from "../../contracts/jobs/job-report.ts";
import {
  type ComponentSample,
  intervalOf,
  type LinkSample,
  type NodeSample,
  type ProcessSample,
  SAMPLE_MS,
} from "../../contracts/monitoring/node-sample.ts";
import { hasFfmpeg } from "../../live/transcode/machine-ladder.ts";
import { SKEW_MS } from "../../network/clock-offset.ts";
import { hasRole, type Member } from "../../network/membership.ts";
import { certificateComponent, ownClockComponent } from "../../operations/samples/components.ts";
import { watchEventLoopDelay } from "../../operations/samples/event-loop-delay.ts";
import { type MachineReading, machineBetween, readMachine } from "../../operations/samples/machine.ts";
import { descriptorLimit, ProcessMeter } from "../../operations/samples/process-figures.ts";
import type { ControlSample, WorkerSample } from "../../operations/samples/sample-messages.ts";
import { systemClock } from "../../platform/clock.ts";
import type { Config } from "../../platform/config/schema.ts";
import type { Logger } from "../../platform/log.ts";
import type { RpcChannel } from "../../platform/rpc-channel.ts";
import { BusLatency } from "../cluster/bus-latency.ts";
import type { NodeLoadReport, UnfetchedStream } from "../cluster/node-load.ts";
import { mergeHops } from "../cluster/relay-latency-meter.ts";
import type { ControlMethods } from "../ipc/messages.ts";
import type { NodeContext } from "../ipc/node-context.ts";
import { SandboxComponent } from "./sandbox-component.ts";

/** A process that does not answer within this is held. */
const ANSWER_WITHIN_MS = 3000;
/** What hardly ever changes is looked at so often. */
const SELDOM_MS = 600_000;
/** Of what is told of a component. */
const MAX_DETAIL = 300;
/** Nodes measure at different times within this, so that control processes do not get everything at once. */
const SPREAD_MS = 4000;

/** The control process, or node services in its place; its id is null while it is being restarted. */
export type ControlChild = { readonly channel: RpcChannel<ControlMethods>; readonly pid: number | null };

export type NodeSamplerOptions = {
  readonly config: () => Config;
  readonly log: Logger;
  readonly context: Pick<NodeContext, "cluster" | "workers">;
  readonly control: () => ControlChild;
  readonly load: () => NodeLoadReport;
  /** Streams that are wanted here and do not arrive. */
  readonly unfetched: () => readonly UnfetchedStream[];
  readonly viewers: () => number;
  /** The jobs that this node does. */
  readonly jobs: () => readonly JobReport[];
};

type SampledProcess<T> = {
  readonly name: string;
  readonly pid: number | null;
  readonly answer: T | null;
  readonly latencyMs: number;
};

export class NodeSampler {
  private readonly options: NodeSamplerOptions;
  private readonly hold = watchEventLoopDelay();
  private readonly processes = new ProcessMeter();
  private readonly echo: BusLatency | null;
  private readonly sandbox = new SandboxComponent(systemClock.utc());
  private machine: MachineReading | null = null;
  private limit: number | null = null;
  private seldom: { readonly at: number; readonly components: readonly ComponentSample[]; readonly ffmpeg: boolean } | null = null;
  private timer: NodeJS.Timeout | null = null;
  private sending = false;
  private sentInterval = -1;
  private over = false;
  /** Null: none was taken yet. */
  latest: NodeSample | null = null;

  constructor(options: NodeSamplerOptions) {
    this.options = options;
    const { cluster } = options.context;
    this.echo = options.config().cluster.nats.length === 0 ? null : new BusLatency(cluster.bus, cluster.self);
  }

  start(): void {
    void this.begin().catch(() => {});
    this.later();
  }

  close(): void {
    this.over = true;
    if (this.timer) clearTimeout(this.timer);
    this.hold.close();
  }

  /** Measures what has happened since the last call. */
  async take(): Promise<NodeSample> {
    const { config, context, load, viewers } = this.options;
    const { cluster, workers } = context;
    const before = this.machine ?? (await this.begin());
    const control = this.options.control();
    const [asked, controlAnswer] = await Promise.all([
      Promise.all(
        workers.all.map(
          async ({ channel, pid }, i) =>
            await ask(workers.names[i] ?? "", pid, () => channel.call("sample", undefined, ANSWER_WITHIN_MS)),
        ),
      ),
      ask("control", control.pid, () => control.channel.call("sample", undefined, ANSWER_WITHIN_MS)),
    ]);
    const everybody = [...asked, controlAnswer];
    const running = everybody.flatMap(({ name, pid }) => (pid === null ? [] : [{ name, pid }]));
    const figures = await this.processes.take([{ name: "supervisor", pid: process.pid }, ...running]);
    const holds = new Map<string, number | null>(everybody.map((each) => [each.name, holdOf(each)]));
    holds.set("supervisor", this.hold.take());
    this.machine = await readMachine(config().dataDir);
    const machine = machineBetween(before, this.machine);
    const busy = load();
    const processes = figures.map((each): ProcessSample => ({ ...each, holdMs: holds.get(each.name) ?? null }));
    const answers = asked.flatMap(({ answer }) => answer ?? []);
    const links = busy.links.filter(({ to }) => to !== cluster.self);
    return {
      node: cluster.self,
      at: systemClock.utc(),
      ...machine,
      network: this.network(machine.network, busy, links, answers),
      descriptors: { used: Math.max(0, ...figures.map(({ descriptors }) => descriptors)), limit: await this.descriptorLimit() },
      connections: busy.connections,
      viewers: viewers(),
      processes,
      links,
      hops: mergeHops(answers.flatMap(({ hops }) => hops)),
      uplinks: answers.flatMap(({ uplinks }) => uplinks.map((uplink) => this.watched(uplink))),
      components: [...(await this.components()), ...(controlAnswer.answer?.components ?? []), ...everybody.map(processComponent)],
    };
  }

  private async begin(): Promise<MachineReading> {
    this.machine = await readMachine(this.options.config().dataDir);
    const { workers } = this.options.context;
    const own = [{ name: "supervisor", pid: process.pid }];
    await this.processes.take([
      ...own,
      ...workers.all.flatMap(({ pid }, i) => (pid ? [{ name: workers.names[i] ?? "", pid }] : [])),
    ]);
    return this.machine;
  }

  private later(): void {
    const { self } = this.options.context.cluster;
    const spread = [...self].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % SPREAD_MS, 7);
    const now = systemClock.utc();
    const next = (Math.floor((now - spread) / SAMPLE_MS) + 1) * SAMPLE_MS + spread;
    this.timer = setTimeout(() => {
      this.later();
      this.send().catch((error: unknown) => this.options.log.warn({ reason: String(error) }, "node not measured"));
    }, next - now).unref();
  }

  /**
   * Measures once in each interval of the series, where a second sample would replace the first: after a hold two of them come at once, and the
   * second one knows nothing of the hold.
   */
  private async send(): Promise<void> {
    const { context, control } = this.options;
    const { cluster } = context;
    if (this.sending || intervalOf(systemClock.utc()) === this.sentInterval) return;
    this.sending = true;
    const sample = await this.take().finally(() => {
      this.sending = false;
    });
    this.latest = sample;
    if (this.over) return;
    this.sentInterval = intervalOf(sample.at);
    for (const member of cluster.members()) {
      if (!hasRole(member, "control") || member.state === "gone") continue;
      if (member.id === cluster.self) control().channel.tell("nodeSample", sample);
      else cluster.tell(member.id, "nodeSample", sample);
    }
  }

  /** What the machine cannot tell apart from itself, such as viewers on the same machine, is known from the streams. */
  private network(
    machine: Omit<NodeSample["network"], "capacityMbps">,
    busy: NodeLoadReport,
    links: readonly LinkSample[],
    answers: readonly WorkerSample[],
  ): NodeSample["network"] {
    const uplinks = answers.flatMap((answer) => answer.uplinks).reduce((sum, { kbps }) => sum + kbps / 1000, 0);
    const relayed = links.reduce((sum, { mbps }) => sum + mbps, 0);
    return {
      receivedMbps: rounded(Math.max(machine.receivedMbps, uplinks + relayed)),
      sentMbps: rounded(Math.max(machine.sentMbps, busy.usedMbps)),
      capacityMbps: this.options.config().cluster.node.capacityMbps,
      retransmittedPercent: rounded(machine.retransmittedPercent),
    };
  }

  /** With the viewers at all nodes. */
  private watched(uplink: WorkerSample["uplinks"][number]): WorkerSample["uplinks"][number] {
    const [app = "", name = ""] = uplink.stream.split("/");
    return { ...uplink, viewers: Math.max(uplink.viewers, this.options.context.cluster.audience(app, name)) };
  }

  private async descriptorLimit(): Promise<number> {
    this.limit ??= await descriptorLimit();
    return this.limit;
  }

  private async components(): Promise<ComponentSample[]> {
    const { config, context, jobs } = this.options;
    const now = systemClock.utc();
    if (!this.seldom || now - this.seldom.at >= SELDOM_MS) {
      const { http, rtmp } = config();
      const certificates = await Promise.all([
        ...(http.tls ? [certificateComponent("certificate http", http.tls.cert, now)] : []),
        ...(rtmp.tls ? [certificateComponent("certificate rtmp", rtmp.tls.cert, now)] : []),
      ]);
      this.seldom = { at: now, components: certificates, ffmpeg: await hasFfmpeg() };
    }
    const sandbox = this.sandbox.take(config().materials.sandbox, now);
    const [self, ...others] = context.cluster.members();
    const clock = others.length > 0 && self ? clockComponent(self) : await ownClockComponent();
    return [
      ...this.seldom.components,
      ...(hasRole(config(), "origin") ? [ffmpegComponent(this.seldom.ffmpeg, jobs())] : []),
      ...(clock ? [clock] : []),
      ...(sandbox && hasRole(config(), "origin") ? [sandbox] : []),
      ...(this.echo ? [relayComponent(this.options.unfetched()), this.echo.take(), context.cluster.secretComponent()] : []),
    ];
  }
}

async function ask<T extends WorkerSample | ControlSample>(
  name: string,
  pid: number | null,
  call: () => Promise<T>,
): Promise<SampledProcess<T>> {
  const begun = performance.now();
  const answer = pid === null ? null : await call().catch(() => null);
  return { name, pid, answer, latencyMs: Math.round((performance.now() - begun) * 10) / 10 };
}

/** A process that has not answered was held at least that long. */
function holdOf({ pid, answer, latencyMs }: SampledProcess<{ readonly holdMs: number }>): number | null {
  return answer ? answer.holdMs : pid === null ? null : Math.round(latencyMs);
}

function processComponent({ name, pid, answer, latencyMs }: SampledProcess<unknown>): ComponentSample {
  const of = `process ${name}`;
  if (pid === null) return { name: of, state: "down", latencyMs: null, detail: "It has ended, and is being restarted." };
  if (answer === null) return { name: of, state: "degraded", latencyMs: null, detail: "It does not answer." };
  return { name: of, state: "up", latencyMs, detail: "" };
}

function clockComponent({ clockErrorMs }: Member): ComponentSample {
  const isWrong = Math.abs(clockErrorMs) > SKEW_MS;
  const detail = isWrong ? `It is ${Math.round(clockErrorMs / 1000)} s off the cluster's time.` : "";
  return { name: "clock", state: isWrong ? "degraded" : "up", latencyMs: Math.abs(Math.round(clockErrorMs)), detail };
}

function relayComponent(unfetched: readonly UnfetchedStream[]): ComponentSample {
  const [first] = unfetched;
  const more = unfetched.length > 1 ? ` And ${unfetched.length - 1} more.` : "";
  const detail = first ? `${first.stream} does not arrive: ${first.reason}.${more}`.slice(0, MAX_DETAIL) : "";
  return { name: "relay", state: first ? "degraded" : "up", latencyMs: null, detail };
}

function ffmpegComponent(isThere: boolean, jobs: readonly JobReport[]): ComponentSample {
  const failing = jobs.find(({ problem }) => problem?.code === "program-failed");
  const detail = isThere ? (failing ? `${failing.kind} of ${failing.app}/${failing.name}: it failed.` : "") : "It is missing.";
  return { name: "ffmpeg", state: detail === "" ? "up" : "degraded", latencyMs: null, detail };
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

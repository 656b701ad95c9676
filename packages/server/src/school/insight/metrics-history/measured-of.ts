/** Makes named values of what a node has measured of itself. */
import { type NodeSample, UPLINK_VERDICTS } from "../../../contracts/monitoring/node-sample.ts";
import type { MeasuredKind } from "../../foundation/store/alarm-tables.ts";

/** One measured value; null: it could not be measured. */
export type Measured = {
  readonly kind: MeasuredKind;
  /** As `METRICS` says: a node's id, a link as FROM>TO, a stream as APP/NAME, …; empty for the platform. */
  readonly subject: string;
  readonly metric: string;
  readonly value: number | null;
};

/** The `state` of a component as a value. */
export const COMPONENT_STATES = ["up", "degraded", "down"] as const;

type Figures = Readonly<Record<string, number | null>>;

export function measuredOf(sample: NodeSample): Measured[] {
  const { node } = sample;
  const measured: Measured[] = [];
  const add = (kind: Measured["kind"], subject: string, figures: Figures): void => {
    for (const [metric, value] of Object.entries(figures)) if (value !== null) measured.push({ kind, subject, metric, value });
  };
  add("node", node, nodeFigures(sample));
  for (const { to, rttMs, jitterMs, lossPercent, mbps, ageMs } of sample.links)
    add("link", `${to}>${node}`, { rtt_ms: rttMs, jitter_ms: jitterMs, loss: shareOf(lossPercent), mbps, age_ms: ageMs });
  for (const { stream, from, ageMs, lossPercent, rttMs, kbps } of sample.hops)
    add("hop", `${node}<${from} ${stream}`, { age_ms: ageMs, loss: shareOf(lossPercent), rtt_ms: rttMs, kbps });
  for (const uplink of sample.uplinks)
    add("stream", uplink.stream, {
      fps: uplink.fps,
      encoder_fps: uplink.encoderFps,
      kbps: uplink.kbps,
      encoder_kbps: uplink.encoderKbps,
      jitter_ms: uplink.jitterMs,
      dropped_share: uplink.frames === 0 ? null : uplink.droppedFrames / (uplink.frames + uplink.droppedFrames),
      gop_seconds: uplink.gopSeconds,
      drift_ms: uplink.driftMsPerMinute,
      av_offset_ms: uplink.avOffsetMs,
      viewers: uplink.viewers,
      verdict: UPLINK_VERDICTS.indexOf(uplink.verdict),
    });
  for (const { name, state, latencyMs } of sample.components)
    add("component", `${node} ${name}`, { state: COMPONENT_STATES.indexOf(state), latency_ms: latencyMs });
  return measured;
}

function nodeFigures({ cores, cpu, stolen, memory, disk, network, descriptors, ...rest }: NodeSample): Figures {
  const { receivedMbps, sentMbps, capacityMbps, retransmittedPercent } = network;
  const longestOf = (processes: NodeSample["processes"]) =>
    processes.reduce<number | null>((longest, { holdMs }) => (holdMs === null ? longest : Math.max(longest ?? 0, holdMs)), null);
  return {
    cpu: ratio(cpu, cores),
    stolen,
    memory: ratio(memory.usedBytes, memory.totalBytes),
    disk: ratio(disk.usedBytes, disk.totalBytes),
    descriptors: ratio(descriptors.used, descriptors.limit),
    hold_ms: longestOf(rest.processes),
    // Only these have media: a control process that is busy delays no picture.
    media_hold_ms: longestOf(rest.processes.filter(({ name }) => name.startsWith("media-"))),
    received_mbps: receivedMbps,
    sent_mbps: sentMbps,
    egress: ratio(sentMbps, capacityMbps),
    retransmitted: retransmittedPercent / 100,
    connections: rest.connections,
    viewers: rest.viewers,
    ...Object.fromEntries(rest.processes.map(({ name, cpu: used }) => [`process_cpu_${name}`, used])),
  };
}

function shareOf(percent: number | null): number | null {
  return percent === null ? null : percent / 100;
}

function ratio(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}

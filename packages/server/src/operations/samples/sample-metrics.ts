/**
 * Provides the metrics of a node's newest sample: the machine, its links to other nodes, and its components. The supervisor loads them with the first
 * scrape. Their labels are names of nodes, processes and components, never of streams or people.
 */
import { Gauge, Registry } from "prom-client";
import type { ComponentSample, NodeSample } from "../../contracts/monitoring/node-sample.ts";
import type { MetricValues } from "../stream-metrics.ts";

const STATES: Readonly<Record<ComponentSample["state"], number>> = { up: 0, degraded: 1, down: 2 };
const MEGABIT = 1_000_000;

export function sampleMetrics(sample: NodeSample): Promise<MetricValues> {
  const registry = new Registry();
  writeMachine(registry, sample);
  writeProcesses(registry, sample);
  writeLinks(registry, sample);
  const registers = [registry];
  const state = new Gauge({
    name: "lectern_component_state",
    help: "Parts that the node depends on: 0 up, 1 degraded, 2 down",
    labelNames: ["component"],
    registers,
  });
  const latency = new Gauge({
    name: "lectern_component_latency_seconds",
    help: "How long a part takes to answer; of the clock: how wrong it is",
    labelNames: ["component"],
    registers,
  });
  for (const { name: component, state: is, latencyMs } of sample.components) {
    state.set({ component }, STATES[is]);
    if (latencyMs !== null) latency.set({ component }, latencyMs / 1000);
  }
  return registry.getMetricsAsJSON();
}

function writeMachine(registry: Registry, { cores, cpu, stolen, memory, disk, network, descriptors }: NodeSample): void {
  const set = (name: string, help: string, value: number) => new Gauge({ name, help, registers: [registry] }).set(value);
  set("lectern_machine_cores", "Processors of the machine", cores);
  set("lectern_machine_cores_used", "Processors in use on the machine, by all programs", cpu);
  set("lectern_machine_stolen_ratio", "Share of time in which the processors were given to other machines", stolen);
  set("lectern_machine_memory_bytes", "Memory of the machine", memory.totalBytes);
  set("lectern_machine_memory_used_bytes", "Memory in use on the machine", memory.usedBytes);
  set("lectern_machine_disk_bytes", "Size of the disk with the data directory", disk.totalBytes);
  set("lectern_machine_disk_used_bytes", "Bytes in use on the disk with the data directory", disk.usedBytes);
  set("lectern_machine_received_bits_per_second", "What the machine receives from the network", network.receivedMbps * MEGABIT);
  set("lectern_machine_sent_bits_per_second", "What the machine sends to the network", network.sentMbps * MEGABIT);
  set(
    "lectern_machine_capacity_bits_per_second",
    "What the network can take (cluster.node.capacityMbps)",
    network.capacityMbps * MEGABIT,
  );
  set("lectern_machine_retransmitted_ratio", "Share of TCP segments that were sent again", network.retransmittedPercent / 100);
  set("lectern_machine_open_files", "Open files of the process that has most of them", descriptors.used);
  set("lectern_machine_open_files_limit", "Files that a process may have open", descriptors.limit);
}

function writeProcesses(registry: Registry, { processes }: NodeSample): void {
  const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames: ["process"], registers: [registry] });
  const cores = gauge("lectern_process_cores_used", "Processors that a process of the server uses; ffmpeg: all that it runs");
  const memory = gauge("lectern_process_memory_bytes", "Memory of a process of the server; ffmpeg: all that it runs");
  for (const { name, cpu, memoryBytes } of processes) {
    cores.set({ process: name }, cpu);
    memory.set({ process: name }, memoryBytes);
  }
}

function writeLinks(registry: Registry, { links, hops }: NodeSample): void {
  const gauge = (name: string, help: string, label: string) =>
    new Gauge({ name, help, labelNames: [label], registers: [registry] });
  const rtt = gauge("lectern_link_rtt_seconds", "Round trip to another node", "to");
  const loss = gauge("lectern_link_loss_ratio", "Share of bytes that were sent again on the way to another node", "to");
  const rate = gauge("lectern_link_bits_per_second", "What goes over the link to another node", "to");
  for (const { to, rttMs, lossPercent, mbps } of links) {
    if (rttMs !== null) rtt.set({ to }, rttMs / 1000);
    if (lossPercent !== null) loss.set({ to }, lossPercent / 100);
    rate.set({ to }, mbps * MEGABIT);
  }
  const streams = gauge("lectern_relay_streams", "Streams that come from another node", "upstream");
  const age = gauge("lectern_relay_age_seconds", "How old the newest entry of the stream is that has waited longest", "upstream");
  for (const [upstream, group] of Map.groupBy(hops, ({ from }) => from)) {
    streams.set({ upstream }, group.length);
    age.set({ upstream }, Math.max(0, ...group.map(({ ageMs }) => ageMs ?? 0)) / 1000);
  }
}

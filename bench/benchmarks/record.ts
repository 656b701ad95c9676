/** Measures recording: CPU, memory and disk writes for 100 streams, compared with ingest only and with time-shift. */
import { readFileSync } from "node:fs";
import { benchClip } from "../load/clip.ts";
import { startRtmpPublishers } from "../load/rtmp-publishers.ts";
import { median, round, type Table } from "../report/table.ts";
import { startLectern } from "../servers/servers.ts";
import { cpuSeconds, pause, processTree, residentMb, stop } from "../testbed/child-process.ts";
import type { BenchOptions } from "./options.ts";

const STREAMS = 100;
const SETTLE_SECONDS = 10;
const MODES: readonly (readonly [name: string, options: readonly string[]])[] = [
  ["ingest only", []],
  ["time-shift", ["timeshift.windowSeconds=7200"]],
  ["recorded", ["timeshift.windowSeconds=7200", "recording.auto=pushed"]],
];

export async function benchRecord(options: BenchOptions): Promise<Table> {
  const clip = benchClip();
  const seconds = options.quick ? 10 : 30;
  const repeats = options.quick ? 1 : 3;
  const seen = new Map<string, { cores: number[]; memory: number[]; written: number[] }>();
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const [name, set] of MODES) {
      process.stderr.write(`bench: ${STREAMS} streams, ${name}\n`);
      const lectern = await startLectern(set);
      const publishers = startRtmpPublishers(lectern.push ?? "", clip.file, STREAMS);
      await pause(SETTLE_SECONDS);
      const [cpu, bytes] = [cpuSeconds(lectern.pid), writtenBytes(lectern.pid)];
      await pause(seconds);
      const of = seen.get(name) ?? { cores: [], memory: [], written: [] };
      of.cores.push((cpuSeconds(lectern.pid) - cpu) / seconds);
      of.written.push((writtenBytes(lectern.pid) - bytes) / seconds / 1e6);
      of.memory.push(residentMb(lectern.pid));
      seen.set(name, of);
      publishers.kill("SIGKILL");
      await stop(lectern.process);
    }
  }
  const base = seen.get(MODES[0]?.[0] ?? "");
  const [idleCores, idleMemory] = [median(base?.cores ?? []), median(base?.memory ?? [])];
  return {
    title: `${STREAMS} streams of about 1.08 Mbps, server on one core`,
    columns: ["how", "cores", "more than nothing kept", "RSS MB", "more, MB a stream", "written MB/s"],
    rows: MODES.map(([name]) => {
      const of = seen.get(name);
      const [cores, memory] = [median(of?.cores ?? []), median(of?.memory ?? [])];
      return [
        name,
        round(cores, 3),
        round(cores - idleCores, 3),
        round(memory, 0),
        round((memory - idleMemory) / STREAMS, 2),
        round(median(of?.written ?? []), 1),
      ];
    }),
    notes: [`Medians of ${repeats}, interleaved. Target: less than 0.35 of a core more, and 5 MB a stream.`],
  };
}

/** Bytes that a process and its descendants have written to disk. */
function writtenBytes(pid: number): number {
  return processTree(pid).reduce(
    (sum, one) => sum + Number(/^write_bytes: (\d+)/m.exec(readFileSync(`/proc/${one}/io`, "utf8"))?.[1] ?? 0),
    0,
  );
}

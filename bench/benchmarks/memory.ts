/**
 * Measures memory under load, process by process: what each further viewer, stream and retained segment costs, and what thousands of idle streams
 * cost in memory and CPU. Memory is PSS: pages that processes share count once.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { makeCertificate } from "../../e2e/certificate.ts";
import { benchClip, cacheDirectory } from "../load/clip.ts";
import { startHttpLoad } from "../load/nginx-baseline.ts";
import { startRtmpPublishers } from "../load/rtmp-publishers.ts";
import { round, type Table } from "../report/table.ts";
import { type LecternRunning, startLectern } from "../servers/servers.ts";
import { cpuSeconds, pause, processMemory, stop } from "../testbed/child-process.ts";
import type { BenchOptions } from "./options.ts";

const LIMITS = [
  "limits.perAddress.requestsPerSecond=10000000",
  "limits.perAddress.connections=100000",
  "limits.streams=100000",
  "limits.viewers=100000",
  "workers=1",
];
/** Buffers have their size, and garbage is collected, within this time. */
const SETTLE_SECONDS = 8;
/** The window of HLS and two more segments, of 2 s each. */
const RETENTION_SECONDS = 22;
const RETAINED_SEGMENTS = 11;

type Row = (string | number | null)[];
/** MB by process. */
type Memory = ReadonlyMap<string, number>;

export async function benchMemory({ quick }: BenchOptions): Promise<Table> {
  const viewers = quick ? 500 : 2000;
  const rows: Row[] = [];
  rows.push(...(await viewerRows(viewers)));
  rows.push(...(await streamRows("live streams of 1.08 Mbps", benchClip().file, quick ? 20 : 50, RETENTION_SECONDS)));
  rows.push(...(await streamRows("idle streams of 8 kbps, sound alone", idleClip(), quick ? 1000 : 10_000, RETENTION_SECONDS)));
  return {
    title: "Memory that each further viewer and stream costs, kB of PSS, by process; one media worker",
    columns: ["what", "number", "media worker", "control", "supervisor", "all", "cores of all processes"],
    rows,
    notes: [
      `A live stream keeps ${RETAINED_SEGMENTS} segments of 2 s. Cores: over 10 s, with these viewers or streams, and nobody watching the streams.`,
    ],
  };
}

async function viewerRows(count: number): Promise<Row[]> {
  const certificate = makeCertificate(cacheDirectory(), "localhost");
  const lectern = await startLectern(LIMITS, certificate, null);
  const publisher = startRtmpPublishers(lectern.push ?? "", benchClip().file, 1);
  const rows: Row[] = [];
  await pause(RETENTION_SECONDS);
  const playlist = await mediaPlaylist(lectern);
  for (const [what, protocol, port, path] of [
    ["viewers of FLV", "http1", lectern.httpPort, "/live/s0.flv"],
    ["viewers of FLV by TLS", "https1", lectern.httpsPort, "/live/s0.flv"],
    ["viewers of HLS, a playlist each second", "http1", lectern.httpPort, playlist],
  ] as const) {
    process.stderr.write(`bench: ${count} ${what}\n`);
    const before = memoryOf(lectern);
    const paceMs = path === playlist ? 1000 : 0;
    const load = startHttpLoad({ protocol, port, connections: count, seconds: 3600, paths: [path], paceMs, held: null });
    rows.push(await row(what, count, lectern, before));
    await stop(load);
    await pause(SETTLE_SECONDS);
  }
  publisher.kill("SIGKILL");
  await stop(lectern.process);
  return rows;
}

async function streamRows(what: string, clip: string, count: number, seconds: number): Promise<Row[]> {
  process.stderr.write(`bench: ${count} ${what}\n`);
  const lectern = await startLectern(LIMITS, null, null);
  await pause(SETTLE_SECONDS);
  const before = memoryOf(lectern);
  const publishers = startRtmpPublishers(lectern.push ?? "", clip, count);
  while ((await streamsOf(lectern)) < count) await pause(1);
  await pause(seconds);
  const rows = [await row(what, count, lectern, before)];
  publishers.kill("SIGKILL");
  await stop(lectern.process);
  return rows;
}

async function row(what: string, count: number, lectern: LecternRunning, before: Memory): Promise<Row> {
  await pause(SETTLE_SECONDS);
  const [cpu, begun] = [cpuSeconds(lectern.pid), performance.now()];
  await pause(10);
  const cores = (cpuSeconds(lectern.pid) - cpu) / ((performance.now() - begun) / 1000);
  const after = memoryOf(lectern);
  const more = (name: string) => round((((after.get(name) ?? 0) - (before.get(name) ?? 0)) * 1000) / count, 1);
  const sum = (memory: Memory) => [...memory.values()].reduce((total, mb) => total + mb, 0);
  return [
    what,
    count,
    more("media"),
    more("control"),
    more("supervisor"),
    round(((sum(after) - sum(before)) * 1000) / count, 1),
    round(cores, 3),
  ];
}

function memoryOf({ pid }: LecternRunning): Memory {
  const memory = new Map<string, number>();
  for (const { command, mb } of processMemory(pid)) {
    const name = /media/.test(command) ? "media" : /control/.test(command) ? "control" : "supervisor";
    memory.set(name, (memory.get(name) ?? 0) + mb);
  }
  return memory;
}

async function streamsOf({ metrics }: LecternRunning): Promise<number> {
  const text = await (await fetch(metrics ?? "")).text();
  return Number(/^lectern_streams (\d+)/m.exec(text)?.[1] ?? 0);
}

/** The address of a viewer's media playlist. */
async function mediaPlaylist({ httpPort }: LecternRunning): Promise<string> {
  const text = await (await fetch(`http://127.0.0.1:${httpPort}/live/s0.m3u8`)).text();
  return `/live/${/^[^#\n].*$/m.exec(text)?.[0]}`;
}

/** Sound of 8 kbps, 20 s. */
function idleClip(): string {
  const file = join(cacheDirectory(), "idle.flv");
  const input = ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=8000"];
  if (!existsSync(file))
    execFileSync("ffmpeg", [
      "-v",
      "error",
      "-y",
      ...input,
      "-t",
      "20",
      "-c:a",
      "aac",
      "-ar",
      "16000",
      "-b:a",
      "8k",
      "-f",
      "flv",
      file,
    ]);
  return file;
}

/** Measures publishing: what a publisher costs by WHIP and by WebSocket, as browsers publish, and by RTMP and SRT, all of the same picture. */
import type { ChildProcess } from "node:child_process";
import { startBrowserPublishers } from "../load/browser-publishers.ts";
import { browserClip } from "../load/clip.ts";
import { startRtmpPublishers } from "../load/rtmp-publishers.ts";
import { startSrtPublishers } from "../load/srt-publishers.ts";
import { median, round, type Table } from "../report/table.ts";
import { startLectern, TOKEN } from "../servers/servers.ts";
import { cpuSeconds, pause, residentMb, stop } from "../testbed/child-process.ts";
import type { BenchOptions } from "./options.ts";

const WAYS = ["RTMP", "SRT", "WebSocket", "WHIP"] as const;
type Way = (typeof WAYS)[number];
type Measured = { readonly way: Way; readonly live: number; readonly cores: number; readonly kb: number };

const PUBLISHERS = { usual: 100, quick: 10 } as const;
const SRT_PORT = 18_990;
const SETTLE_SECONDS = 8;

export async function benchPublishing(options: BenchOptions): Promise<Table> {
  const count = options.quick ? PUBLISHERS.quick : PUBLISHERS.usual;
  const measured: Measured[] = [];
  for (let repeat = 0; repeat < options.repeats; repeat++) {
    for (const way of WAYS) {
      process.stderr.write(`bench: ${count} publishers by ${way}, run ${repeat + 1} of ${options.repeats}\n`);
      measured.push(await measure(way, count, options.quick ? 5 : 15));
    }
  }
  return tabulate(measured, count, options.repeats);
}

/** By the address for RTMP, and that for HTTP. */
const startPublishers: Readonly<
  Record<Way, (push: string, http: string, clip: string, count: number) => ChildProcess | Promise<ChildProcess>>
> = {
  RTMP: (push, _http, clip, count) => startRtmpPublishers(push, clip, count),
  SRT: (_push, _http, clip, count) => startSrtPublishers(SRT_PORT, clip, count),
  WebSocket: (_push, http, clip, count) => startBrowserPublishers("websocket", http, clip, count),
  WHIP: (_push, http, clip, count) => startBrowserPublishers("whip", http, clip, count),
};

async function measure(way: Way, count: number, seconds: number): Promise<Measured> {
  const limits = ["webrtc.maxSessions=10000", "webrtc.maxPerAddress=10000", "webrtc.maxHalfOpenPerAddress=10000"];
  const running = await startLectern(["workers=1", "webrtc.port=0", `srt.port=${SRT_PORT}`, ...limits]);
  const clip = browserClip();
  const http = `http://127.0.0.1:${running.httpPort}`;
  try {
    const before = residentMb(running.pid);
    const publishers = await startPublishers[way](running.push ?? "", `${http}/live`, clip, count);
    await pause(SETTLE_SECONDS);
    const [cpu, at] = [cpuSeconds(running.pid), performance.now()];
    await pause(seconds);
    const cores = (cpuSeconds(running.pid) - cpu) / ((performance.now() - at) / 1000);
    const kb = ((residentMb(running.pid) - before) * 1024) / count;
    const answer = await fetch(`${http}/api/v1/streams`, { headers: { authorization: `Bearer ${TOKEN}` } });
    const { items } = (await answer.json()) as { items: { readonly video: unknown }[] };
    publishers.kill("SIGKILL");
    return { way, live: items.filter(({ video }) => video !== null).length, cores, kb };
  } finally {
    await stop(running.process);
  }
}

function tabulate(measured: readonly Measured[], count: number, repeats: number): Table {
  const costOf = (way: Way) => measured.filter((run) => run.way === way).map(({ cores }) => (cores * 1000) / count);
  const whip = median(costOf("WHIP"));
  const rows = WAYS.map((way) => {
    const runs = measured.filter((run) => run.way === way);
    const costs = costOf(way);
    const spread = `${round(Math.min(...costs), 2)}–${round(Math.max(...costs), 2)}`;
    return [
      ...[way, Math.min(...runs.map(({ live }) => live)), round(median(costs), 2), runs.length > 1 ? spread : null],
      ...[round(median(costs) / whip, 2), round(median(runs.map(({ kb }) => kb)), 0)],
    ];
  });
  return {
    title: `${count} publishers of 1 Mbps, 25 frames a second, nobody watching; server on one core, publishers on the other`,
    columns: ["way", "streams live", "CPU ms per publisher and second", "spread", "of WHIP", "kB per publisher"],
    rows,
    notes: [`${repeats} interleaved run(s) of each. CPU and memory are of all processes of the server.`],
  };
}

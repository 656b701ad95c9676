/** Measures WebRTC: one stream to many viewers by WHEP, beside the streaming plugin of Janus with the same packets of the same clip. */
import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { join } from "node:path";
import { browserClip } from "../load/clip.ts";
import type { LoadOrder, LoadReport, ViewerKind } from "../load/whep-viewers.ts";
import { median, round, type Table } from "../report/table.ts";
import { startJanus } from "../servers/janus.ts";
import { startLectern } from "../servers/servers.ts";
import { CLIENT_CORE, cpuSeconds, pause, residentMb, start, stop } from "../testbed/child-process.ts";
import type { BenchOptions } from "./options.ts";

/** A server with the picture. */
type Sending = {
  readonly pid: number;
  readonly by: ViewerKind;
  readonly url: string;
  readonly stop: () => Promise<void>;
};

type Contender = { readonly name: string; readonly start: (clip: string) => Promise<Sending> };

type Measured = {
  readonly name: string;
  readonly viewers: number;
  readonly connected: number;
  readonly cores: number;
  readonly packetsPerSecond: number;
  readonly lost: number;
  readonly kbPerViewer: number;
  readonly joinMs: number;
};

const JOINS_PER_SECOND = 40;

const CONTENDERS: readonly Contender[] = [
  { name: "Lectern WHEP", start: lecternSends },
  { name: "Janus streaming plugin", start: janusSends },
];

export async function benchWebRtc(options: BenchOptions): Promise<Table> {
  const clip = browserClip();
  const { only } = options;
  const chosen = CONTENDERS.filter(({ name }) => only === null || only.some((wanted) => name.includes(wanted)));
  const sizes = options.members === null ? (options.quick ? [50] : [200, 500]) : options.viewers;
  const measured: Measured[] = [];
  for (let repeat = 0; repeat < options.repeats; repeat++) {
    for (const viewers of sizes) {
      for (const contender of chosen) {
        process.stderr.write(`bench: ${contender.name}, ${viewers} viewers, run ${repeat + 1} of ${options.repeats}\n`);
        measured.push(await measure(contender, viewers, clip, options.quick ? 5 : 12));
      }
    }
  }
  return tabulate(measured, options);
}

function publish(clip: string, output: readonly string[]): ChildProcess {
  const input = ["-v", "error", "-nostdin", "-re", "-stream_loop", "-1", "-i", clip, "-c", "copy"];
  return start(["ffmpeg", ...input, ...output], { core: CLIENT_CORE });
}

async function lecternSends(clip: string): Promise<Sending> {
  const limits = ["webrtc.maxViewers=10000", "webrtc.maxSessions=10000", "webrtc.maxPerAddress=10000"];
  const halfOpen = ["webrtc.maxHalfOpen=10000", "webrtc.maxHalfOpenPerAddress=10000"];
  const running = await startLectern(["workers=1", "webrtc.port=0", "limits.viewers=10000", ...limits, ...halfOpen]);
  const publisher = publish(clip, ["-f", "flv", `${running.push}/x`]);
  await pause(3);
  return {
    pid: running.pid,
    by: "whep",
    url: running.play("x").replace(/\.flv$/, "/whep"),
    stop: async () => {
      await stop(publisher);
      await stop(running.process);
    },
  };
}

async function janusSends(clip: string): Promise<Sending> {
  const running = await startJanus();
  // The same payloads as Lectern makes, so that both send as many packets.
  const output = ["-an", "-payload_type", "96", "-f", "rtp", `rtp://127.0.0.1:${running.rtpPort}?pkt_size=1172`];
  const publisher = publish(clip, output);
  await pause(3);
  return {
    pid: running.pid,
    by: "janus",
    url: running.url,
    stop: async () => {
      await stop(publisher);
      await stop(running.process);
    },
  };
}

async function measure({ name, start: begin }: Contender, viewers: number, clip: string, seconds: number): Promise<Measured> {
  const sending = await begin(clip);
  const load = new Load();
  try {
    const before = residentMb(sending.pid);
    const joined = await load.ask({ kind: "join", by: sending.by, url: sending.url, viewers, perSecond: JOINS_PER_SECOND });
    await pause(2);
    const [cpu, at] = [cpuSeconds(sending.pid), performance.now()];
    load.tell({ kind: "begin" });
    await pause(seconds);
    const used = cpuSeconds(sending.pid) - cpu;
    const elapsed = (performance.now() - at) / 1000;
    const counted = await load.ask({ kind: "end" });
    if (joined.kind !== "joined" || counted.kind !== "counted") throw new Error("the load answers something else");
    return {
      name,
      viewers,
      connected: joined.connected,
      cores: used / elapsed,
      packetsPerSecond: (counted.packets / Math.max(1, counted.viewers) / elapsed) * joined.connected,
      lost: counted.lost / Math.max(1, counted.packets + counted.lost),
      kbPerViewer: ((residentMb(sending.pid) - before) * 1024) / viewers,
      joinMs: joined.medianJoinMs,
    };
  } finally {
    await load.stop();
    await sending.stop();
  }
}

/** The process of the viewers. */
class Load {
  private readonly child = fork(join(import.meta.dirname, "../load/whep-viewers.ts"), {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });

  constructor() {
    execFileSync("taskset", ["-a", "-p", "-c", String(CLIENT_CORE), String(this.child.pid)], { stdio: "ignore" });
  }

  tell(order: LoadOrder): void {
    this.child.send(order);
  }

  ask(order: LoadOrder): Promise<LoadReport> {
    return new Promise((resolve, reject) => {
      this.child.once("message", (report: LoadReport) => resolve(report));
      this.child.once("exit", () => reject(new Error("the viewers have ended")));
      this.tell(order);
    });
  }

  async stop(): Promise<void> {
    await stop(this.child);
  }
}

function tabulate(measured: readonly Measured[], { repeats }: BenchOptions): Table {
  const keys = [...new Set(measured.map(({ name, viewers }) => `${viewers} ${name}`))];
  const rows = keys.map((key) => {
    const runs = measured.filter(({ name, viewers }) => `${viewers} ${name}` === key);
    const [first] = runs;
    const mid = (of: (run: Measured) => number) => median(runs.map(of));
    const perPacket = runs.map(({ cores, packetsPerSecond }) => (cores * 1e6) / packetsPerSecond);
    return [
      first?.name ?? "",
      first?.viewers ?? 0,
      Math.min(...runs.map(({ connected }) => connected)),
      round(
        mid(({ cores }) => cores),
        3,
      ),
      round(
        mid(({ connected, cores }) => connected / cores),
        0,
      ),
      round(median(perPacket), 2),
      runs.length > 1 ? `${round(Math.min(...perPacket), 2)}–${round(Math.max(...perPacket), 2)}` : null,
      round(
        mid(({ packetsPerSecond, connected }) => packetsPerSecond / connected),
        1,
      ),
      round(
        mid(({ lost }) => lost * 100),
        2,
      ),
      round(
        mid(({ kbPerViewer }) => kbPerViewer),
        0,
      ),
      round(
        mid(({ joinMs }) => joinMs),
        0,
      ),
    ];
  });
  return {
    title: "One stream of 1 Mbps to WebRTC viewers; server on one core, publisher and viewers on the other",
    columns: [
      "server",
      "viewers",
      "connected",
      "cores",
      "viewers per core",
      "CPU ms per 1000 packets",
      "spread",
      "packets per viewer and second",
      "lost %",
      "kB per viewer",
      "join ms, median",
    ],
    rows,
    notes: [
      `${repeats} interleaved run(s) of each. CPU and memory are of all processes of the server, with its ingest; packets are counted by each 25th viewer.`,
      "Janus has one event loop, and gets the picture by RTP in the same payload size.",
    ],
  };
}

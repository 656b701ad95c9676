/** Measures ingest: CPU and memory of a server with 300 publishers, without viewers and with one viewer each. */
import { benchClip, cacheDirectory } from "../load/clip.ts";
import { startRtmpPublishers } from "../load/rtmp-publishers.ts";
import { round, type Table } from "../report/table.ts";
import { givenServer, SERVERS } from "../servers/servers.ts";
import { CLIENT_CORE, compile, cpuSeconds, output, pause, processTree, residentMb, stop } from "../testbed/child-process.ts";
import { type BenchOptions, isChosen } from "./options.ts";

const PUBLISHERS = 300;
/** Until the server's buffers are full: before, it mostly allocates memory. In a quick run, until it has all publishers. */
const FILLING_SECONDS = { usual: 30, quick: 15 } as const;

export async function benchIngest(options: BenchOptions): Promise<Table> {
  const clip = benchClip();
  const flvload = compile("flvload", cacheDirectory());
  const all = [
    ...SERVERS.filter(({ name }) => ["Lectern HTTP-FLV", "nginx-rtmp (RTMP)", "node-media-server 4 (HTTP-FLV)"].includes(name)),
    ...options.servers.map(givenServer),
  ];
  const chosen = all.filter(({ name }) => isChosen(name, options));
  const seconds = options.quick ? 8 : 20;
  const rows: (string | number | null)[][] = [];
  for (const server of chosen) {
    process.stderr.write(`bench: ${server.name}, ${PUBLISHERS} publishers\n`);
    const running = await server.start({ clip: clip.file, bytesPerSecond: clip.bytesPerSecond, floor: "" });
    await pause(2);
    const publishers = startRtmpPublishers(running.push ?? "", clip.file, PUBLISHERS);
    await pause(options.quick ? FILLING_SECONDS.quick : FILLING_SECONDS.usual);
    const from = cpuSeconds(running.pid);
    await pause(seconds);
    const alone = (cpuSeconds(running.pid) - from) / seconds;
    const memory = residentMb(running.pid);
    const viewers = await output(
      [
        flvload,
        "-u",
        running.play("s%d"),
        "-n",
        String(PUBLISHERS),
        "-w",
        "3",
        "-d",
        String(seconds),
        "-p",
        processTree(running.pid).join(","),
        "-b",
        "10",
      ],
      CLIENT_CORE,
    );
    const watched = JSON.parse(viewers) as { server_cores: number; live: number };
    rows.push([server.name, round(alone, 3), round(memory, 0), round(watched.server_cores, 3), watched.live]);
    publishers.kill("SIGKILL");
    await stop(running.process);
  }
  return {
    title: `${PUBLISHERS} publishers of about 1.08 Mbps each, server on one core`,
    columns: ["server", "cores, nobody watching", "RSS MB", "cores, one viewer each", "viewers there"],
    rows,
    notes: [],
  };
}

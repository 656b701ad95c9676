/**
 * Replay: 500 viewers at random positions of 100 recordings, compared with nginx serving the same playlists and segments as files. Each viewer
 * requests a segment every two seconds, as players do.
 */
import { makeCertificate } from "../../e2e/certificate.ts";
import { benchClip, cacheDirectory } from "../load/clip.ts";
import { cpuShare, measure, startNginx } from "../load/nginx-baseline.ts";
import { startRtmpPublishers } from "../load/rtmp-publishers.ts";
import { round, type Table } from "../report/table.ts";
import { startLectern, TOKEN } from "../servers/servers.ts";
import { pause, residentMb, stop } from "../testbed/child-process.ts";
import type { BenchOptions } from "./options.ts";

const RECORDINGS = 100;
const VIEWERS = 500;
const SEGMENT_MS = 2000;
/** Number of segments to request, chosen at random. */
const REQUESTED_SEGMENTS = 1000;
const LIMITS = ["limits.perAddress.requestsPerSecond=10000000", "limits.perAddress.connections=100000"];

export async function benchReplay(options: BenchOptions): Promise<Table> {
  const seconds = options.quick ? 10 : 30;
  const clip = benchClip();
  const lectern = await startLectern([...LIMITS, "recording.auto=pushed", "publish.graceSeconds=0"]);
  process.stderr.write(`bench: recording ${RECORDINGS} streams\n`);
  const publishers = startRtmpPublishers(lectern.push ?? "", clip.file, RECORDINGS);
  await pause(options.quick ? 20 : 60);
  publishers.kill("SIGKILL");
  const origin = `http://127.0.0.1:${lectern.httpPort}`;
  const { playlists, segments: all } = await allOf(origin);
  const segments = shuffled(all).slice(0, REQUESTED_SEGMENTS);
  const bytes = new Map<string, Buffer>();
  for (const path of [...playlists, ...segments]) bytes.set(path, Buffer.from(await (await fetch(origin + path)).arrayBuffer()));
  const nginx = await startNginx({ bytes }, makeCertificate(cacheDirectory(), "localhost"));
  const idle = await cpuShare(lectern.pid, 3);
  const before = residentMb(lectern.pid);
  const rows: (string | number | null)[][] = [];
  for (const [what, paths] of [
    ["playlists", playlists],
    ["segments", segments],
  ] as const) {
    process.stderr.write(`bench: ${what}, ${VIEWERS} viewers\n`);
    const load = {
      protocol: "http1",
      connections: VIEWERS,
      seconds,
      paceMs: SEGMENT_MS,
      held: null,
      paths: shuffled(paths),
    } as const;
    const ours = await measure(lectern.pid, { ...load, port: lectern.httpPort }, idle);
    const theirs = await measure(nginx.pid, { ...load, port: nginx.port }, 0);
    for (const [name, seen] of [
      ["Lectern", ours],
      ["nginx", theirs],
    ] as const)
      rows.push([
        `${what}, ${name}`,
        seen.answers,
        seen.refused,
        round(seen.firstByteMs.p50, 1),
        round(seen.firstByteMs.p99, 1),
        round(seen.cores, 3),
        name === "nginx" ? 1 : round(ours.cores / theirs.cores, 2),
      ]);
  }
  const notes = [
    `Lectern's memory: ${round(before, 0)} MB before, ${round(residentMb(lectern.pid), 0)} MB after. Targets: p99 under 20 ms, at most 2 times the CPU of nginx.`,
  ];
  await stop(nginx.process);
  await stop(lectern.process);
  return {
    title: `${VIEWERS} viewers at random positions of ${RECORDINGS} recordings (${segments.length} of ${all.length} segments), server on one core`,
    columns: ["what", "answers", "refused", "first byte ms, median", "p99", "cores", "times nginx"],
    rows,
    notes,
  };
}

/** Waits until all recordings are complete. @returns the addresses of all media playlists and segments */
async function allOf(origin: string): Promise<{ readonly playlists: string[]; readonly segments: string[] }> {
  const headers = { authorization: `Bearer ${TOKEN}` };
  const list = async () =>
    (
      (await (await fetch(`${origin}/api/v1/recordings?limit=1000`, { headers })).json()) as {
        items: { id: string; whole: boolean }[];
      }
    ).items;
  while (!(await list()).every(({ whole }) => whole)) await pause(0.5);
  const playlists: string[] = [];
  const segments: string[] = [];
  for (const { id } of await list()) {
    const first = await (await fetch(`${origin}/vod/${id}.m3u8`)).text();
    const path = `/vod/${/^[^#\n].*$/m.exec(first)?.[0]}`;
    playlists.push(path);
    const text = await (await fetch(origin + path)).text();
    segments.push(...[...text.matchAll(/^[^#\n].*$/gm)].map(([uri]) => new URL(uri, origin + path).pathname));
  }
  return { playlists, segments };
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

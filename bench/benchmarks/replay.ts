/**
 * Measures replay: 500 viewers at random positions of 100 recordings, compared with nginx serving the same playlists and segments as files. Each
 * viewer requests a segment every two seconds, as players do.
 */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeCertificate } from "../../e2e/certificate.ts";
import { benchClip, cacheDirectory } from "../load/clip.ts";
import { cpuShare, measure, startCache, startNginx } from "../load/nginx-baseline.ts";
import { startRtmpPublishers } from "../load/rtmp-publishers.ts";
import { round, type Table } from "../report/table.ts";
import { type LecternRunning, startLectern, TOKEN } from "../servers/servers.ts";
import { pause, residentMb, SERVER_CORE, stop } from "../testbed/child-process.ts";
import type { BenchOptions } from "./options.ts";

const RECORDINGS = 100;
const VIEWERS = 500;
const SEGMENT_MS = 2000;
const SETTLE_SECONDS = 15;
/** Recordings that all viewers watch in the measurement of hot segments. */
const HOT_RECORDINGS = 10;
/** Number of segments to request, chosen at random. */
const REQUESTED_SEGMENTS = 1000;
const LIMITS = ["limits.perAddress.requestsPerSecond=10000000", "limits.perAddress.connections=100000"];

/** What the viewers request, and of which server. */
type Case = {
  readonly what: string;
  readonly paths: readonly string[];
  readonly lectern: Pick<LecternRunning, "pid" | "httpPort">;
};

export async function benchReplay(options: BenchOptions): Promise<Table> {
  const seconds = options.quick ? 10 : 30;
  const clip = benchClip();
  const data = mkdtempSync(join(tmpdir(), "lectern-bench-replay-"));
  const common = [...LIMITS, "recording.auto=pushed", "publish.graceSeconds=0"];
  const lectern = await startLectern(common, null, SERVER_CORE, data);
  process.stderr.write(`bench: recording ${RECORDINGS} streams\n`);
  const publishers = startRtmpPublishers(lectern.push ?? "", clip.file, RECORDINGS);
  await pause(options.quick ? 20 : 60);
  publishers.kill("SIGKILL");
  const origin = `http://127.0.0.1:${lectern.httpPort}`;
  const recordings = await allOf(origin);
  const playlists = recordings.map(({ playlist }) => playlist);
  const all = recordings.flatMap(({ segments }) => segments);
  const segments = shuffled(all).slice(0, REQUESTED_SEGMENTS);
  const hot = recordings.slice(0, HOT_RECORDINGS).flatMap((recording) => recording.segments);
  const bytes = new Map<string, Buffer>();
  for (const path of new Set([...playlists, ...segments, ...hot]))
    bytes.set(path, Buffer.from(await (await fetch(origin + path)).arrayBuffer()));
  const nginx = await startNginx({ bytes }, makeCertificate(cacheDirectory(), "localhost"));
  const before = residentMb(lectern.pid);
  const rows = [
    ...(await compare({ what: "playlists", paths: playlists, lectern }, nginx, seconds)),
    ...(await compare({ what: "segments", paths: segments, lectern }, nginx, seconds)),
    ...(await compare({ what: `segments of ${HOT_RECORDINGS} recordings`, paths: hot, lectern }, nginx, seconds)),
  ];
  const after = residentMb(lectern.pid);
  const cache = await startCache(lectern.httpPort);
  // Once all segments are in the cache.
  for (const path of segments) await (await fetch(`http://127.0.0.1:${cache.port}${path}`)).arrayBuffer();
  const behind = { what: "segments, nginx in front", paths: segments, lectern: { pid: cache.pid, httpPort: cache.port } };
  rows.push(...(await compare(behind, nginx, seconds)));
  await stop(cache.process);
  await stop(lectern.process);
  const uncached = await startLectern([...common, "replay.cacheBytes=1"], null, SERVER_CORE, data);
  // What a start begins takes a few seconds more.
  await pause(SETTLE_SECONDS);
  rows.push(...(await compare({ what: "segments, no cache", paths: segments, lectern: uncached }, nginx, seconds)));
  const notes = [
    `Lectern's memory: ${round(before, 0)} MB before, ${round(after, 0)} MB after. Targets: p99 under 20 ms, at most 2 times the CPU of nginx.`,
  ];
  await stop(nginx.process);
  await stop(uncached.process);
  return {
    title: `${VIEWERS} viewers at random positions of ${RECORDINGS} recordings (${segments.length} of ${all.length} segments), server on one core`,
    columns: ["what", "answers", "refused", "first byte ms, median", "p99", "cores", "µs of CPU an answer", "times nginx"],
    rows,
    notes,
  };
}

async function compare(
  { what, paths, lectern }: Case,
  nginx: { readonly pid: number; readonly port: number },
  seconds: number,
): Promise<(string | number | null)[][]> {
  process.stderr.write(`bench: ${what}, ${VIEWERS} viewers\n`);
  const load = {
    protocol: "http1",
    connections: VIEWERS,
    seconds,
    paceMs: SEGMENT_MS,
    held: null,
    paths: shuffled(paths),
  } as const;
  const idle = await cpuShare(lectern.pid, 3);
  const ours = await measure(lectern.pid, { ...load, port: lectern.httpPort }, idle);
  const theirs = await measure(nginx.pid, { ...load, port: nginx.port }, 0);
  return [
    { name: "Lectern", seen: ours },
    { name: "nginx", seen: theirs },
  ].map(({ name, seen }) => [
    `${what}, ${name}`,
    seen.answers,
    seen.refused,
    round(seen.firstByteMs.p50, 1),
    round(seen.firstByteMs.p99, 1),
    round(seen.cores, 3),
    round(1e6 / seen.perCoreSecond, 0),
    round(theirs.perCoreSecond / seen.perCoreSecond, 2),
  ]);
}

type Recorded = { readonly playlist: string; readonly segments: readonly string[] };

/** Waits until all recordings are complete. @returns the addresses of the media playlist and the segments of each */
async function allOf(origin: string): Promise<Recorded[]> {
  const headers = { authorization: `Bearer ${TOKEN}` };
  const list = async () =>
    (
      (await (await fetch(`${origin}/api/v1/recordings?limit=1000`, { headers })).json()) as {
        items: { id: string; whole: boolean }[];
      }
    ).items;
  while (!(await list()).every(({ whole }) => whole)) await pause(0.5);
  const recordings: Recorded[] = [];
  for (const { id } of await list()) {
    const first = await (await fetch(`${origin}/vod/${id}.m3u8`)).text();
    const playlist = `/vod/${/^[^#\n].*$/m.exec(first)?.[0]}`;
    const text = await (await fetch(origin + playlist)).text();
    const segments = [...text.matchAll(/^[^#\n].*$/gm)].map(([uri]) => new URL(uri, origin + playlist).pathname);
    recordings.push({ playlist, segments });
  }
  return recordings;
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

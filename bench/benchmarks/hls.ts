/** Measures HLS compared with nginx serving the same bytes as files: responses for each second of a core, over HTTP and HTTPS; cost of TLS for FLV. */
import { makeCertificate } from "../../e2e/certificate.ts";
import { mediaPlaylistOf } from "../../e2e/hls-conformance.ts";
import { benchClip, cacheDirectory } from "../load/clip.ts";
import { publishClip } from "../load/clip-publisher.ts";
import type { HttpLoad } from "../load/http-load.ts";
import { cpuShare, measure, runLoad, startNginx } from "../load/nginx-baseline.ts";
import { median, round, type Table } from "../report/table.ts";
import { type LecternRunning, startLectern } from "../servers/servers.ts";
import { compile, pause, residentMb, stop } from "../testbed/child-process.ts";
import type { BenchOptions } from "./options.ts";

const CONNECTIONS = 64;
const HELD_CONNECTIONS = 4000;
const PART_MS = 400;
const PARTS_PER_SEGMENT = 5;
const FLV_VIEWERS = 500;
const LIMITS = ["limits.perAddress.requestsPerSecond=10000000", "limits.perAddress.connections=100000"];
const PROTOCOLS = [
  ["HTTP/1.1", "http1"],
  ["HTTPS, HTTP/2", "http2"],
] as const;
const FILES = ["part", "playlist"] as const;

type Nginx = Awaited<ReturnType<typeof startNginx>>;
/** Both servers of one run, with the cores that Lectern uses for the publisher alone. */
type Run = { readonly lectern: LecternRunning; readonly nginx: Nginx; readonly idle: number; readonly seconds: number };

/** Results by name, one value for each run. */
class Figures {
  private readonly values = new Map<string, number[]>();

  add(name: string, value: number): void {
    this.values.set(name, [...(this.values.get(name) ?? []), value]);
  }

  of(name: string): number {
    return median(this.values.get(name) ?? []);
  }
}

export async function benchHls(options: BenchOptions): Promise<Table> {
  const seconds = options.quick ? 5 : 10;
  const tls = makeCertificate(cacheDirectory(), "localhost");
  const clip = benchClip();
  const flvload = compile("flvload", cacheDirectory());
  const figures = new Figures();
  for (let repeat = 0; repeat < options.repeats; repeat++) {
    process.stderr.write(`bench: run ${repeat + 1} of ${options.repeats}\n`);
    const lectern = await startLectern(LIMITS, tls);
    await pause(2);
    const publisher = publishClip(clip.file, `${lectern.push}/x`, flvload, null);
    await pause(6);
    const files = await currentFiles(lectern.httpPort);
    const nginx = await startNginx(files, tls);
    const run = { lectern, nginx, idle: await cpuShare(lectern.pid, 3), seconds };
    for (const protocol of PROTOCOLS) {
      await measureFiles(run, protocol, files, figures);
      await measureBlockingPlaylists(run, protocol, files, figures);
    }
    await measureFlv(lectern, seconds, figures);
    await publisher.stop();
    await stop(lectern.process);
    await stop(nginx.process);
  }
  return tabulate(figures);
}

async function measureFiles(
  { lectern, nginx, idle, seconds }: Run,
  [name, protocol]: (typeof PROTOCOLS)[number],
  files: Files,
  figures: Figures,
): Promise<void> {
  for (const what of FILES) {
    process.stderr.write(`bench: ${what} by ${name}\n`);
    const load = { protocol, connections: CONNECTIONS, seconds, paceMs: 0, held: null };
    // Parts leave the window after a while, so Lectern is measured with the newest.
    const newest = await currentFiles(lectern.httpPort);
    const ours = await ask(lectern.pid, { ...load, port: portOf(lectern, protocol), paths: [newest[what]] }, idle);
    const theirs = await ask(nginx.pid, { ...load, port: nginxPort(nginx, protocol), paths: [files[what]] }, 0);
    figures.add(`${what}, ${name}, Lectern`, ours.perCoreSecond);
    figures.add(`${what}, ${name}, nginx`, theirs.perCoreSecond);
  }
}

/** Lectern holds each playlist request until the part exists; nginx gets requests for a file at the same rate. */
async function measureBlockingPlaylists(
  { lectern, nginx, idle, seconds }: Run,
  [name, protocol]: (typeof PROTOCOLS)[number],
  files: Files,
  figures: Figures,
): Promise<void> {
  process.stderr.write(`bench: held playlists by ${name}\n`);
  const { playlist, msn } = await currentFiles(lectern.httpPort);
  const load = { protocol, connections: HELD_CONNECTIONS, seconds: seconds + 5 };
  const held = { msn: msn + 1, part: 0, partsPerSegment: PARTS_PER_SEGMENT };
  const paths = [`${playlist}?{place}`];
  const ours = await ask(lectern.pid, { ...load, port: portOf(lectern, protocol), paths, paceMs: 0, held }, idle);
  figures.add(`held playlist, ${name}, Lectern`, ours.perCoreSecond);
  const paced = { ...load, port: nginxPort(nginx, protocol), paths: [files.playlist], paceMs: PART_MS, held: null };
  figures.add(`held playlist, ${name}, nginx`, (await ask(nginx.pid, paced, 0)).perCoreSecond);
}

async function measureFlv(lectern: LecternRunning, seconds: number, figures: Figures): Promise<void> {
  for (const [name, protocol, port] of [
    ["plain", "http1", lectern.httpPort],
    ["TLS", "https1", lectern.httpsPort],
  ] as const) {
    process.stderr.write(`bench: ${FLV_VIEWERS} FLV viewers, ${name}\n`);
    const before = residentMb(lectern.pid);
    const load = { protocol, port, connections: FLV_VIEWERS, seconds: seconds + 8, paths: ["/live/x.flv"], paceMs: 0, held: null };
    const viewers = runLoad(load);
    await pause(6);
    figures.add(`FLV, ${name}, cores per 1000`, ((await cpuShare(lectern.pid, seconds)) * 1000) / FLV_VIEWERS);
    figures.add(`FLV, ${name}, kB per viewer`, ((residentMb(lectern.pid) - before) * 1024) / FLV_VIEWERS);
    await viewers;
    await pause(1);
  }
}

async function ask(pid: number, load: HttpLoad, idle: number) {
  const result = await measure(pid, load, idle);
  if (result.refused > 0) process.stderr.write(`bench: ${result.refused} requests refused\n`);
  return result;
}

const portOf = ({ httpPort, httpsPort }: LecternRunning, protocol: string) => (protocol === "http1" ? httpPort : httpsPort);
const nginxPort = ({ port, tlsPort }: Nginx, protocol: string) => (protocol === "http1" ? port : tlsPort);

function tabulate(figures: Figures): Table {
  const rows = PROTOCOLS.flatMap(([name]) =>
    [...FILES, "held playlist"].map((what) => {
      const [ours, theirs] = [figures.of(`${what}, ${name}, Lectern`), figures.of(`${what}, ${name}, nginx`)];
      return [`${what}, ${name}`, round(ours, 0), round(theirs, 0), round(ours / theirs, 2)];
    }),
  );
  const [plain, secure] = [figures.of("FLV, plain, cores per 1000"), figures.of("FLV, TLS, cores per 1000")];
  const [plainKb, secureKb] = [figures.of("FLV, plain, kB per viewer"), figures.of("FLV, TLS, kB per viewer")];
  return {
    title: "HLS: responses for each second of a server's core, compared with nginx serving the same bytes as files",
    columns: ["what", "Lectern", "nginx", "ratio"],
    rows,
    notes: [
      `FLV for ${FLV_VIEWERS} viewers: ${round(plain, 3)} cores per 1000 plain, ${round(secure, 3)} with TLS, ratio ${round(secure / plain, 2)}; ${round(plainKb, 0)} and ${round(secureKb, 0)} kB for each.`,
      `${CONNECTIONS} connections that request without a pause; for held playlists ${HELD_CONNECTIONS} connections that each get one for each part; from nginx they request a file at that rate. The cost of the publisher is excluded.`,
    ],
  };
}

type Files = {
  readonly playlist: string;
  readonly part: string;
  /** Media sequence number of the part's segment. */
  readonly msn: number;
  readonly bytes: ReadonlyMap<string, Buffer>;
};

/** The current playlist and its newest part: addresses and bytes. */
async function currentFiles(port: number): Promise<Files> {
  const origin = `http://127.0.0.1:${port}`;
  const playlist = new URL(await mediaPlaylistOf(`${origin}/live/x.m3u8`));
  const text = await (await fetch(playlist, { headers: { "accept-encoding": "identity" } })).text();
  const uris = [...text.matchAll(/#EXT-X-PART:.*URI="([^"]+)"/g)].map(([, uri]) => new URL(uri ?? "", playlist).pathname);
  const part = uris.at(-1) ?? "";
  const bytes = new Map([
    [playlist.pathname, Buffer.from(text)],
    [part, Buffer.from(await (await fetch(`${origin}${part}`)).arrayBuffer())],
  ]);
  return { playlist: playlist.pathname, part, bytes, msn: Number(/-(\d+)\.\d+\.m4s$/.exec(part)?.[1]) };
}

/** HLS beside nginx serving the same bytes as files: requests for each second of a core, plain and by HTTPS; and what TLS costs FLV. */
import { makeCertificate } from "../../e2e/certificate.ts";
import { mediaPlaylistOf } from "../../e2e/hls-conformance.ts";
import { benchClip, cacheDirectory } from "../load/clip.ts";
import { publishClip } from "../load/clip-publisher.ts";
import type { HttpLoad } from "../load/http-load.ts";
import { cpuShare, measure, runLoad, startNginx } from "../load/nginx-baseline.ts";
import { median, round, type Table } from "../report/table.ts";
import { startLectern } from "../servers/servers.ts";
import { compile, pause, residentMb, stop } from "../testbed/child-process.ts";
import type { BenchOptions } from "./options.ts";

const CONNECTIONS = 64;
const HELD_CONNECTIONS = 4000;
const PART_MS = 400;
const FLV_VIEWERS = 500;

export async function benchHls(options: BenchOptions): Promise<Table> {
  const seconds = options.quick ? 5 : 10;
  const tls = makeCertificate(cacheDirectory(), "localhost");
  const rows: (string | number | null)[][] = [];
  const clip = benchClip();
  const flvload = compile("flvload", cacheDirectory());
  const figures = new Map<string, number[]>();
  const note = (name: string, value: number) => figures.set(name, [...(figures.get(name) ?? []), value]);
  for (let repeat = 0; repeat < options.repeats; repeat++) {
    const lectern = await startLectern(
      ["limits.perAddress.requestsPerSecond=10000000", "limits.perAddress.connections=100000"],
      tls,
    );
    await pause(2);
    const publisher = publishClip(clip.file, `${lectern.push}/x`, flvload, null);
    await pause(6);
    const files = await sameFiles(lectern.httpPort);
    const nginx = await startNginx(files, tls);
    const idle = await cpuShare(lectern.pid, 3);
    const ask = async (pid: number, load: HttpLoad, base: number) => {
      const result = await measure(pid, load, base);
      if (result.refused > 0) process.stderr.write(`bench: ${result.refused} refused\n`);
      return result;
    };
    for (const [name, protocol] of [
      ["HTTP/1.1", "http1"],
      ["HTTPS, HTTP/2", "http2"],
    ] as const) {
      for (const [what, path] of [
        ["part", files.part],
        ["playlist", files.playlist],
      ] as const) {
        process.stderr.write(`bench: ${what} by ${name}, run ${repeat + 1} of ${options.repeats}\n`);
        const load = { protocol, connections: CONNECTIONS, seconds, paceMs: 0, held: null };
        const port = protocol === "http1" ? lectern.httpPort : lectern.httpsPort;
        // A part leaves the window after a while; the newest is asked for anew.
        const fresh = await sameFiles(lectern.httpPort);
        const ours = await ask(lectern.pid, { ...load, port, paths: [what === "part" ? fresh.part : fresh.playlist] }, idle);
        const theirs = await ask(nginx.pid, { ...load, port: protocol === "http1" ? nginx.port : nginx.tlsPort, paths: [path] }, 0);
        note(`${what}, ${name}, Lectern`, ours.perCoreSecond);
        note(`${what}, ${name}, nginx`, theirs.perCoreSecond);
      }
      process.stderr.write(`bench: held playlists by ${name}\n`);
      const { playlist, msn } = await sameFiles(lectern.httpPort);
      const many = { protocol, connections: HELD_CONNECTIONS, seconds: seconds + 5 };
      const held = await ask(
        lectern.pid,
        {
          ...many,
          port: protocol === "http1" ? lectern.httpPort : lectern.httpsPort,
          paths: [`${playlist}?{place}`],
          paceMs: 0,
          held: { msn: msn + 1, part: 0, partsPerSegment: 5 },
        },
        idle,
      );
      note(`held playlist, ${name}, Lectern`, held.perCoreSecond);
      const port = protocol === "http1" ? nginx.port : nginx.tlsPort;
      const paced = await ask(nginx.pid, { ...many, port, paths: [files.playlist], paceMs: PART_MS, held: null }, 0);
      note(`held playlist, ${name}, nginx`, paced.perCoreSecond);
    }
    for (const [name, protocol, port] of [
      ["plain", "http1", lectern.httpPort],
      ["TLS", "https1", lectern.httpsPort],
    ] as const) {
      process.stderr.write(`bench: ${FLV_VIEWERS} FLV viewers, ${name}\n`);
      const before = residentMb(lectern.pid);
      const viewers = runLoad({
        protocol,
        port,
        connections: FLV_VIEWERS,
        seconds: seconds + 8,
        paths: ["/live/x.flv"],
        paceMs: 0,
        held: null,
      });
      await pause(6);
      note(`FLV, ${name}, cores per 1000`, ((await cpuShare(lectern.pid, seconds)) * 1000) / FLV_VIEWERS);
      note(`FLV, ${name}, kB per viewer`, ((residentMb(lectern.pid) - before) * 1024) / FLV_VIEWERS);
      await viewers;
      await pause(1);
    }
    await publisher.stop();
    await stop(lectern.process);
    await stop(nginx.process);
  }
  const of = (name: string) => median(figures.get(name) ?? []);
  for (const name of ["HTTP/1.1", "HTTPS, HTTP/2"]) {
    for (const what of ["part", "playlist"]) {
      const [ours, theirs] = [of(`${what}, ${name}, Lectern`), of(`${what}, ${name}, nginx`)];
      rows.push([`${what}, ${name}`, round(ours, 0), round(theirs, 0), round(ours / theirs, 2)]);
    }
    const [held, file] = [of(`held playlist, ${name}, Lectern`), of(`held playlist, ${name}, nginx`)];
    rows.push([`held playlist, ${name}`, round(held, 0), round(file, 0), round(held / file, 2)]);
  }
  const [plain, secure] = [of("FLV, plain, cores per 1000"), of("FLV, TLS, cores per 1000")];
  const [plainKb, secureKb] = [of("FLV, plain, kB per viewer"), of("FLV, TLS, kB per viewer")];
  return {
    title: "HLS: answers for each second of a server's core, beside nginx serving the same bytes as files",
    columns: ["what", "Lectern", "nginx", "ratio"],
    rows,
    notes: [
      `FLV for ${FLV_VIEWERS} viewers: ${round(plain, 3)} cores per 1000 plain, ${round(secure, 3)} by TLS, ratio ${round(secure / plain, 2)}; ${round(plainKb, 0)} and ${round(secureKb, 0)} kB for each.`,
      `${CONNECTIONS} connections that ask without a pause; for held playlists ${HELD_CONNECTIONS} connections that each get one a part; of nginx they ask for a file at that pace. What the publisher costs is not counted.`,
    ],
  };
}

type Files = {
  readonly playlist: string;
  readonly part: string;
  readonly msn: number;
  readonly bytes: ReadonlyMap<string, Buffer>;
};

/** A playlist and a part as they are now, with their addresses. */
async function sameFiles(port: number): Promise<Files> {
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

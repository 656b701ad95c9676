/**
 * Provides HTTP load generator, run as a process of its own: many connections that each send the next request after a response. Prints the number of
 * responses. It uses plain sockets, because an HTTP client library costs more CPU than a server.
 */
import { connect as connectHttp2 } from "node:http2";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

export type HttpLoad = {
  readonly protocol: "http1" | "https1" | "http2";
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
  /** Files to request in turn; or an FLV stream, which each connection only reads. */
  readonly paths: readonly string[];
  /** Milliseconds between a response and the next request. */
  readonly paceMs: number;
  /** Requests playlists that the server holds until the part exists. `{place}` in the path is replaced by the delivery directives. */
  readonly held: { readonly msn: number; readonly part: number; readonly partsPerSegment: number } | null;
};

export type HttpLoadResult = {
  readonly answers: number;
  readonly bytes: number;
  readonly refused: number;
  /** From the request to the first byte of the response, by HTTP/1.1. */
  readonly firstByteMs: { readonly p50: number; readonly p99: number };
};

const load = JSON.parse(process.argv[2] ?? "{}") as HttpLoad;
const result = { answers: 0, bytes: 0, refused: 0 };
const waits: number[] = [];

/** Returns the paths of a connection's requests, one for each call. */
function pathsFor(i: number): () => string {
  let at = i;
  let { msn, part } = load.held ?? { msn: 0, part: 0 };
  return () => {
    const path = load.paths[at++ % load.paths.length] ?? "/";
    if (!load.held) return path;
    const place = `_HLS_msn=${msn}&_HLS_part=${part}`;
    part = (part + 1) % load.held.partsPerSegment;
    if (part === 0) msn++;
    return path.replace("{place}", place);
  };
}

function http1(socket: Socket, next: () => string): void {
  let wanted = 0;
  let head = "";
  let requestedAt: number | null = null;
  const ask = (): void => {
    requestedAt = performance.now();
    socket.write(`GET ${next()} HTTP/1.1\r\nHost: bench\r\n\r\n`);
  };
  socket.on("data", (bytes: Buffer) => {
    result.bytes += bytes.length;
    if (requestedAt !== null) waits.push(performance.now() - requestedAt);
    requestedAt = null;
    let rest = bytes;
    while (rest.length > 0) {
      if (wanted > 0) {
        const taken = Math.min(wanted, rest.length);
        wanted -= taken;
        rest = rest.subarray(taken);
      } else {
        head += rest.toString("latin1");
        const end = head.indexOf("\r\n\r\n");
        if (end < 0) return;
        const consumed = end + 4 - (head.length - rest.length);
        const length = /content-length: *(\d+)/i.exec(head)?.[1];
        if (!head.startsWith("HTTP/1.1 200")) result.refused++;
        // A response without a length is a stream, which is only read.
        wanted = length === undefined ? Number.POSITIVE_INFINITY : Number(length);
        rest = rest.subarray(consumed);
        head = "";
      }
      if (wanted === 0) {
        result.answers++;
        again(ask);
      }
    }
  });
  socket.on("error", () => {});
  // Connections with a pace start at random times.
  setTimeout(ask, Math.random() * load.paceMs);
}

function http2(next: () => string): void {
  const session = connectHttp2(`https://127.0.0.1:${load.port}`, { rejectUnauthorized: false });
  session.on("error", () => {});
  const ask = (): void => {
    const stream = session.request({ ":path": next() });
    stream.on("response", (headers) => {
      if (headers[":status"] !== 200) result.refused++;
    });
    stream.on("data", (bytes: Buffer) => {
      result.bytes += bytes.length;
    });
    stream.on("end", () => {
      result.answers++;
      again(ask);
    });
    stream.on("error", () => {});
  };
  session.on("connect", ask);
}

/** Sends the next request, at once or after the pace. */
function again(ask: () => void): void {
  if (load.paceMs > 0) setTimeout(ask, load.paceMs);
  else ask();
}

for (let i = 0; i < load.connections; i++) {
  const next = pathsFor(i);
  if (load.protocol === "http2") http2(next);
  else if (load.protocol === "http1") http1(connect(load.port, "127.0.0.1"), next);
  else http1(connectTls({ port: load.port, host: "127.0.0.1", rejectUnauthorized: false }), next);
}
setTimeout(() => {
  waits.sort((a, b) => a - b);
  const of = (share: number) => waits[Math.floor(share * (waits.length - 1))] ?? 0;
  process.stdout.write(JSON.stringify({ ...result, firstByteMs: { p50: of(0.5), p99: of(0.99) } }));
  process.exit();
}, load.seconds * 1000);

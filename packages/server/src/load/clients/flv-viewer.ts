/** Watches a stream by HTTP-FLV or WebSocket-FLV. It reads only the heads of tags, so that thousands of viewers fit on one core. */
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { PlaybackModel } from "../../operations/probe/playback-model.ts";
import { FlvScan } from "./flv-scan.ts";
import { codeOf, codeOfClose, targetOf, type Viewer, type ViewerOptions } from "./viewer.ts";
import { WebSocketLine } from "./websocket-line.ts";

const HEAD_END = "\r\n\r\n";
const MAX_HEAD = 16 * 1024;
/** All viewers without TLS read into it, one after the other. */
const READ = Buffer.alloc(64 * 1024);

/** Takes the bytes of a stream, whichever way they come. */
class FlvIntake {
  readonly playback = new PlaybackModel();
  private readonly options: ViewerOptions;
  private readonly begun = performance.now();
  private readonly scan: FlvScan;
  private now = 0;
  private newest: number | null = null;
  private isPlaying = false;
  bytes = 0;

  constructor(options: ViewerOptions) {
    this.options = options;
    this.scan = new FlvScan((timestamp, isVideo, isKey) => {
      if (isVideo) this.frame(timestamp, isKey);
    });
  }

  push(bytes: Buffer): void {
    this.now = performance.now();
    this.newest = null;
    this.bytes += bytes.length;
    this.scan.push(bytes);
    const sentAt = this.newest === null ? null : this.options.sentAt(this.newest);
    if (sentAt !== null) this.options.onDelay(this.now - sentAt);
  }

  private frame(timestamp: number, isKey: boolean): void {
    if (!this.isPlaying) {
      if (!isKey) return;
      this.isPlaying = true;
      this.options.onFirstFrame(this.now - this.begun);
    }
    this.playback.frame(this.now, timestamp);
    this.newest = timestamp;
  }
}

export function watchFlv(options: ViewerOptions): Viewer {
  const { url, onEnd } = options;
  const { host, port, isTls } = targetOf(url);
  const intake = new FlvIntake(options);
  let isClosed = false;
  let head: string | null = "";
  const take = (bytes: Buffer): void => {
    if (head === null) return intake.push(bytes);
    head += bytes.toString("latin1");
    const end = head.indexOf(HEAD_END);
    if (end < 0 && head.length < MAX_HEAD) return;
    if (!head.startsWith("HTTP/1.1 200")) return;
    const body = Buffer.from(head.slice(end + HEAD_END.length), "latin1");
    head = null;
    intake.push(body);
  };
  const callback = (bytes: number): boolean => {
    take(READ.subarray(0, bytes));
    return true;
  };
  const socket: Socket = isTls
    ? connectTls({ host, port, servername: host, rejectUnauthorized: false })
    : connect({ host, port, noDelay: true, onread: { buffer: READ, callback } });
  if (isTls) socket.on("data", take);
  let failure = "closed";
  socket.on("error", (error) => {
    failure = "code" in error && typeof error.code === "string" ? error.code : "broken";
  });
  socket.on("close", () => {
    if (isClosed) return;
    isClosed = true;
    onEnd(head ? codeOf(Number(head.slice(9, 12)), head) : failure);
  });
  socket.write(`GET ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\n\r\n`);
  return {
    playback: intake.playback,
    bytes: () => intake.bytes,
    close: () => {
      isClosed = true;
      socket.destroy();
    },
  };
}

export function watchWebSocketFlv(options: ViewerOptions): Viewer {
  const { url, onEnd } = options;
  const intake = new FlvIntake(options);
  let isClosed = false;
  const line = new WebSocketLine({
    target: targetOf(url),
    path: url.pathname + url.search,
    protocol: null,
    onOpen: () => {},
    onText: () => {},
    onBinary: (bytes) => intake.push(bytes),
    onClose: (reason) => {
      if (isClosed) return;
      isClosed = true;
      onEnd(codeOfClose(reason));
    },
  });
  return {
    playback: intake.playback,
    bytes: () => intake.bytes,
    close: () => {
      isClosed = true;
      line.close();
    },
  };
}

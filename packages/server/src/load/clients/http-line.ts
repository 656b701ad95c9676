/**
 * Provides one lasting HTTP/1.1 connection as a browser has it, without an HTTP library, whose requests cost more than a server's answers. One request at a time; a
 * connection that broke is opened again by the next request.
 */
import { connect, type Socket } from "node:net";

/** status 0: there was no answer. */
export type LineAnswer = {
  readonly status: number;
  readonly body: Buffer;
  readonly retryAfter: number | null;
  /** From the request to the whole answer. */
  readonly milliseconds: number;
};

type Waiting = {
  readonly begun: number;
  readonly text: string;
  readonly settle: (answer: LineAnswer) => void;
  readonly timer: NodeJS.Timeout;
  /** It was sent by a connection that had served others, which the server may have closed at the same moment. */
  mayRepeat: boolean;
};

const HEAD_END = Buffer.from("\r\n\r\n");
const NO_BODY = Buffer.alloc(0);

export class HttpLine {
  private readonly portOf: () => number;
  private readonly withinMs: number;
  private socket: Socket | null = null;
  private pieces: Buffer = NO_BODY;
  private waiting: Waiting | null = null;
  private isDropped = false;
  bytesIn = 0;
  bytesOut = 0;

  /** @param portOf asked at each connection @param withinMs an answer counts as lost after this */
  constructor(portOf: () => number, withinMs = 30_000) {
    this.portOf = portOf;
    this.withinMs = withinMs;
  }

  request(method: "GET" | "POST", path: string, token: string | null, body: string | null = null): Promise<LineAnswer> {
    const begun = performance.now();
    return new Promise((settle) => {
      if (this.waiting) throw new Error("a line has one request at a time");
      const timer = setTimeout(() => this.drop(), this.withinMs);
      const lines = [
        `${method} ${path} HTTP/1.1`,
        "Host: localhost",
        ...(token === null ? [] : [`Authorization: Bearer ${token}`]),
        ...(body === null ? [] : ["Content-Type: application/json", `Content-Length: ${Buffer.byteLength(body)}`]),
      ];
      const text = `${lines.join("\r\n")}\r\n\r\n${body ?? ""}`;
      const mayRepeat = this.socket !== null && !this.socket.destroyed;
      this.waiting = { begun, text, settle, timer, mayRepeat };
      this.send(text);
    });
  }

  /** Ends the connection, as a network that is gone does. */
  drop(): void {
    this.isDropped = true;
    this.socket?.destroy();
  }

  private send(text: string): void {
    this.isDropped = false;
    this.bytesOut += Buffer.byteLength(text);
    this.connected().write(text);
  }

  private connected(): Socket {
    if (this.socket && !this.socket.destroyed) return this.socket;
    const socket = connect({ port: this.portOf(), host: "127.0.0.1", noDelay: true });
    this.socket = socket;
    this.pieces = NO_BODY;
    socket.on("data", (bytes) => this.take(bytes));
    socket.on("error", () => {});
    socket.on("close", () => {
      if (this.socket !== socket) return;
      this.socket = null;
      const { waiting } = this;
      // RFC 9110 section 9.2.2: as browsers do. All requests here may be repeated.
      if (waiting?.mayRepeat && !this.isDropped && this.pieces.length === 0) {
        waiting.mayRepeat = false;
        return this.send(waiting.text);
      }
      this.settle({ status: 0, body: NO_BODY, retryAfter: null });
    });
    return socket;
  }

  private take(bytes: Buffer): void {
    this.bytesIn += bytes.length;
    this.pieces = this.pieces.length === 0 ? bytes : Buffer.concat([this.pieces, bytes]);
    const end = this.pieces.indexOf(HEAD_END);
    if (end < 0) return;
    const head = this.pieces.toString("latin1", 0, end);
    const length = Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    const whole = end + HEAD_END.length + length;
    if (this.pieces.length < whole) return;
    const body = this.pieces.subarray(end + HEAD_END.length, whole);
    this.pieces = this.pieces.subarray(whole);
    const after = /retry-after: *(\d+)/i.exec(head)?.[1];
    this.settle({ status: Number(head.slice(9, 12)), body, retryAfter: after === undefined ? null : Number(after) });
  }

  private settle(answer: Omit<LineAnswer, "milliseconds">): void {
    const { waiting } = this;
    if (!waiting) return;
    this.waiting = null;
    clearTimeout(waiting.timer);
    waiting.settle({ ...answer, milliseconds: performance.now() - waiting.begun });
  }
}

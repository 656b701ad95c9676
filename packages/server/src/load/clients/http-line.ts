/**
 * Provides one lasting HTTP/1.1 connection as a browser has it, without an HTTP library, whose requests cost more than a server's answers. One request at a time; a
 * connection that broke is opened again by the next request.
 */
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

export type LineTarget = { readonly host: string; readonly port: number; readonly isTls: boolean };

/** status 0: there was no answer. */
export type LineAnswer = {
  readonly status: number;
  /** Empty where the request counts the body only. */
  readonly body: Buffer;
  readonly bytes: number;
  readonly retryAfter: number | null;
  /** From the request to the whole answer. */
  readonly milliseconds: number;
};

export type LineRequest = {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly token?: string | null;
  readonly body?: string | null;
  /** The body of a successful answer is counted, and not kept. */
  readonly countsOnly?: boolean;
};

type Waiting = {
  readonly begun: number;
  readonly text: string;
  readonly countsOnly: boolean;
  readonly settle: (answer: LineAnswer) => void;
  readonly timer: NodeJS.Timeout;
  /** It was sent by a connection that had served others, which the server may have closed at the same moment. */
  mayRepeat: boolean;
};

type Head = { readonly status: number; readonly length: number; readonly retryAfter: number | null };

const HEAD_END = Buffer.from("\r\n\r\n");
const NO_BODY = Buffer.alloc(0);
/** All lines without TLS read into it, one after the other. */
const READ = Buffer.alloc(64 * 1024);
const WITHIN_MS = 30_000;

export class HttpLine {
  private readonly targetOf: () => LineTarget;
  private readonly withinMs: number;
  private socket: Socket | null = null;
  private waiting: Waiting | null = null;
  private isDropped = false;
  /** The beginning of a head that is not whole. */
  private rest: Buffer = NO_BODY;
  private head: Head | null = null;
  private pieces: Buffer[] = [];
  private taken = 0;
  bytesIn = 0;
  bytesOut = 0;

  /** @param targetOf asked at each connection @param withinMs an answer counts as lost after this */
  constructor(targetOf: () => LineTarget, withinMs = WITHIN_MS) {
    this.targetOf = targetOf;
    this.withinMs = withinMs;
  }

  request({ method, path, token = null, body = null, countsOnly = false }: LineRequest): Promise<LineAnswer> {
    const begun = performance.now();
    return new Promise((settle) => {
      if (this.waiting) throw new Error("a line has one request at a time");
      const timer = setTimeout(() => this.drop(), this.withinMs);
      const { host, port } = this.targetOf();
      const lines = [
        `${method} ${path} HTTP/1.1`,
        `Host: ${host}:${port}`,
        ...(token === null ? [] : [`Authorization: Bearer ${token}`]),
        ...(body === null ? [] : ["Content-Type: application/json", `Content-Length: ${Buffer.byteLength(body)}`]),
      ];
      const text = `${lines.join("\r\n")}\r\n\r\n${body ?? ""}`;
      const mayRepeat = this.socket !== null && !this.socket.destroyed;
      this.waiting = { begun, text, countsOnly, settle, timer, mayRepeat };
      this.send(text);
    });
  }

  /** Ends the connection, as a network that is gone does. */
  drop(): void {
    this.isDropped = true;
    this.socket?.destroy();
    if (!this.socket) this.settle({ status: 0, body: NO_BODY, bytes: 0, retryAfter: null });
  }

  private send(text: string): void {
    this.isDropped = false;
    this.bytesOut += Buffer.byteLength(text);
    this.connected().write(text);
  }

  private connected(): Socket {
    if (this.socket && !this.socket.destroyed) return this.socket;
    const socket = this.open();
    this.socket = socket;
    this.clear();
    socket.on("error", () => {});
    socket.on("close", () => {
      if (this.socket !== socket) return;
      this.socket = null;
      const { waiting } = this;
      // RFC 9110 section 9.2.2: as browsers do. All requests here may be repeated.
      if (waiting?.mayRepeat && !this.isDropped && this.head === null && this.rest.length === 0) {
        waiting.mayRepeat = false;
        return this.send(waiting.text);
      }
      this.settle({ status: 0, body: NO_BODY, bytes: this.taken, retryAfter: null });
    });
    return socket;
  }

  private open(): Socket {
    const { host, port, isTls } = this.targetOf();
    if (isTls) {
      const socket = connectTls({ host, port, servername: host, rejectUnauthorized: false });
      socket.on("data", (bytes) => this.take(bytes));
      return socket;
    }
    const callback = (bytes: number): boolean => {
      this.take(READ.subarray(0, bytes));
      return true;
    };
    return connect({ host, port, noDelay: true, onread: { buffer: READ, callback } });
  }

  private clear(): void {
    this.rest = NO_BODY;
    this.head = null;
    this.pieces = [];
    this.taken = 0;
  }

  /** @param bytes are of a buffer that is used again */
  private take(bytes: Buffer): void {
    this.bytesIn += bytes.length;
    let body = bytes;
    if (this.head === null) {
      const whole = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
      const end = whole.indexOf(HEAD_END);
      if (end < 0) {
        this.rest = Buffer.from(whole);
        return;
      }
      this.head = readHead(whole.toString("latin1", 0, end));
      this.rest = NO_BODY;
      body = whole.subarray(end + HEAD_END.length);
    }
    const { status, length, retryAfter } = this.head;
    const counts = this.waiting?.countsOnly === true && status < 300;
    if (!counts && body.length > 0) this.pieces.push(Buffer.from(body));
    this.taken += body.length;
    if (this.taken < length) return;
    const [answer, taken] = [counts ? NO_BODY : Buffer.concat(this.pieces), this.taken];
    this.clear();
    this.settle({ status, body: answer, bytes: taken, retryAfter });
  }

  private settle(answer: Omit<LineAnswer, "milliseconds">): void {
    const { waiting } = this;
    if (!waiting) return;
    this.waiting = null;
    clearTimeout(waiting.timer);
    waiting.settle({ ...answer, milliseconds: performance.now() - waiting.begun });
  }
}

function readHead(head: string): Head {
  const after = /retry-after: *(\d+)/i.exec(head)?.[1];
  return {
    status: Number(head.slice(9, 12)),
    length: Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0),
    retryAfter: after === undefined ? null : Number(after),
  };
}

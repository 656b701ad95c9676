/** Provides a request and its response by HTTP/1.1 without `node:http`, with the interface that doors use. They are plain objects, and no streams. */
import type { IncomingHttpHeaders } from "node:http";
import type { Socket } from "node:net";
import type { RequestHead } from "./http1-head.ts";
import { type HeadEnds, type ResponseHead, type ResponseHeaders, responseHead } from "./response-head.ts";
import type { HttpRequest, HttpResponse } from "./responses.ts";
import type { SharedAnswer } from "./shared-answer.ts";

/** The connection of an exchange. */
type ExchangeConnection = {
  readonly socket: Socket;
  /** What heads end with at present. */
  readonly headEnds: HeadEnds;
  /** Writes the whole response of the current request, and no other. @param isLast the connection ends behind it */
  finish(head: Buffer, body: Buffer | null, isLast: boolean): void;
};

export class Http1Request implements HttpRequest {
  readonly method: "GET" | "HEAD" | "POST";
  readonly url: string;
  readonly headers: Readonly<IncomingHttpHeaders>;
  readonly socket: Socket;
  readonly body: Buffer;

  constructor({ method, target, fields }: RequestHead, socket: Socket, body: Buffer) {
    this.method = method;
    this.url = target;
    this.headers = fields.headers;
    this.socket = socket;
    this.body = body;
  }
}

const BODYLESS = new Set([204, 304]);
const NOTHING = Buffer.alloc(0);
const LAST_CHUNK = Buffer.from("0\r\n\r\n");
const LINE_END = Buffer.from("\r\n");

export class Http1Response implements HttpResponse {
  private readonly connection: ExchangeConnection;
  private readonly request: RequestHead;
  private head: ResponseHead | null = null;
  private isEnded = false;
  private isClosed = false;
  private listeners: (() => void)[] | null = null;

  constructor(connection: ExchangeConnection, request: RequestHead) {
    this.connection = connection;
    this.request = request;
  }

  get headersSent(): boolean {
    return this.head !== null;
  }

  /** The response has been sent, or its connection has ended. */
  get destroyed(): boolean {
    return this.isClosed || this.connection.socket.destroyed;
  }

  writeHead(status: number, headers: ResponseHeaders = {}): void {
    this.head ??= responseHead(status, headers);
  }

  end(bytes: Uint8Array = NOTHING): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.head ??= responseHead(200, {});
    const { text, status, hasLength } = this.head;
    const hasBody = this.request.method !== "HEAD" && !BODYLESS.has(status);
    const isLast = this.head.isLast ?? this.request.isLast;
    // Without a length, a body ends with its last chunk (RFC 9112 section 7.1), or with the connection.
    const isChunked = hasBody && !hasLength && this.request.minorVersion === 1;
    const end = `${this.fieldsOfConnection(this.head)}${isChunked ? "Transfer-Encoding: chunked\r\n" : ""}\r\n`;
    const body = isChunked ? chunked(bytes) : bytes;
    const whole = Buffer.from(`${text}${end}`, "latin1");
    if (!hasBody || body.length === 0) this.connection.finish(whole, null, isLast);
    else this.connection.finish(whole, Buffer.from(body.buffer, body.byteOffset, body.byteLength), isLast);
  }

  /** Sends an answer that other requests get, too. */
  send(answer: SharedAnswer): void {
    if (this.isEnded || this.head !== null) return;
    if (this.request.isLast) {
      this.head = answer.responseHead;
      return this.end(answer.body);
    }
    this.isEnded = true;
    this.head = answer.responseHead;
    const { head, joined } = answer.onOpenConnection(this.connection.headEnds);
    if (this.request.method === "HEAD") this.connection.finish(head, null, false);
    else if (joined) this.connection.finish(joined, null, false);
    else this.connection.finish(head, answer.body, false);
  }

  destroy(): void {
    this.connection.socket.destroy();
  }

  /** Calls a listener when the response has been sent, or its connection has ended. */
  on(_event: "close", listener: () => void): void {
    this.listeners ??= [];
    this.listeners.push(listener);
  }

  /** For the connection: the response has been sent, or never will be. May be called twice. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    for (const listener of this.listeners ?? []) listener();
  }

  private fieldsOfConnection({ isLast }: ResponseHead): string {
    const { date, open, last } = this.connection.headEnds;
    if (isLast !== null) return date;
    return this.request.isLast ? last : open;
  }
}

function chunked(bytes: Uint8Array): Buffer {
  if (bytes.length === 0) return LAST_CHUNK;
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`, "latin1"), bytes, LINE_END, LAST_CHUNK]);
}

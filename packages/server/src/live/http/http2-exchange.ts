/**
 * Provides a request and its response by HTTP/2, with the interface that doors use. Node's compatibility layer for HTTP/1.1 objects does much more,
 * and costs as much CPU again as the answer itself.
 */
import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import type { Socket } from "node:net";
import type { HttpRequest, HttpResponse } from "./responses.ts";

export class Http2Request implements HttpRequest {
  readonly stream: ServerHttp2Stream;
  readonly headers: IncomingHttpHeaders;
  /** The connection, which other requests share. */
  readonly socket: Socket;

  constructor(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, socket: Socket) {
    this.stream = stream;
    this.headers = headers;
    this.socket = socket;
  }

  get method(): string | undefined {
    return this.headers[":method"];
  }

  get url(): string | undefined {
    return this.headers[":path"];
  }
}

export class Http2Response implements HttpResponse {
  readonly stream: ServerHttp2Stream;

  constructor(stream: ServerHttp2Stream) {
    this.stream = stream;
    // A reset by the peer emits an error before the close.
    stream.on("error", () => {});
  }

  /** The response has been sent, or its stream has ended. */
  get destroyed(): boolean {
    return this.stream.destroyed;
  }

  get headersSent(): boolean {
    return this.stream.headersSent;
  }

  writeHead(status: number, headers: Readonly<Record<string, string | number | string[]>> = {}): void {
    if (!this.stream.destroyed && !this.stream.headersSent) this.stream.respond({ ":status": status, ...headers });
  }

  end(bytes?: Uint8Array): void {
    if (this.stream.destroyed || this.stream.writableEnded) return;
    if (bytes) this.stream.end(bytes);
    else this.stream.end();
  }

  destroy(): void {
    this.stream.destroy();
  }

  on(event: "close", listener: () => void): void {
    this.stream.on(event, listener);
  }
}

/** Provides a request on the HTTP port as doors read it: HTTP/1.1 or HTTP/2, its address split once, and who sent it. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { type Duplex, Readable, type Writable } from "node:stream";
import type { ClientFacts } from "../../access/credentials/client-facts.ts";
import { Http1Request, Http1Response } from "./http1-exchange.ts";
import { type Http2Request, Http2Response } from "./http2-exchange.ts";
import { RequestAddress } from "./request-address.ts";
import type { HttpRequest } from "./responses.ts";
import type { SharedAnswer } from "./shared-answer.ts";

export type RawRequest = IncomingMessage | Http1Request | Http2Request;
export type MediaResponse = ServerResponse | Http1Response | Http2Response;

/** Who sent a request. */
export type Client = {
  /** The person's address, after trusted proxies. */
  readonly ip: string;
  /** The connection to this process is encrypted. */
  readonly isTls: boolean;
  /** The person's own connection is encrypted, also where a trusted proxy ends TLS. */
  readonly isSecure: boolean;
  /** Another node of the cluster passed the request on. */
  readonly isFromNode: boolean;
  /** The address of a proxy that passed the request on, and that `trustedProxies` does not name: `ip` is its address. Default: there is none. */
  readonly unknownProxy?: string | undefined;
};

export class MediaRequest implements HttpRequest {
  readonly raw: RawRequest;
  readonly address: RequestAddress;
  readonly client: Client;
  private readonly claimed: WeakSet<Duplex>;

  /** @param claimed connections that carry a stream, and may carry no further request */
  constructor(raw: RawRequest, client: Client, claimed: WeakSet<Duplex>) {
    this.raw = raw;
    this.address = new RequestAddress(raw.url ?? "");
    this.client = client;
    this.claimed = claimed;
  }

  get method(): string | undefined {
    return this.raw.method;
  }

  get headers(): IncomingHttpHeaders {
    return this.raw.headers;
  }

  get socket(): Socket {
    return this.raw.socket;
  }

  get ip(): string {
    return this.client.ip;
  }

  /** From now on a further request on this connection closes it. */
  claimConnection(): void {
    this.claimed.add(this.raw.socket);
  }

  releaseConnection(): void {
    this.claimed.delete(this.raw.socket);
  }
}

/** What the request tells of its client, for access rules. */
export function clientFactsOf({ headers, ip }: MediaRequest): ClientFacts {
  const { host, referer, origin, cookie } = headers;
  return {
    ip,
    cookie,
    referer: referer ?? origin ?? null,
    userAgent: headers["user-agent"] ?? null,
    host: host === undefined ? null : hostName(host),
  };
}

/** A `Host` header without its port, in lower case. */
function hostName(host: string): string {
  return host.toLowerCase().replace(/:\d*$/, "");
}

/** The request of a WebSocket handshake; null: a request of this kind cannot be one. */
export function handshakeOf({ raw }: MediaRequest): IncomingMessage | null {
  return raw instanceof Http1Request || "stream" in raw ? null : raw;
}

/** A body that came with its request; null: it is a stream. */
export function wholeBodyOf({ raw }: MediaRequest): Buffer | null {
  return raw instanceof Http1Request ? raw.body : null;
}

/** The stream of a request's body. */
export function bodyOf({ raw }: MediaRequest): Readable {
  if (raw instanceof Http1Request) return Readable.from([raw.body]);
  return "stream" in raw ? raw.stream : raw;
}

/** The stream that a response's body is written to. @throws TypeError for a response that is sent at once: see `Door.isWhole` */
export function writableOf(response: MediaResponse): Writable {
  if (response instanceof Http1Response) throw new TypeError("a response that is sent at once has no stream");
  return response instanceof Http2Response ? response.stream : response;
}

/** Sends an answer that many requests get. */
export function sendShared({ method }: MediaRequest, response: MediaResponse, answer: SharedAnswer): void {
  if (response instanceof Http1Response) return response.send(answer);
  response.writeHead(answer.status, answer.headers);
  if (method === "HEAD") response.end();
  else response.end(answer.body);
}

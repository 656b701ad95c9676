/** A request on the HTTP port as doors read it: HTTP/1.1 or HTTP/2, its address split once, and who sent it. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex, Writable } from "node:stream";
import { type Http2Request, Http2Response } from "./http2-exchange.ts";
import { RequestAddress } from "./request-address.ts";
import type { HttpRequest } from "./responses.ts";

export type RawRequest = IncomingMessage | Http2Request;
export type MediaResponse = ServerResponse | Http2Response;

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

/** The stream that a response's body is written to. */
export function writableOf(response: MediaResponse): Writable {
  return response instanceof Http2Response ? response.stream : response;
}

/**
 * Provides an answer that many requests get: status, headers and body are made once. HTTP/1.1 keeps the bytes of its head, which stay the same for a
 * second, with it.
 */
import { type HeadEnds, type ResponseHead, type ResponseHeaders, responseHead } from "./response-head.ts";

/** Up to this size, head and body become one buffer: one write of one piece costs less than the copy. */
const JOIN_BYTES = 16 * 1024;

type Http1Bytes = { readonly ends: HeadEnds; readonly head: Buffer; readonly joined: Buffer | null };

export class SharedAnswer {
  readonly status: number;
  /** With `content-length`, which a 204 does not have (RFC 9110 section 8.6). */
  readonly headers: ResponseHeaders;
  readonly body: Buffer;
  private head: ResponseHead | null = null;
  private bytes: Http1Bytes | null = null;

  /** @param body must not change */
  constructor(status: number, headers: ResponseHeaders, body: Buffer) {
    this.status = status;
    this.headers = status === 204 ? headers : { ...headers, "content-length": body.length };
    this.body = body;
  }

  /** The head by HTTP/1.1, for a connection that goes on; `joined`: with the body, where that is small. */
  onOpenConnection(ends: HeadEnds): Http1Bytes {
    if (this.bytes?.ends === ends) return this.bytes;
    const head = Buffer.from(`${this.responseHead.text}${ends.open}\r\n`, "latin1");
    const joined = this.body.length <= JOIN_BYTES ? Buffer.concat([head, this.body]) : null;
    this.bytes = { ends, head, joined };
    return this.bytes;
  }

  get responseHead(): ResponseHead {
    this.head ??= responseHead(this.status, this.headers);
    return this.head;
  }
}

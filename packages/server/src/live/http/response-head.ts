/** Writes the heads of responses of HTTP/1.1 (RFC 9112 section 4) as `node:http` writes them, and keeps what many responses have in common. */
import { STATUS_CODES } from "../../platform/node-http.ts";

export type ResponseHeaders = Readonly<Record<string, string | number | string[]>>;

export type ResponseHead = {
  readonly status: number;
  /** The status line and the headers that were given. */
  readonly text: string;
  /** They give the length of the body. */
  readonly hasLength: boolean;
  /** The headers that were given say whether the connection goes on: null where they do not. */
  readonly isLast: boolean | null;
};

/** RFC 9110 section 5.5: with any other character, a value could end its line. */
const WRONG_IN_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

/** @throws TypeError for a value that no header may have */
export function responseHead(status: number, headers: ResponseHeaders): ResponseHead {
  let text = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "unknown"}\r\n`;
  let hasLength = false;
  let isLast: boolean | null = null;
  for (const [name, values] of Object.entries(headers)) {
    for (const value of typeof values === "object" ? values : [String(values)]) {
      if (WRONG_IN_VALUE.test(value)) throw new TypeError(`the header ${name} has a character that no header may have`);
      text += `${name}: ${value}\r\n`;
      if (name === "content-length") hasLength = true;
      if (name === "connection") isLast = value === "close";
    }
  }
  return { status, text, hasLength, isLast };
}

/** What all heads of one second end with, without the empty line. */
export type HeadEnds = {
  readonly date: string;
  /** On a connection that goes on. */
  readonly open: string;
  /** On one that ends. */
  readonly last: string;
};

/** The heads' ends of the current second: RFC 9110 section 6.6.1. */
export class HeadClock {
  private readonly keepAliveSeconds: number;
  private readonly now: () => number;
  private second = -1;
  private ends: HeadEnds = { date: "", open: "", last: "" };

  /** @param keepAliveSeconds how long a client may wait before its next request; @param now milliseconds since 1970 */
  constructor(keepAliveSeconds: number, now: () => number = Date.now) {
    this.keepAliveSeconds = keepAliveSeconds;
    this.now = now;
  }

  /** The same object for a second. */
  get current(): HeadEnds {
    const second = Math.floor(this.now() / 1000);
    if (second !== this.second) {
      this.second = second;
      const date = `Date: ${new Date(second * 1000).toUTCString()}\r\n`;
      const open = `${date}Connection: keep-alive\r\nKeep-Alive: timeout=${this.keepAliveSeconds}\r\n`;
      this.ends = { date, open, last: `${date}Connection: close\r\n` };
    }
    return this.ends;
  }
}

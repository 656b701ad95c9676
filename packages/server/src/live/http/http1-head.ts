/**
 * Reads the plainest requests of HTTP/1.1 and HTTP/1.0 (RFC 9112 sections 2 to 6): GET or HEAD of a path, without a body, or, by HTTP/1.1, POST with a
 * body whose length is told and small; with a head of at most 8 kB. Everything else is "other" and belongs to `node:http`, so this parser has to be as strict as that one and may be stricter: it reads
 * no field twice, no folded line, no bare CR or LF, no byte outside of ASCII, and no field that has a part in where a message ends.
 */
import type { IncomingHttpHeaders } from "node:http";

/** The fields of a request. A client sends nearly the same ones with each, so those of its last request are compared before any are read. */
export type FieldSection = {
  /** As they were sent, with the empty line behind them. */
  readonly text: string;
  /** As `node:http` has them: names in lower case, values without the space around them. */
  readonly headers: Readonly<IncomingHttpHeaders>;
};

export type RequestHead = {
  readonly method: "GET" | "HEAD" | "POST";
  /** The path and the query, as they were sent. */
  readonly target: string;
  readonly fields: FieldSection;
  readonly minorVersion: 0 | 1;
  /** The connection ends after the answer: RFC 9112 section 9.6. */
  readonly isLast: boolean;
  /** Bytes of the head. */
  readonly length: number;
  /** Bytes of the body behind it: 0 for all but POST. */
  readonly bodyLength: number;
};

/** A longer head is for `node:http`, which has a limit of its own. */
export const MAX_HEAD_BYTES = 8192;
const MAX_FIELDS = 100;
/** A longer body is for `node:http`. */
const MAX_BODY_BYTES = 16 * 1024;
const LENGTH = /^[1-9]\d{0,4}$/;

/** RFC 3986 section 3.3 and 3.4; RFC 9112 section 3.2.1. */
const TARGET = "/[A-Za-z0-9\\-._~!$&'()*+,;=:@%/?]*";
const REQUEST_LINE = new RegExp(`(GET|HEAD|POST) (${TARGET}) HTTP/1\\.([01])\\r\\n`, "y");
const PART_OF_REQUEST_LINE = new RegExp(
  `^(?:G|GE|H|HE|HEA|P|PO|POS|(?:GET|HEAD|POST)(?: (?:${TARGET}(?: H?T?T?P?/?1?\\.?[01]?\\r?)?)?)?)$`,
);
/** RFC 9110 section 5.1 allows more in names, and section 5.5 in values. */
const FIELD = /([A-Za-z0-9-]+):([\t\x20-\x7e]*)\r\n/y;
const PART_OF_FIELD = /(?:[A-Za-z0-9-]+(?::[\t\x20-\x7e]*\r?)?|\r)?$/y;
const SPACE_AROUND = /^[\t ]+|[\t ]+$/g;
/** They say where a message ends or what follows it, or `node:http` reads them in its own way. */
const FOR_NODE = new Set([
  "expect",
  "http2-settings",
  "proxy-connection",
  "set-cookie",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/**
 * Reads the head at the beginning of what a client has sent.
 * @param known the fields of the connection's last request
 * @returns incomplete: it may become one of these requests; other: it is none
 */
export function readHead(bytes: Buffer, known: FieldSection | null): RequestHead | "incomplete" | "other" {
  const text = bytes.toString("latin1", 0, MAX_HEAD_BYTES);
  REQUEST_LINE.lastIndex = 0;
  const [, method, target = "", minor] = REQUEST_LINE.exec(text) ?? [];
  if (method !== "GET" && method !== "HEAD" && method !== "POST") return incomplete(bytes, PART_OF_REQUEST_LINE.test(text));
  const at = REQUEST_LINE.lastIndex;
  const isKnown = known !== null && text.startsWith(known.text, at);
  const fields = isKnown ? known : readFields(text, at);
  if (typeof fields === "string") return fields === "other" ? "other" : incomplete(bytes, true);
  const minorVersion = minor === "0" ? 0 : 1;
  const { connection = minorVersion === 1 ? "keep-alive" : "close", host, "content-length": bodyLength } = fields.headers;
  // A client of HTTP/1.0 that asks for a lasting connection is rare, and one of HTTP/1.1 without a host is wrong (section 3.2).
  if (minorVersion === 0 ? !isClose(connection) : host === undefined) return "other";
  const head = { method, target, fields, minorVersion, isLast: isClose(connection), length: at + fields.text.length } as const;
  // RFC 9112 section 6: a body without a length is for `node:http`, and so is one of a request that has none.
  if (method !== "POST") return bodyLength === undefined ? { ...head, bodyLength: 0 } : "other";
  const isSmall = minorVersion === 1 && LENGTH.test(bodyLength ?? "") && Number(bodyLength) <= MAX_BODY_BYTES;
  return isSmall ? { ...head, bodyLength: Number(bodyLength) } : "other";
}

function incomplete(bytes: Buffer, isPossible: boolean): "incomplete" | "other" {
  return isPossible && bytes.length < MAX_HEAD_BYTES ? "incomplete" : "other";
}

function readFields(text: string, from: number): FieldSection | "incomplete" | "other" {
  const headers: IncomingHttpHeaders = {};
  let at = from;
  for (let count = 0; count <= MAX_FIELDS; count++) {
    if (text.startsWith("\r\n", at)) return complete(text.slice(from, at + 2), headers);
    FIELD.lastIndex = at;
    const [, rawName, rawValue] = FIELD.exec(text) ?? [];
    if (rawName === undefined || rawValue === undefined) {
      PART_OF_FIELD.lastIndex = at;
      return PART_OF_FIELD.test(text) ? "incomplete" : "other";
    }
    at = FIELD.lastIndex;
    const name = rawName.toLowerCase();
    if (Object.hasOwn(headers, name) || FOR_NODE.has(name)) return "other";
    headers[name] = rawValue.replace(SPACE_AROUND, "");
  }
  return "other";
}

function complete(text: string, headers: IncomingHttpHeaders): FieldSection | "other" {
  const { connection } = headers;
  if (connection !== undefined && !isClose(connection) && connection.toLowerCase() !== "keep-alive") return "other";
  return { text, headers: Object.freeze(headers) };
}

function isClose(connection: string): boolean {
  return connection.toLowerCase() === "close";
}

/**
 * Provides SIP messages: RFC 3261 section 7, as far as GB/T 28181 uses them. Tolerates what cameras write: names of headers in any case or in their
 * short form, line ends without a carriage return, folded lines, and headers that are missing.
 */

export type SipHeader = { readonly name: string; readonly value: string };

export type SipMessage = SipRequest | SipResponse;
type Parts = {
  /** In the order of the message, names in lower case and in their long form. */
  readonly headers: readonly SipHeader[];
  readonly body: Uint8Array;
};
export type SipRequest = Parts & { readonly kind: "request"; readonly method: string; readonly uri: string };
export type SipResponse = Parts & { readonly kind: "response"; readonly status: number; readonly reason: string };

/** Larger heads are nobody's. */
const MAX_HEAD_BYTES = 16 * 1024;
export const MAX_BODY_BYTES = 1024 * 1024;
const MAX_HEADERS = 100;
const EMPTY = new Uint8Array(0);
/** Those of devices have some hundred bytes. */
const MAX_LINE = 4096;

/** RFC 3261 section 7.3.3. */
const LONG_FORMS: { readonly [short: string]: string } = {
  v: "via",
  f: "from",
  t: "to",
  i: "call-id",
  m: "contact",
  c: "content-type",
  l: "content-length",
  s: "subject",
  k: "supported",
  e: "content-encoding",
};
/** How headers are written that are more than capitals at the beginning of words. */
const SPELLINGS: { readonly [name: string]: string } = {
  "call-id": "Call-ID",
  cseq: "CSeq",
  "www-authenticate": "WWW-Authenticate",
};

/** A message that is whole, such as that of a datagram; null: it is none. A body that is longer than told is cut. */
export function readSip(bytes: Uint8Array): SipMessage | null {
  const head = headEnd(bytes, 0);
  if (head === null || head.at > MAX_HEAD_BYTES) return null;
  const parsed = readHead(textOf(bytes.subarray(0, head.at)));
  if (!parsed) return null;
  const rest = bytes.subarray(head.next);
  const length = contentLength(parsed);
  return { ...parsed, body: rest.slice(0, length ?? rest.length) };
}

export function writeSip(message: SipMessage): Uint8Array {
  const first =
    message.kind === "request" ? `${message.method} ${message.uri} SIP/2.0` : `SIP/2.0 ${message.status} ${message.reason}`;
  const headers = message.headers.filter(({ name }) => name !== "content-length");
  const lines = [...headers, { name: "content-length", value: String(message.body.length) }];
  const text = [first, ...lines.map(({ name, value }) => `${spelled(name)}: ${value}`), "", ""].join("\r\n");
  return Buffer.concat([Buffer.from(text), message.body]);
}

/** The first header of a name, which is in lower case. */
export function header({ headers }: Pick<SipMessage, "headers">, name: string): string | null {
  return headers.find((each) => each.name === name)?.value ?? null;
}

export function headersOf({ headers }: Pick<SipMessage, "headers">, name: string): readonly string[] {
  return headers.filter((each) => each.name === name).map(({ value }) => value);
}

/** Number and method of `CSeq`; null where it cannot be read. */
export function sequenceOf(message: SipMessage): { readonly number: number; readonly method: string } | null {
  const found = /^\s*(\d{1,10})\s+([A-Za-z]+)\s*$/.exec(header(message, "cseq") ?? "");
  return found ? { number: Number(found[1]), method: (found[2] ?? "").toUpperCase() } : null;
}

/** The user part of the address in a header or of a URI: the id of a device. */
export function userOf(address: string | null): string | null {
  return /sips?:([^@;>\s]+)@/i.exec(address ?? "")?.[1] ?? null;
}

/** A parameter behind the address of a header, such as `tag`. */
export function parameterOf(value: string | null, name: string): string | null {
  const text = value ?? "";
  const address = addressIn(text);
  const outside = address ? text.slice(0, address.from - 1) + text.slice(address.to + 1) : text;
  const found = new RegExp(`;\\s*${name}\\s*=\\s*"?([^;,"\\s]+)`, "i").exec(outside);
  return found?.[1] ?? null;
}

/** The URI of an address, with or without angle brackets. */
export function uriOf(value: string | null): string | null {
  const text = value ?? "";
  const found = addressIn(text);
  return found ? text.slice(found.from, found.to) : (/sips?:[^;\s]+/i.exec(text)?.[0] ?? null);
}

/** What stands in angle brackets. No expression, whose time would grow with the square of a header full of them. */
function addressIn(text: string): { readonly from: number; readonly to: number } | null {
  const open = text.indexOf("<");
  const to = open === -1 ? -1 : text.indexOf(">", open);
  return to === -1 ? null : { from: open + 1, to };
}

/** Cuts the bytes of a TCP connection into messages: section 18.3. */
export class SipStream {
  /** What is not whole yet. It grows by doubling, so that a body in many pieces is not copied for each of them, and is let go when it is empty. */
  private buffer: Uint8Array = EMPTY;
  private filled = 0;
  /** With fewer bytes than that nothing is whole: the head is not read again for each piece of a body. */
  private needed = 0;

  /** Bytes of what is not whole yet. */
  get kept(): number {
    return this.filled;
  }

  /** The messages that are whole now; null: what comes is no SIP, and the connection is of no use. */
  push(piece: Uint8Array): SipMessage[] | null {
    const bytes = this.filled === 0 ? piece : this.appended(piece);
    const messages: SipMessage[] = [];
    let at = 0;
    while (bytes.length - at >= this.needed) {
      // Line ends between messages keep connections alive: RFC 5626 section 3.5.1.
      while (bytes[at] === 13 || bytes[at] === 10 || bytes[at] === 0) at++;
      const rest = bytes.subarray(at);
      const head = headEnd(rest, 0);
      if (head === null && rest.length > MAX_HEAD_BYTES) return null;
      if (head === null) break;
      const parsed = head.at > MAX_HEAD_BYTES ? null : readHead(textOf(rest.subarray(0, head.at)));
      const length = parsed ? (contentLength(parsed) ?? 0) : 0;
      if (!parsed || length > MAX_BODY_BYTES) return null;
      this.needed = head.next + length;
      if (rest.length < this.needed) break;
      messages.push({ ...parsed, body: rest.slice(head.next, this.needed) });
      at += this.needed;
      this.needed = 0;
    }
    this.keep(bytes.subarray(at));
    return messages;
  }

  private appended(piece: Uint8Array): Uint8Array {
    const size = this.filled + piece.length;
    if (size > this.buffer.length) {
      const grown = new Uint8Array(Math.max(size, 2 * this.buffer.length));
      grown.set(this.buffer.subarray(0, this.filled));
      this.buffer = grown;
    }
    this.buffer.set(piece, this.filled);
    return this.buffer.subarray(0, size);
  }

  /** The bytes of a piece are good only during the call. */
  private keep(rest: Uint8Array): void {
    this.filled = rest.length;
    if (rest.length === 0) this.buffer = EMPTY;
    else if (rest.buffer === this.buffer.buffer) this.buffer.copyWithin(0, rest.byteOffset, rest.byteOffset + rest.length);
    else this.buffer = Uint8Array.from(rest);
  }
}

type Head = Omit<SipRequest, "body"> | Omit<SipResponse, "body">;

function readHead(text: string): Head | null {
  const [first = "", ...lines] = text.replace(/\r?\n[ \t]+/g, " ").split(/\r?\n/);
  const headers: SipHeader[] = [];
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon < 1 || line.length > MAX_LINE || headers.length >= MAX_HEADERS) return null;
    const name = line.slice(0, colon).trim().toLowerCase();
    headers.push({ name: LONG_FORMS[name] ?? name, value: line.slice(colon + 1).trim() });
  }
  const response = /^SIP\/2\.0\s+([1-6]\d\d)(?:\s+(.*))?$/i.exec(first);
  if (response) return { kind: "response", status: Number(response[1]), reason: response[2] ?? "", headers };
  const request = /^([A-Za-z]+)\s+(\S+)\s+SIP\/2\.0\s*$/i.exec(first);
  return request ? { kind: "request", method: (request[1] ?? "").toUpperCase(), uri: request[2] ?? "", headers } : null;
}

/** Null: it is not told. */
function contentLength(head: Head): number | null {
  const text = header(head, "content-length");
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/** Where the empty line behind the headers begins, and what follows it. */
function headEnd(bytes: Uint8Array, from: number): { readonly at: number; readonly next: number } | null {
  for (let i = from; i < bytes.length; i++) {
    if (bytes[i] !== 10) continue;
    if (bytes[i + 1] === 10) return { at: i - (bytes[i - 1] === 13 ? 1 : 0), next: i + 2 };
    if (bytes[i + 1] === 13 && bytes[i + 2] === 10) return { at: i - (bytes[i - 1] === 13 ? 1 : 0), next: i + 3 };
  }
  return null;
}

function spelled(name: string): string {
  return SPELLINGS[name] ?? name.replace(/(^|-)[a-z]/g, (part) => part.toUpperCase());
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** Sends one HTTP request byte by byte as it is given, and reads its answer as far as it tells the decision. */
import { connect } from "node:net";
import type { Header } from "./row.ts";

export type RawAnswer = {
  /** 0: the server has closed the connection without an answer. */
  readonly status: number;
  readonly head: string;
  /** Of a refusal; null elsewhere. */
  readonly problem: { readonly code: string; readonly detail: string } | null;
};

export type RawRequest = {
  readonly port: number;
  /** The request target as it is sent; not escaped, not normalised. */
  readonly path: string;
  readonly headers?: readonly Header[];
  readonly localAddress?: string;
  readonly method?: string;
};

const END = "\r\n\r\n";

export async function rawRequest({ port, path, headers = [], localAddress, method = "GET" }: RawRequest): Promise<RawAnswer> {
  const socket = connect({ port, host: "127.0.0.1", ...(localAddress ? { localAddress } : {}) });
  const lines = [["Host", `127.0.0.1:${port}`], ...headers].map(([name, value]) => `${name}: ${value}\r\n`).join("");
  socket.write(`${method} ${path} HTTP/1.1\r\n${lines}\r\n`, "latin1");
  let text = "";
  try {
    for await (const bytes of socket.setEncoding("latin1")) {
      text += bytes;
      if (isComplete(text)) break;
    }
  } catch {
    // What came until the connection broke is the answer.
  } finally {
    socket.destroy();
  }
  const [head = "", body = ""] = text.split(END, 2);
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0), head, problem: problemOf(head, body) };
}

/** Media may go on for ever; a refusal is read to its end. */
function isComplete(text: string): boolean {
  const end = text.indexOf(END);
  if (end < 0) return false;
  const head = text.slice(0, end);
  if (!/^HTTP\/1\.1 [45]/.test(head)) return true;
  const length = /^content-length: *(\d+)/im.exec(head)?.[1];
  return length !== undefined && text.length >= end + END.length + Number(length);
}

function problemOf(head: string, body: string): RawAnswer["problem"] {
  if (!/^content-type: *application\/problem\+json/im.test(head)) return null;
  return JSON.parse(Buffer.from(body, "latin1").toString()) as RawAnswer["problem"];
}

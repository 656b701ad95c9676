/** Provides one HTTP(S) request of a probe: its answer, how long it took, and until when the server's certificate is good. */
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { TLSSocket } from "node:tls";
import type { StallCompensatedClock } from "./stall-compensated-clock.ts";

/** An answer, or a short body, comes within this. */
const WITHIN_MS = 8000;
const AGENT = "Lectern-Probe";

export type Exchange = {
  readonly status: number;
  readonly ms: number;
  readonly location: string | null;
  readonly certificateEndsAt: number | null;
  readonly body: IncomingMessage;
};

export type ExchangeOptions = {
  readonly clock: StallCompensatedClock;
  readonly signal: AbortSignal;
  /** Sent as JSON, by POST. */
  readonly json?: unknown;
};

/** Why there was no answer. */
export class ExchangeError extends Error {
  /** Of Node.js or OpenSSL. */
  readonly code: string;

  constructor(code: string, words: string, cause?: unknown) {
    super(words, { cause });
    this.code = code;
  }
}

/** @throws ExchangeError */
export async function exchange(url: URL, { clock, signal, json }: ExchangeOptions): Promise<Exchange> {
  const from = clock.now();
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  const text = json === undefined ? null : JSON.stringify(json);
  const headers = { "user-agent": AGENT, ...(text === null ? {} : { "content-type": "application/json" }) };
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  // Without an agent, each request has a connection of its own and sees the certificate that a new viewer gets.
  const request = send(url, { method: text === null ? "GET" : "POST", headers, signal, agent: false });
  const cancel = clock.after(WITHIN_MS, () =>
    request.destroy(Object.assign(new Error(`no answer within ${WITHIN_MS / 1000} s`), { code: "ETIMEDOUT" })),
  );
  request.on("response", resolve);
  request.on("error", (error: NodeJS.ErrnoException) => {
    reject(new ExchangeError(error.code ?? "failed", error.message || String(error.code), error));
  });
  request.end(text ?? undefined);
  try {
    const body = await promise;
    // An error after the head ends the body, which its reader sees.
    body.on("error", () => {});
    const { location = null } = body.headers;
    const ms = Math.round(clock.now() - from);
    return { status: body.statusCode ?? 0, ms, location, certificateEndsAt: certificateEnd(body), body };
  } finally {
    cancel();
  }
}

/** The whole body. @throws ExchangeError when it has more bytes than that, is cut short, or takes too long */
export async function readBody({ body }: Exchange, maxBytes: number, clock: StallCompensatedClock): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  const cancel = clock.after(WITHIN_MS, () => body.destroy());
  try {
    for await (const piece of body) {
      bytes += piece.length;
      if (bytes > maxBytes) throw new ExchangeError("too-large", `the answer has more than ${maxBytes} bytes`);
      pieces.push(piece);
    }
  } catch (error) {
    if (error instanceof ExchangeError) throw error;
    throw new ExchangeError("cut-short", "the answer was cut short", error);
  } finally {
    cancel();
  }
  return Buffer.concat(pieces);
}

function certificateEnd({ socket }: IncomingMessage): number | null {
  if (!(socket instanceof TLSSocket)) return null;
  const { valid_to: end } = socket.getPeerCertificate();
  return end === undefined ? null : Date.parse(end);
}

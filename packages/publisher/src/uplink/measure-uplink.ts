/**
 * Measures what a person's connection carries to the server, before a lesson: by a WebSocket, whose server tells how much has arrived and since when.
 * What the system's buffers have taken says nothing.
 */
import { streamAddresses } from "../supervise/stream-addresses.ts";

export type UplinkMeasurement = {
  /** Kilobits per second that arrived at the server. */
  readonly kbps: number;
  readonly rttMs: number;
};

/** Why an uplink could not be measured: `code` is the server's, or `network`. */
export class UplinkError extends Error {
  readonly code: string;

  constructor(code: string, detail: string) {
    super(detail);
    this.name = "UplinkError";
    this.code = code;
  }
}

const SUBPROTOCOL = "lectern.flv.v1";
const PINGS = 4;
const CHUNK_BYTES = 16 * 1024;
const MAX_BYTES = 2 * 1024 * 1024;
/** Enough to keep the line full until the next turn. */
const MAX_BUFFERED = 256 * 1024;
const FEED_MS = 10;
const WITHIN_MS = 12_000;
/** A line that is faster than this in the first moments is fast enough, and its true speed unknown. */
const LEAST_MS = 5;

/**
 * Sends at most 2 MB, for at most 3 s.
 * @param address the stream's, `https://HOST/APP/NAME`
 * @param key its publish key
 * @throws UplinkError with the server's code, or `network`
 */
export function measureUplink(address: string, key: string, signal?: AbortSignal): Promise<UplinkMeasurement> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(streamAddresses(address, key).probe, SUBPROTOCOL);
    const probe = new Probe(socket, (result) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
      socket.close();
      if (result instanceof Error) reject(result);
      else resolve(result);
    });
    const stop = () => probe.end(new UplinkError("aborted", "The measurement was stopped."));
    const timer = setTimeout(() => probe.end(new UplinkError("network", "The server did not answer in time.")), WITHIN_MS);
    signal?.addEventListener("abort", stop);
    if (signal?.aborted) stop();
  });
}

class Probe {
  private readonly socket: WebSocket;
  private readonly onEnd: (result: UplinkMeasurement | UplinkError) => void;
  private readonly trips: number[] = [];
  private readonly chunk = randomBytes();
  private pingedAt = 0;
  private sent = 0;
  private arrived = { bytes: 0, milliseconds: 0 };
  private feeding: ReturnType<typeof setInterval> | null = null;
  private isOver = false;

  constructor(socket: WebSocket, onEnd: (result: UplinkMeasurement | UplinkError) => void) {
    this.socket = socket;
    this.onEnd = onEnd;
    socket.addEventListener("open", () => this.ping());
    socket.addEventListener("message", ({ data }) => this.hear(data));
    socket.addEventListener("close", () => this.finish());
  }

  end(result: UplinkMeasurement | UplinkError): void {
    if (this.isOver) return;
    this.isOver = true;
    if (this.feeding) clearInterval(this.feeding);
    this.onEnd(result);
  }

  private ping(): void {
    this.pingedAt = performance.now();
    this.socket.send('{"kind":"ping"}');
  }

  private hear(data: unknown): void {
    const { kind, bytes, milliseconds, code, detail } = Object(JSON.parse(String(data)));
    if (kind === "ended") return this.end(new UplinkError(String(code), String(detail)));
    if (kind === "received") this.arrived = { bytes: Number(bytes), milliseconds: Number(milliseconds) };
    if (kind !== "pong") return;
    this.trips.push(performance.now() - this.pingedAt);
    if (this.trips.length < PINGS) this.ping();
    else this.feeding = setInterval(() => this.feed(), FEED_MS);
  }

  private feed(): void {
    while (this.socket.bufferedAmount < MAX_BUFFERED && this.sent < MAX_BYTES + CHUNK_BYTES) {
      this.socket.send(this.chunk);
      this.sent += CHUNK_BYTES;
    }
  }

  /** The server has closed: it has enough, or the time is up. */
  private finish(): void {
    const { bytes, milliseconds } = this.arrived;
    if (bytes === 0 || this.trips.length === 0)
      return this.end(new UplinkError("network", "The server cannot be reached by WebSocket."));
    // The first message began the measurement, and its bytes are not of it.
    const kbps = (Math.max(0, bytes - CHUNK_BYTES) * 8) / Math.max(LEAST_MS, milliseconds);
    this.end({ kbps, rttMs: Math.min(...this.trips) });
  }
}

/** Of no use to a proxy that compresses. */
function randomBytes(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(CHUNK_BYTES);
  crypto.getRandomValues(bytes);
  return bytes;
}

/**
 * Provides the bytes of one connection to another RTMP server: TCP or TLS, the client's handshake, chunks and acknowledgements. The session
 * interprets the messages. Whatever the server sends, the memory is bounded.
 */
import { randomBytes } from "node:crypto";
import { isIP, type Socket, connect as tcpConnect } from "node:net";
import { connect as tlsConnect } from "node:tls";
import {
  ByteReader,
  ChunkReader,
  ClientHandshake,
  HANDSHAKE_SIZE,
  Malformed,
  MESSAGE_TYPE,
  type RtmpMessage,
} from "@lectern/media";
import type { JobProblem } from "../../contracts/jobs/job-report.ts";
import type { Clock } from "../../platform/clock.ts";
import { acknowledge, WINDOW_BYTES } from "./commands.ts";

/** The largest message before media is expected, and after. */
const MAX_COMMAND_BYTES = 1024 * 1024;
const MAX_MEDIA_BYTES = 16 * 1024 * 1024;
/** A server is given so long for each step. */
const STEP_MS = 10_000;
/** A server from which no media is expected has little to say: so many bytes in so many milliseconds are hostile. */
const MAX_TALK = { bytes: 4 * 1024 * 1024, milliseconds: 10_000 } as const;
/** A server that reads so little gets no answer to its pings. */
const MAX_UNREAD_BYTES = 1024 * 1024;
/** A tiny window would have every packet acknowledged. */
const MIN_WINDOW_BYTES = 16 * 1024;
/** A server that does not close its side within this is disconnected. */
const LINGER_MS = 2000;

export type ClientConnectionOptions = {
  readonly address: { readonly host: string; readonly port: number };
  /** The name that the server's certificate must have; null: no TLS. */
  readonly secureHost: string | null;
  readonly clock: Clock;
  /** Hands are shaken. */
  readonly onOpen: () => void;
  /** The message and its payload are good only during the call. */
  readonly onMessage: (message: RtmpMessage) => void;
  readonly onDrain: () => void;
  /** Called once, unless the connection was ended here. */
  readonly onEnd: (problem: JobProblem) => void;
};

export class ClientConnection {
  private readonly options: ClientConnectionOptions;
  private readonly socket: Socket;
  private readonly reader: ChunkReader;
  /** Null when hands are shaken. */
  private handshake: ClientHandshake | null = new ClientHandshake(randomBytes(HANDSHAKE_SIZE));
  private cancelLimit: () => void = () => {};
  private received = 0;
  private acknowledged = 0;
  private window = WINDOW_BYTES;
  private mediaAllowed = false;
  private talk = { since: 0, received: 0 };
  private over = false;

  constructor(options: ClientConnectionOptions) {
    this.options = options;
    this.reader = new ChunkReader({
      onMessage: (message) => this.take(message),
      maxMessageBytes: MAX_COMMAND_BYTES,
      // The ingest copies payloads, so the messages of a connection can share memory.
      reuse: true,
      allocate: (size) => Buffer.allocUnsafeSlow(size),
    });
    this.talk.since = options.clock.monotonic();
    this.socket = this.connect();
    this.expect("accept the connection");
  }

  /** Bytes that the kernel has not taken yet. */
  get bufferedBytes(): number {
    return this.socket.writableLength;
  }

  /** Ends the connection unless the server does something within ten seconds. @param step what it does; null: nothing is expected any more */
  expect(step: string | null): void {
    const detail = `The server did not ${step} within ${STEP_MS / 1000} s.`;
    if (step === null) this.cancelLimit();
    else this.endIn(STEP_MS, { code: "unreachable", detail });
  }

  /** Ends the connection in so many milliseconds, unless something is expected before, or nothing. */
  endIn(milliseconds: number, problem: JobProblem): void {
    this.cancelLimit();
    this.cancelLimit = this.options.clock.after(milliseconds, () => this.end(problem));
  }

  /** Allows large messages, and any number of them. */
  allowMedia(): void {
    this.mediaAllowed = true;
    this.reader.allowMessages(MAX_MEDIA_BYTES);
  }

  /** Answers the server's own messages, unless it reads no answers. */
  reply(bytes: Uint8Array): void {
    if (this.socket.writableLength < MAX_UNREAD_BYTES) this.send(bytes);
  }

  send(...pieces: readonly Uint8Array[]): void {
    if (!this.socket.writable) return;
    this.socket.cork();
    for (const piece of pieces) this.socket.write(piece);
    this.socket.uncork();
  }

  /** False: wait until the kernel has taken it. */
  write(bytes: Uint8Array): boolean {
    return this.socket.writable && this.socket.write(bytes);
  }

  /** Sends the last bytes, and closes the connection. */
  close(...pieces: readonly Uint8Array[]): void {
    if (this.over) return;
    this.over = true;
    this.cancelLimit();
    this.send(...pieces);
    this.socket.end();
    // What is still read keeps the server from being reset before it has read the last bytes.
    this.socket.resume();
    setTimeout(() => this.socket.destroy(), LINGER_MS).unref();
  }

  /** Closes the connection at once. May be called twice. */
  destroy(): void {
    this.over = true;
    this.cancelLimit();
    this.socket.destroy();
  }

  private connect(): Socket {
    const { address, secureHost } = this.options;
    const { host, port } = address;
    // An address has no name that the server could choose a certificate by.
    const servername = secureHost === null || isIP(secureHost) > 0 ? {} : { servername: secureHost };
    const socket = secureHost === null ? tcpConnect({ host, port }) : tlsConnect({ host, port, ...servername });
    socket.setNoDelay(true);
    socket.once(secureHost === null ? "connect" : "secureConnect", () => this.shakeHands());
    socket.on("data", (bytes) => this.read(bytes));
    socket.on("drain", () => this.options.onDrain());
    socket.on("error", (error: NodeJS.ErrnoException) => this.lost(`The connection failed: ${error.code ?? error.name}.`));
    socket.on("close", () => this.lost("The server closed the connection."));
    return socket;
  }

  private shakeHands(): void {
    if (this.over || !this.handshake) return;
    this.expect("shake hands");
    this.send(this.handshake.opening);
  }

  private read(bytes: Buffer): void {
    if (this.over) return;
    this.received += bytes.length;
    if (!this.mediaAllowed && this.isTooMuchTalk())
      return this.end({ code: "not-media", detail: "The server sends far more than an RTMP server has to say." });
    const rest = this.handshake ? this.readHandshake(this.handshake, bytes) : bytes;
    if (!rest || this.over) return;
    const broken = this.reader.push(rest);
    if (broken) return this.broken(broken);
    if (this.received - this.acknowledged < this.window / 2) return;
    this.acknowledged = this.received;
    this.reply(acknowledge(this.received));
  }

  /** The bytes behind the handshake; null while it is not over. */
  private readHandshake(handshake: ClientHandshake, bytes: Buffer): Uint8Array | null {
    const step = handshake.push(bytes);
    if (step instanceof Malformed) {
      this.broken(step);
      return null;
    }
    if (step.reply.length > 0) this.send(step.reply);
    if (!step.rest) return null;
    this.handshake = null;
    this.options.onOpen();
    return step.rest;
  }

  private isTooMuchTalk(): boolean {
    const now = this.options.clock.monotonic();
    if (now - this.talk.since > MAX_TALK.milliseconds) this.talk = { since: now, received: this.received };
    return this.received - this.talk.received > MAX_TALK.bytes;
  }

  private take(message: RtmpMessage): void {
    if (this.over) return;
    if (message.type === MESSAGE_TYPE.windowAcknowledgementSize) this.setWindow(new ByteReader(message.payload));
    else this.options.onMessage(message);
  }

  private setWindow(reader: ByteReader): void {
    const window = reader.u32();
    if (!reader.failed && window > 0) this.window = Math.max(window, MIN_WINDOW_BYTES);
  }

  private broken({ rule }: Malformed): void {
    this.end({ code: "not-media", detail: `The server does not speak RTMP as it should: ${rule}.` });
  }

  private lost(detail: string): void {
    this.end({ code: this.handshake ? "unreachable" : "ended", detail });
  }

  private end(problem: JobProblem): void {
    if (this.over) return;
    this.destroy();
    this.options.onEnd(problem);
  }
}

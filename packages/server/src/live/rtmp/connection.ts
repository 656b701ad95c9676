/**
 * Reads and writes the bytes of one RTMP connection: the handshake, then chunked messages in both directions, with acknowledgements. The
 * session interprets the messages.
 */
import { createHmac, randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import {
  answerHandshake,
  ByteReader,
  ChunkReader,
  HANDSHAKE_SIZE,
  type HmacSha256,
  Malformed,
  MESSAGE_TYPE,
  RTMP_VERSION,
  type RtmpMessage,
  USER_CONTROL,
} from "@lectern/media";
import { systemClock } from "../../platform/clock.ts";
import { SharedTicks } from "../../platform/shared-ticks.ts";
import { acknowledge, pong, WINDOW_BYTES } from "./commands.ts";
import { PacedReading, type ReadingTimes } from "./paced-reading.ts";
import type { ReadShared } from "./shared-reads.ts";
import { SilenceSweep } from "./silence-sweep.ts";

/** The largest message before a publisher has been let in, and after. */
const MAX_COMMAND_BYTES = 1024 * 1024;
const MAX_MEDIA_BYTES = 16 * 1024 * 1024;
/** The handshake and the first command have to come within this. */
export const GREETING_TIMEOUT_MS = 10_000;

/** A publisher that is silent for so long is gone, even if its TCP connection is open. */
const PUBLISHER_TIMEOUT_MS = 20_000;
/** A peer that does not close its side within this is disconnected. */
const LINGER_MS = 2000;

const hmacSha256: HmacSha256 = (key, data) => createHmac("sha256", key).update(data).digest();
/** The client only echoes the random bytes of S1, so all connections share them. */
const RANDOM = randomBytes(HANDSHAKE_SIZE);

/** All publishers of a process are read at the same times: from shortly before a slot of the fan-out, in which what was read goes out, to its beginning. */
const READING_TIMES: ReadingTimes = {
  begin: new SharedTicks(systemClock, { aheadMs: 12 }),
  end: new SharedTicks(systemClock, { aheadMs: 0, nearestMs: 1 }),
};
const SILENCE = new SilenceSweep(systemClock, PUBLISHER_TIMEOUT_MS);

export type ConnectionEvents = {
  /** The message and its payload are good only during the call. */
  readonly onMessage: (message: RtmpMessage) => void;
  /** Any bytes have come. @param now monotonic milliseconds */
  readonly onHeard: (now: number) => void;
  /** The peer broke the protocol, and nothing more is read. The connection is to be ended. */
  readonly onBroken: (rule: string) => void;
};

export class RtmpConnection {
  readonly socket: Socket;
  private readonly events: ConnectionEvents;
  private readonly reader: ChunkReader;
  private greeting: Buffer | null = Buffer.alloc(0);
  /** Bytes of C2 that are still to be skipped. */
  private c2Left = HANDSHAKE_SIZE;
  private received = 0;
  private acknowledged = 0;
  private window = WINDOW_BYTES;
  private pace: PacedReading | null = null;
  /** Until the socket is read by it. */
  private readShared: ReadShared | null;
  private heardAt = systemClock.monotonic();
  private isWatched = false;
  private isEnded = false;

  /** @param readShared for publishers; null: they are read by the socket's `data` */
  constructor(socket: Socket, events: ConnectionEvents, readShared: ReadShared | null) {
    this.socket = socket;
    this.events = events;
    this.readShared = readShared;
    this.reader = new ChunkReader({
      onMessage: (message) => this.take(message),
      maxMessageBytes: MAX_COMMAND_BYTES,
      // The ingest copies payloads, so the messages of a connection can share memory.
      reuse: true,
      allocate: (size) => Buffer.allocUnsafeSlow(size),
    });
    socket.on("data", (bytes) => {
      this.read(bytes);
      this.share();
    });
  }

  /** Allows large messages, for a publisher that has its permission. */
  allowMedia(): void {
    this.reader.allowMessages(MAX_MEDIA_BYTES);
  }

  /** Reads what comes in rounds, for a publisher. @param mayWaitMs how long bytes may wait at present, milliseconds */
  readInRounds(mayWaitMs: () => number): void {
    // TLS has bytes of its own, which reading in rounds and into a shared buffer would not see.
    if (!(this.socket instanceof TLSSocket)) this.pace = new PacedReading(this.socket, READING_TIMES, mayWaitMs);
  }

  /** Calls when nothing has come for so long that the publisher must be gone. One that publishes again is watched already. */
  whenSilent(call: () => void): void {
    if (this.isWatched) return;
    this.isWatched = true;
    this.socket.once(
      "close",
      SILENCE.watch(() => this.heardAt, call),
    );
  }

  send(...pieces: readonly Uint8Array[]): void {
    if (!this.socket.writable) return;
    this.socket.cork();
    for (const piece of pieces) this.socket.write(piece);
    this.socket.uncork();
  }

  /** It is being closed, and nothing of the peer counts any more. */
  get ended(): boolean {
    return this.isEnded;
  }

  /** Sends the last bytes, and closes the connection. What the peer still sends is read, or its system would not give it these bytes. */
  end(...pieces: readonly Uint8Array[]): void {
    if (this.isEnded) return;
    this.isEnded = true;
    // Before hands are shaken, no words can be understood.
    if (this.greeting !== null) {
      this.socket.destroy();
      return;
    }
    this.send(...pieces);
    this.socket.resume();
    this.socket.end();
    setTimeout(() => this.socket.destroy(), LINGER_MS).unref();
  }

  private read(bytes: Buffer): void {
    this.received += bytes.length;
    if (this.isEnded) return;
    this.heardAt = systemClock.monotonic();
    this.events.onHeard(this.heardAt);
    const rest = this.greeting === null ? bytes : this.shakeHands(Buffer.concat([this.greeting, bytes]));
    if (rest === null) return;
    const broken = this.reader.push(this.c2Left > 0 ? this.skipC2(rest) : rest);
    if (broken) this.break(broken);
    else if (this.received - this.acknowledged >= this.window / 2) {
      this.acknowledged = this.received;
      this.send(acknowledge(this.received));
    }
    this.pace?.hasRead(bytes.length);
  }

  /** Reads a publisher's socket into the shared buffer from now on, once no older bytes are in the socket's own. */
  private share(): void {
    const { socket, readShared } = this;
    if (!readShared || !this.pace || socket.destroyed || socket.readableLength > 0) return;
    this.readShared = null;
    readShared(socket, (bytes) => this.read(bytes));
  }

  /** Gives the bytes behind C1, or null while C1 is not complete. */
  private shakeHands(bytes: Buffer): Buffer | null {
    if (bytes.length > 0 && bytes[0] !== RTMP_VERSION) {
      this.break(new Malformed(`RTMP version ${bytes[0]}`));
      return null;
    }
    if (bytes.length < 1 + HANDSHAKE_SIZE) {
      this.greeting = bytes;
      return null;
    }
    this.greeting = null;
    this.send(answerHandshake(bytes.subarray(1, 1 + HANDSHAKE_SIZE), RANDOM, hmacSha256));
    return bytes.subarray(1 + HANDSHAKE_SIZE);
  }

  /** C2 is not checked: players send all kinds of bytes. */
  private skipC2(bytes: Buffer): Buffer {
    const skipped = Math.min(this.c2Left, bytes.length);
    this.c2Left -= skipped;
    return bytes.subarray(skipped);
  }

  private take(message: RtmpMessage): void {
    if (this.socket.destroyed || this.isEnded) return;
    if (message.type === MESSAGE_TYPE.windowAcknowledgementSize) this.setWindow(new ByteReader(message.payload));
    else if (message.type === MESSAGE_TYPE.userControl) this.answerPing(new ByteReader(message.payload));
    else this.events.onMessage(message);
  }

  private setWindow(reader: ByteReader): void {
    const window = reader.u32();
    // A tiny window would have every packet acknowledged.
    if (!reader.failed && window > 0) this.window = Math.max(window, 16 * 1024);
  }

  private answerPing(reader: ByteReader): void {
    if (reader.u16() === USER_CONTROL.pingRequest && reader.left >= 4) this.send(pong(reader.view(4)));
  }

  private break(broken: Malformed): void {
    this.events.onBroken(broken.rule);
    this.end();
  }
}

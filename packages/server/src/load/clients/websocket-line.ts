/**
 * Provides a WebSocket client (RFC 6455) that costs as little as it can, so that thousands fit on one core: it offers no compression, and gives each
 * message as the bytes that came.
 */
import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { LineTarget } from "./http-line.ts";

export type LineOptions = {
  readonly target: LineTarget;
  readonly path: string;
  readonly protocol: string | null;
  /** The bytes are of a buffer that is used again. */
  readonly onText: (text: Buffer) => void;
  /** Default: binary messages are ignored. The bytes are of a buffer that is used again. */
  readonly onBinary?: (bytes: Buffer) => void;
  readonly onOpen: () => void;
  /** @param reason what the server answered instead of a WebSocket, the reason of the close, or the code of what broke */
  readonly onClose: (reason: string) => void;
};

const OPCODE = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
const HEAD_END = "\r\n\r\n";
const MASKED = 128;
const LENGTH_16 = 126;
const LENGTH_64 = 127;
const MAX_16 = 0xffff;
/** All lines read into it, one after the other. */
const READ = Buffer.alloc(64 * 1024);

export class WebSocketLine {
  readonly openedAt = performance.now();
  private readonly socket: Socket;
  private readonly options: LineOptions;
  private rest: Buffer = Buffer.alloc(0);
  private isOpen = false;
  private reason = "";

  constructor(options: LineOptions) {
    this.options = options;
    const { target, path, protocol } = options;
    const { host, port, isTls } = target;
    const callback = (bytes: number): boolean => {
      this.take(READ.subarray(0, bytes));
      return true;
    };
    this.socket = isTls
      ? connectTls({ host, port, servername: host, rejectUnauthorized: false })
      : connect({ host, port, onread: { buffer: READ, callback } });
    this.socket.setNoDelay(true);
    if (isTls) this.socket.on("data", (bytes) => this.take(bytes));
    this.socket.on("error", (error) => {
      this.reason ||= "code" in error && typeof error.code === "string" ? error.code : String(error);
    });
    this.socket.on("close", () => options.onClose(this.reason));
    const lines = [
      `GET ${path} HTTP/1.1`,
      `Host: ${host}:${port}`,
      "Upgrade: websocket",
      "Connection: Upgrade",
      "Sec-WebSocket-Version: 13",
      `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
      ...(protocol === null ? [] : [`Sec-WebSocket-Protocol: ${protocol}`]),
    ];
    this.socket.write(lines.join("\r\n") + HEAD_END);
  }

  /** Bytes that the kernel has not taken yet. */
  get bufferedBytes(): number {
    return this.socket.writableLength;
  }

  send(text: string): void {
    this.write(OPCODE.text, Buffer.from(text));
  }

  sendBinary(bytes: Uint8Array): void {
    this.write(OPCODE.binary, bytes);
  }

  /** Reads nothing more, as on a connection that was cut. */
  stall(): void {
    this.socket.pause();
  }

  close(): void {
    this.socket.destroy();
  }

  private take(bytes: Buffer): void {
    let buffer = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    if (!this.isOpen) {
      const end = buffer.indexOf(HEAD_END);
      if (end < 0) {
        this.rest = Buffer.from(buffer);
        return;
      }
      const head = buffer.toString("latin1", 0, end);
      if (!head.startsWith("HTTP/1.1 101")) {
        this.reason = buffer.toString("utf8").slice(0, 1000);
        this.rest = Buffer.alloc(0);
        this.socket.destroy();
        return;
      }
      buffer = buffer.subarray(end + HEAD_END.length);
      this.isOpen = true;
      this.options.onOpen();
    }
    let at = 0;
    for (let next = this.frame(buffer, at); next > at; next = this.frame(buffer, at)) at = next;
    // What is kept must not be of the socket's buffer, which is used again.
    this.rest = at < buffer.length ? Buffer.from(buffer.subarray(at)) : Buffer.alloc(0);
  }

  /** Takes one whole frame. @returns where the next one begins; the same place where the frame is not whole */
  private frame(buffer: Buffer, at: number): number {
    if (buffer.length - at < 2) return at;
    const opcode = (buffer[at] ?? 0) & 15;
    const short = (buffer[at + 1] ?? 0) & 127;
    const head = short < LENGTH_16 ? 2 : short === LENGTH_16 ? 4 : 10;
    if (buffer.length - at < head) return at;
    const length =
      short < LENGTH_16 ? short : short === LENGTH_16 ? buffer.readUInt16BE(at + 2) : Number(buffer.readBigUInt64BE(at + 2));
    const end = at + head + length;
    if (buffer.length < end) return at;
    const payload = buffer.subarray(at + head, end);
    if (opcode === OPCODE.text) this.options.onText(payload);
    else if (opcode === OPCODE.binary) this.options.onBinary?.(payload);
    else if (opcode === OPCODE.ping) this.write(OPCODE.pong, payload);
    else if (opcode === OPCODE.close) {
      this.reason = payload.length > 2 ? payload.toString("utf8", 2) : "closed";
      this.socket.end();
    }
    return end;
  }

  /** A mask of zeros is one, too: RFC 6455 section 5.3 asks for an unpredictable one because of scripts in browsers. */
  private write(opcode: number, payload: Uint8Array): void {
    const { length } = payload;
    const short = length < LENGTH_16 ? length : length <= MAX_16 ? LENGTH_16 : LENGTH_64;
    const head = Buffer.alloc(short < LENGTH_16 ? 6 : short === LENGTH_16 ? 8 : 14);
    head[0] = MASKED | opcode;
    head[1] = MASKED | short;
    if (short === LENGTH_16) head.writeUInt16BE(length, 2);
    else if (short === LENGTH_64) head.writeBigUInt64BE(BigInt(length), 2);
    this.socket.write(Buffer.concat([head, payload]));
  }
}

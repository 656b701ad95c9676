/**
 * Provides the listener's part of SRT's handshake: answers an induction with a cookie and keeps nothing, reads a conclusion, and writes the answer to
 * it. draft-sharabayko-srt-01 section 4.3.1. It has no clock and no socket.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import {
  Malformed,
  readSrtCapabilities,
  readSrtHandshake,
  readSrtText,
  SRT_CONTROL,
  SRT_EXTENSION,
  SRT_FLAG,
  SRT_HANDSHAKE,
  SRT_HAS,
  SRT_HEADER_SIZE,
  SRT_KEY_STATE,
  SRT_MAGIC,
  type SrtCapabilities,
  type SrtExtension,
  type SrtHandshake,
  setSrtU32,
  srtTimestamp,
  writeSrtCapabilities,
  writeSrtControl,
  writeSrtHandshake,
} from "@lectern/media";
import { type SrtKeys, unlockKeys } from "./encryption.ts";
import { RECEIVE_PACKETS } from "./receive-buffer.ts";
import { REJECTION, rejectionType } from "./rejection.ts";

/** A caller that has proved its address, and asks for a connection. */
export type SrtCall = {
  readonly handshake: SrtHandshake;
  readonly streamId: string;
  /** The version of its SRT library: `1.5.1`. */
  readonly version: string;
  /** What each side keeps packets for, milliseconds. */
  readonly latencyMs: number;
  readonly peerLatencyMs: number;
  readonly keys: SrtKeys | null;
  /** The answer to its key material. */
  readonly keyAnswer: Uint8Array | null;
  /** Of the handshake, microseconds of its clock. */
  readonly timestamp: number;
};

/** reason: of a rejection that the rules of SRT decide. */
export type HandshakeOutcome =
  | { readonly kind: "answer"; readonly packet: Uint8Array }
  | { readonly kind: "call"; readonly call: SrtCall }
  | {
      readonly kind: "rejected";
      readonly packet: Uint8Array;
      readonly reason: number;
      readonly streamId: string;
      readonly version: string;
    };

export type HandshakeOptions = {
  /** The same in all workers, since each may get a caller's second packet. */
  readonly secret: Uint8Array;
  readonly passphrase: () => string;
  readonly latencyMs: () => number;
};

const VERSION = 5;
/** This side speaks as libsrt 1.5.1 does. */
const SRT_VERSION = 0x010501;
const FLAGS =
  SRT_FLAG.sendsTimed | SRT_FLAG.receivesTimed | SRT_FLAG.crypt | SRT_FLAG.dropsLate | SRT_FLAG.periodicNak | SRT_FLAG.rexmit;
const MTU = 1500;
/** A cookie is good for one to two minutes. */
const COOKIE_MS = 60_000;

export class SrtHandshakes {
  private readonly options: HandshakeOptions;

  constructor(options: HandshakeOptions) {
    this.options = options;
  }

  /**
   * Reads a handshake packet for no socket. Null: it deserves no answer.
   * @param from the caller's address and port
   * @param utc real time, which all workers have alike, milliseconds
   * @param mayCall asked once the caller has proved its address; false: it is not heard
   */
  take(packet: Uint8Array, from: string, utc: number, mayCall: () => boolean): HandshakeOutcome | null {
    const handshake = readSrtHandshake(packet.subarray(SRT_HEADER_SIZE));
    if (handshake instanceof Malformed) return null;
    if (handshake.type === SRT_HANDSHAKE.induction) return { kind: "answer", packet: this.induction(handshake, from, utc) };
    if (handshake.type !== SRT_HANDSHAKE.conclusion || !this.isCookie(handshake.cookie, from, utc)) return null;
    if (!mayCall()) return null;
    return this.conclusion(handshake, srtTimestamp(packet));
  }

  /** The content of the answer that connects a call. @param socketId of this side */
  accepted({ handshake, latencyMs, peerLatencyMs, keyAnswer }: SrtCall, socketId: number): Uint8Array {
    const response = writeSrtCapabilities({
      version: SRT_VERSION,
      flags: FLAGS,
      receiverDelayMs: latencyMs,
      senderDelayMs: peerLatencyMs,
    });
    const extensions: SrtExtension[] = [{ type: SRT_EXTENSION.response, content: response }];
    if (keyAnswer) extensions.push({ type: SRT_EXTENSION.keyResponse, content: keyAnswer });
    const extension = SRT_HAS.handshake | (keyAnswer ? SRT_HAS.keys : 0);
    const own = { version: VERSION, mtu: MTU, flowWindow: RECEIVE_PACKETS, type: SRT_HANDSHAKE.conclusion };
    return writeSrtHandshake({ ...handshake, ...own, extension, socketId, extensions });
  }

  /** The packet that turns a caller away. @param reason `SRT_REJ_…` or `SRT_REJX_…` */
  rejection(handshake: SrtHandshake, reason: number, extensions: readonly SrtExtension[] = []): Uint8Array {
    const extension = extensions.length > 0 ? SRT_HAS.keys : 0;
    const content = writeSrtHandshake({ ...handshake, version: VERSION, extension, type: rejectionType(reason), extensions });
    return packetFor(handshake, content);
  }

  private induction(handshake: SrtHandshake, from: string, utc: number): Uint8Array {
    const cookie = this.cookie(from, Math.floor(utc / COOKIE_MS));
    return packetFor(
      handshake,
      writeSrtHandshake({ ...handshake, version: VERSION, encryption: 0, extension: SRT_MAGIC, cookie, extensions: [] }),
    );
  }

  private conclusion(handshake: SrtHandshake, timestamp: number): HandshakeOutcome {
    const content = (type: number) => handshake.extensions.find((one) => one.type === type)?.content ?? null;
    const idContent = content(SRT_EXTENSION.streamId);
    const streamId = idContent ? readSrtText(idContent) : "";
    const capabilities = readSrtCapabilities(content(SRT_EXTENSION.request) ?? new Uint8Array(0));
    const version = capabilities instanceof Malformed ? "" : versionText(capabilities.version);
    const reject = (reason: number): HandshakeOutcome => ({
      kind: "rejected",
      reason,
      version,
      packet: this.rejection(handshake, reason),
      streamId: streamId instanceof Malformed ? "" : streamId,
    });
    if (handshake.version < VERSION) return reject(REJECTION.version);
    if (capabilities instanceof Malformed || streamId instanceof Malformed) return reject(REJECTION.rogue);
    if (capabilities.flags & SRT_FLAG.stream) return reject(REJECTION.messageApi);
    const congestion = content(SRT_EXTENSION.congestion);
    if (congestion && readSrtText(congestion) !== "live") return reject(REJECTION.congestion);
    if (content(SRT_EXTENSION.filter)) return reject(REJECTION.filter);
    if (content(SRT_EXTENSION.group)) return reject(REJECTION.group);
    const keys = this.keysOf(content(SRT_EXTENSION.keyRequest));
    if (typeof keys === "number")
      return {
        kind: "rejected",
        reason: keys,
        streamId,
        version,
        packet: this.rejection(handshake, keys, [{ type: SRT_EXTENSION.keyResponse, content: keyState(keys) }]),
      };
    const keyAnswer = keys ? (content(SRT_EXTENSION.keyRequest)?.slice() ?? null) : null;
    return { kind: "call", call: { handshake, streamId, version, ...this.latencies(capabilities), keys, keyAnswer, timestamp } };
  }

  /** Null: neither side encrypts. A number: the reason of a rejection. */
  private keysOf(request: Uint8Array | null): SrtKeys | null | number {
    const passphrase = this.options.passphrase();
    if (!request && passphrase === "") return null;
    if (!request || passphrase === "") return REJECTION.unsecure;
    const keys = unlockKeys(request, passphrase);
    if (keys instanceof Malformed) return REJECTION.rogue;
    return keys ?? REJECTION.badSecret;
  }

  /** The longer latency of what both sides ask for, each way: section 4.4. */
  private latencies({ receiverDelayMs, senderDelayMs }: SrtCapabilities): Pick<SrtCall, "latencyMs" | "peerLatencyMs"> {
    const own = this.options.latencyMs();
    return { latencyMs: Math.max(own, senderDelayMs), peerLatencyMs: Math.max(own, receiverDelayMs) };
  }

  private isCookie(cookie: number, from: string, utc: number): boolean {
    const minute = Math.floor(utc / COOKIE_MS);
    return [minute, minute - 1].some((one) => areEqual(this.cookie(from, one), cookie));
  }

  private cookie(from: string, minute: number): number {
    return createHmac("sha256", this.options.secret).update(`srt ${from} ${minute}`).digest().readUInt32BE(0);
  }
}

function areEqual(one: number, other: number): boolean {
  return timingSafeEqual(Uint32Array.of(one), Uint32Array.of(other));
}

function packetFor({ socketId }: SrtHandshake, content: Uint8Array): Uint8Array {
  return writeSrtControl(SRT_CONTROL.handshake, 0, 0, socketId, content);
}

function keyState(reason: number): Uint8Array {
  const content = new Uint8Array(4);
  setSrtU32(content, 0, reason === REJECTION.badSecret ? SRT_KEY_STATE.badSecret : SRT_KEY_STATE.noSecret);
  return content;
}

function versionText(version: number): string {
  return `${(version >> 16) & 0xff}.${(version >> 8) & 0xff}.${version & 0xff}`;
}

/**
 * Provides one SRT connection after its handshake: draft-sharabayko-srt-01 sections 3.2 and 4. It has no clock and no socket: bytes and the time come
 * in, bytes go out.
 */
import {
  isSrtControl,
  isSrtRetransmission,
  Malformed,
  SRT_CONTROL,
  SRT_EXTENSION,
  SRT_HEADER_SIZE,
  srtControlType,
  srtInformation,
  srtKeyFlag,
  srtSequence,
  srtSubtype,
  srtTimestamp,
  writeSrtControl,
} from "@lectern/media";
import { type SrtKeys, unlockKeys } from "./encryption.ts";
import { SrtReceiver } from "./receiver.ts";
import { RoundTrip } from "./round-trip.ts";
import { SrtSender } from "./sender.ts";

export type SrtConnectionOptions = {
  /** The peer's socket. */
  readonly destination: number;
  /** In both directions. */
  readonly initialSequence: number;
  /** What this side keeps packets for, and what the peer does, milliseconds. */
  readonly latencyMs: number;
  readonly peerLatencyMs: number;
  /** Of the peer's handshake, microseconds of its clock. */
  readonly timestamp: number;
  readonly keys: SrtKeys | null;
  readonly passphrase: string;
  readonly now: number;
  readonly send: (packet: Uint8Array) => void;
  /** The payload is the receiver's own. */
  readonly onPayload: (payload: Uint8Array) => void;
  /** Once. null: the peer has closed it. */
  readonly onEnd: (reason: "closed" | "silent" | Malformed) => void;
};

export type SrtFigures = {
  readonly received: number;
  /** Packets that did not come at first, those that came again, and those that never did. */
  readonly lost: number;
  readonly retransmitted: number;
  readonly dropped: number;
  /** Milliseconds; null: not known. */
  readonly rttMs: number | null;
  readonly latencyMs: number;
  /** Packets that could not be decrypted. */
  readonly undecryptable: number;
};

/** A peer that is silent for so long is gone: as libsrt. */
const SILENT_MS = 5000;
const KEEP_ALIVE_MS = 1000;
/** libsrt sends no control packet without content. */
const PADDING = new Uint8Array(4);

export class SrtConnection {
  private readonly options: SrtConnectionOptions;
  private readonly roundTrip = new RoundTrip();
  private readonly receiver: SrtReceiver;
  private readonly sender: SrtSender;
  private readonly begun: number;
  /** Of the peer: this side goes on with those of the handshake. */
  private keys: SrtKeys | null;
  private heardAt: number;
  private sentAt: number;
  private undecryptable = 0;
  private isOver = false;
  /** Of the call that is running. */
  private now: number;

  constructor(options: SrtConnectionOptions) {
    const { initialSequence, latencyMs, peerLatencyMs, timestamp, now, destination, keys } = options;
    const { roundTrip } = this;
    this.options = options;
    this.begun = now;
    this.now = now;
    this.heardAt = now;
    this.sentAt = now;
    this.keys = keys;
    const control = (type: number, information: number, content: Uint8Array) => this.control(type, information, content);
    this.receiver = new SrtReceiver({
      initialSequence,
      latencyMs,
      timestamp,
      now,
      roundTrip,
      control,
      give: (payload) => options.onPayload(payload),
    });
    this.sender = new SrtSender({
      initialSequence,
      latencyMs: peerLatencyMs,
      destination,
      keys,
      roundTrip,
      control,
      timestamp: (at) => this.timestamp(at),
      send: (packet) => this.send(packet),
    });
  }

  get over(): boolean {
    return this.isOver;
  }

  /** Packets that were sent and are not acknowledged. */
  get unacknowledged(): number {
    return this.sender.unacknowledged;
  }

  figures(): SrtFigures {
    const { received, lost, retransmitted, dropped } = this.receiver;
    const { rtt, isMeasured } = this.roundTrip;
    const rttMs = isMeasured ? rtt : null;
    return { received, lost, retransmitted, dropped, rttMs, latencyMs: this.options.latencyMs, undecryptable: this.undecryptable };
  }

  /** Takes a packet that is for this connection. Its bytes must stay as they are. @param now milliseconds */
  take(packet: Uint8Array, now: number): void {
    if (this.isOver || packet.length < SRT_HEADER_SIZE) return;
    this.now = now;
    this.heardAt = now;
    if (!isSrtControl(packet)) return this.takeData(packet, now);
    const broken = this.takeControl(packet, packet.subarray(SRT_HEADER_SIZE), now);
    if (broken) this.end(broken);
  }

  /** To be called each 10 ms or so. @param heldMs this process was held for so long since: what has come meanwhile waits to be read */
  tick(now: number, heldMs = 0): void {
    if (this.isOver) return;
    this.now = now;
    this.heardAt += heldMs;
    this.receiver.tick(now);
    this.sender.tick(now);
    if (now - this.heardAt > SILENT_MS) return this.end("silent");
    if (now - this.sentAt >= KEEP_ALIVE_MS) this.control(SRT_CONTROL.keepAlive, 0, PADDING);
  }

  /** Sends bytes of at most 1316. False: too much is unacknowledged. */
  sendPayload(payload: Uint8Array, now: number): boolean {
    this.now = now;
    return !this.isOver && this.sender.send(payload, now);
  }

  /** Sends a control packet of the handshake, with the time of this connection. */
  sendControl(type: number, content: Uint8Array, now: number): void {
    if (this.isOver) return;
    this.now = now;
    this.control(type, 0, content);
  }

  /** Tells the peer, and ends. May be called twice. */
  close(now: number): void {
    if (this.isOver) return;
    this.now = now;
    this.control(SRT_CONTROL.shutdown, 0, PADDING);
    this.isOver = true;
  }

  private takeData(packet: Uint8Array, now: number): void {
    const sequence = srtSequence(packet);
    const keyFlag = srtKeyFlag(packet);
    const bytes = packet.subarray(SRT_HEADER_SIZE);
    const payload = keyFlag === 0 ? bytes : (this.keys?.decrypt(keyFlag, sequence, bytes) ?? null);
    // A stream that is encrypted for one of both sides only is not secret.
    if (payload === null || (keyFlag === 0 && this.keys)) {
      this.undecryptable++;
      return;
    }
    this.receiver.take(sequence, srtTimestamp(packet), payload, isSrtRetransmission(packet), now);
  }

  private takeControl(packet: Uint8Array, content: Uint8Array, now: number): Malformed | null {
    switch (srtControlType(packet)) {
      case SRT_CONTROL.ack:
        return this.takeAck(srtInformation(packet), content);
      case SRT_CONTROL.nak:
        return this.sender.missed(content, now);
      case SRT_CONTROL.ackAck:
        this.receiver.acknowledgementArrived(srtInformation(packet), srtTimestamp(packet), now);
        return null;
      case SRT_CONTROL.dropRequest:
        return this.receiver.giveUp(content);
      case SRT_CONTROL.shutdown:
        this.end("closed");
        return null;
      case SRT_CONTROL.userDefined:
        return srtSubtype(packet) === SRT_EXTENSION.keyRequest ? this.takeKeys(content) : null;
      default:
        return null;
    }
  }

  private takeAck(number: number, content: Uint8Array): Malformed | null {
    const broken = this.sender.acknowledged(content);
    // A light acknowledgement has no number, and no answer.
    if (!broken && number > 0) this.control(SRT_CONTROL.ackAck, number, PADDING);
    return broken;
  }

  /** The sender changes its keys: section 6.1.6. */
  private takeKeys(content: Uint8Array): Malformed | null {
    const { passphrase } = this.options;
    if (passphrase === "" || !this.keys) return null;
    const keys = unlockKeys(content, passphrase);
    if (keys instanceof Malformed) return keys;
    if (!keys) return new Malformed("SRT keys that were wrapped with another passphrase");
    this.keys = keys.over(this.keys);
    this.control(SRT_CONTROL.userDefined, 0, content, SRT_EXTENSION.keyResponse);
    return null;
  }

  private control(type: number, information: number, content: Uint8Array, subtype = 0): void {
    const { destination } = this.options;
    this.send(writeSrtControl(type, information, this.timestamp(this.now), destination, content, subtype));
  }

  private send(packet: Uint8Array): void {
    this.sentAt = this.now;
    this.options.send(packet);
  }

  /** Microseconds, 32 bits. */
  private timestamp(now: number): number {
    return Math.round((now - this.begun) * 1000) % 2 ** 32;
  }

  private end(reason: "closed" | "silent" | Malformed): void {
    if (this.isOver) return;
    // What the peer has sent before its goodbye is not due yet.
    this.receiver.flush();
    if (reason !== "closed") this.control(SRT_CONTROL.shutdown, 0, PADDING);
    this.isOver = true;
    this.options.onEnd(reason);
  }
}

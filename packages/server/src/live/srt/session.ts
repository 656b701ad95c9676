/** Provides one SRT client: asks for its permission, connects it, and publishes what it sends, or plays to it. */
import { Malformed, SRT_CONTROL } from "@lectern/media";
import { type Ask, newClientId } from "../../access/access.ts";
import type { Admission } from "../../access/admission.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { ClientTakes } from "../served-rendition.ts";
import { SrtConnection, type SrtFigures } from "./connection.ts";
import type { SrtDoorOptions } from "./door-options.ts";
import type { SrtCall, SrtHandshakes } from "./handshakes.ts";
import { SrtPlayback } from "./playback.ts";
import { SrtPublishing } from "./publishing.ts";
import { readStreamId, type SrtTarget, withKeyHint } from "./stream-id.ts";
import { isInTs } from "./ts-format.ts";

export type SrtPeer = { readonly address: string; readonly port: number; readonly ip: string; readonly socketId: number };

export type SrtSessionEvents = {
  /** The peer is told next. */
  readonly accepted: () => void;
  readonly refused: (action: "publish" | "play", refusal: Refusal) => void;
  /** After it was accepted, once. */
  readonly ended: () => void;
};

/** What MPEG-TS carries, and players of it decode. */
const TAKES: ClientTakes = { opus: true };

type Send = (packet: Uint8Array) => void;

export class SrtSession {
  readonly address: string;
  readonly port: number;
  readonly socketId: number;
  private readonly peer: SrtPeer;
  private readonly call: SrtCall;
  private readonly handshakes: SrtHandshakes;
  private readonly options: SrtDoorOptions;
  private readonly events: SrtSessionEvents;
  /** When the call came, milliseconds. */
  private readonly begun: number;
  private connection: SrtConnection | null = null;
  private publishing: SrtPublishing | null = null;
  private playback: SrtPlayback | null = null;
  private isOver = false;

  constructor(call: SrtCall, peer: SrtPeer, handshakes: SrtHandshakes, options: SrtDoorOptions, events: SrtSessionEvents) {
    this.address = peer.address;
    this.port = peer.port;
    this.socketId = peer.socketId;
    this.peer = peer;
    this.call = call;
    this.handshakes = handshakes;
    this.options = options;
    this.events = events;
    this.begun = options.clock.monotonic();
  }

  get figures(): SrtFigures | null {
    return this.connection?.figures() ?? null;
  }

  /** Connects the caller, or refuses it. @param line opens the way to it, once it is let in */
  async open(line: () => Promise<Send>): Promise<void> {
    const target = readStreamId(this.call.streamId, this.options.apps());
    if (target instanceof Refusal) return this.events.refused("publish", target);
    try {
      const refusal = target.action === "publish" ? await this.publish(target, line) : await this.play(target, line);
      if (refusal) this.events.refused(target.action, refusal);
      // It has lost the stream again before it was connected.
      else if (!this.connection) this.events.refused(target.action, new Refusal("conflict"));
    } catch {
      this.publishing?.stop("internal-error");
      this.events.refused(target.action, new Refusal("internal-error"));
    }
  }

  take(packet: Uint8Array, now: number): void {
    this.connection?.take(packet, now);
  }

  /** @param heldMs as `SrtConnection.tick` */
  tick(now: number, heldMs: number): void {
    this.connection?.tick(now, heldMs);
    this.publishing?.tick(now);
    this.playback?.tick();
  }

  /** The caller repeats its handshake: the answer was lost. */
  answer(now: number): void {
    this.connection?.sendControl(SRT_CONTROL.handshake, this.handshakes.accepted(this.call, this.socketId), now);
  }

  /** Ends it, and tells the peer that it is over. */
  close(reason: string): void {
    this.connection?.close(this.options.clock.monotonic());
    this.end(reason);
  }

  private async publish(target: SrtTarget, line: () => Promise<Send>): Promise<Refusal | null> {
    const { publications } = this.options.streams;
    const { app, backup } = target;
    const admission = await this.admit(target, (name) => publications.check({ app, name, backup }));
    if (admission instanceof Refusal) return target.credentials.publishKey === null ? withKeyHint(admission, target) : admission;
    const publishing = new SrtPublishing(admission, this.options.events, {
      figures: () => this.figures,
      end: (reason) => this.close(reason),
    });
    const source = { protocol: "srt", ip: this.peer.ip, agent: this.agent };
    const refusal = await publishing.open(publications, { app, backup, source });
    if (refusal) return refusal;
    this.publishing = publishing;
    this.connect(await line());
    publishing.start();
    return null;
  }

  private async play(target: SrtTarget, line: () => Promise<Send>): Promise<Refusal | null> {
    const { present, served, events } = this.options;
    const admission = await this.admit(target, (name) => present(target.app, name));
    if (admission instanceof Refusal) return admission;
    const found = await served(target.app, admission.name, TAKES);
    if (!found || !isInTs(found.stream.log.context)) {
      admission.close();
      return new Refusal(found ? "no-common-codec" : "no-such-stream");
    }
    this.connect(await line());
    if (!this.connection) {
      admission.close();
      return null;
    }
    this.playback = new SrtPlayback(
      found,
      admission,
      {
        send: (payload) => this.connection?.sendPayload(payload, this.options.clock.monotonic()) ?? false,
        unacknowledged: () => this.connection?.unacknowledged ?? 0,
        end: (reason) => this.close(reason),
      },
      events,
    );
    this.playback.start();
    return null;
  }

  private admit(target: SrtTarget, present: Parameters<Ask>[1]): Promise<Admission | Refusal> {
    const client = { ip: this.peer.ip, referer: null, userAgent: this.agent, host: null };
    return this.options.ask({ protocol: "srt", client, clientId: newClientId(), ...target }, present);
  }

  private connect(send: Send): void {
    const { handshake, timestamp, keys, latencyMs, peerLatencyMs } = this.call;
    const { begun } = this;
    if (this.isOver) return;
    this.connection = new SrtConnection({
      destination: handshake.socketId,
      initialSequence: handshake.initialSequence,
      latencyMs,
      peerLatencyMs,
      timestamp,
      keys,
      now: begun,
      send,
      passphrase: this.options.passphrase(),
      onPayload: (payload) => this.publishing?.push(payload),
      onEnd: (reason) => this.lost(reason),
    });
    this.events.accepted();
    this.answer(this.options.clock.monotonic());
  }

  /** The peer has closed the connection, is silent, or has broken the protocol. */
  private lost(reason: "closed" | "silent" | Malformed): void {
    if (!(reason instanceof Malformed)) return this.end(reason === "closed" ? "connection-closed" : reason);
    this.options.events.broken(this.peer.ip, reason.rule);
    this.end(reason.rule);
  }

  private end(reason: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.publishing?.stop(reason);
    this.publishing = null;
    this.playback?.stop();
    this.playback = null;
    if (this.connection) this.events.ended();
  }

  private get agent(): string {
    return `libsrt ${this.call.version}`;
  }
}

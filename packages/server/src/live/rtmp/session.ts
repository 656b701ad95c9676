/**
 * Provides one RTMP session: carries out the commands of a publisher or a player (Adobe RTMP 1.0 section 7.2).
 *
 *     connect ─▶ createStream ─▶ publish ─▶ messages to the ingest
 *                             └▶ play ─▶ a viewer of an output
 */

import type { Socket } from "node:net";
import {
  type AmfObject,
  type AmfValue,
  isAmfObject,
  Malformed,
  MESSAGE_TYPE,
  type RtmpMessage,
  readAmf0,
  splitAggregate,
} from "@lectern/media";
import { type Ask, newClientId } from "../../access/access.ts";
import type { Admission } from "../../access/admission.ts";
import type { CallbackEvent } from "../../access/callbacks/callback-event.ts";
import type { ClientFacts } from "../../access/credentials/client-facts.ts";
import { newId } from "../../platform/id.ts";
import { textIn } from "../../platform/messages/message.ts";
import { Refusal } from "../../platform/refusal.ts";
import { liveText } from "../live-texts.ts";
import type { ClientTakes, Served } from "../served-rendition.ts";
import { isPlayName, isStreamName } from "../stream-name.ts";
import { takesOpus } from "./client-codecs.ts";
import {
  command,
  connectResult,
  onStatus,
  peerBandwidth,
  redirectStatus,
  refusalStatus,
  setChunkSize,
  status,
  textOf,
  WINDOW_BYTES,
  windowSize,
} from "./commands.ts";
import { GREETING_TIMEOUT_MS, RtmpConnection } from "./connection.ts";
import type { RtmpDoorOptions } from "./door-options.ts";
import { MessageStreams } from "./message-streams.ts";
import { Playback } from "./playback.ts";
import { Publishing } from "./publishing.ts";
import type { ReadShared } from "./shared-reads.ts";
import { behindFormatByte } from "./source-messages.ts";
import {
  type ConnectAddress,
  loggableName,
  noSuchApp,
  readConnectAddress,
  readStreamAddress,
  type StreamTarget,
  withKeyHint,
} from "./stream-address.ts";

/** Marks a client that was redirected once, which is served here. */
const REDIRECTED = "redirected=1";

export class RtmpSession {
  private readonly socket: Socket;
  private readonly ip: string;
  private readonly options: RtmpDoorOptions;
  private readonly connection: RtmpConnection;
  /** Null until the client is connected to its app. */
  private connectedTo: ConnectAddress | null = null;
  private agent = "";
  private takes: ClientTakes = { opus: false };
  private readonly messageStreams = new MessageStreams();
  private publishing: Publishing | null = null;
  private playing: Playback | null = null;
  private readonly clientId = newClientId();
  private tcUrl = "";
  private pageUrl = "";
  /** The event by which the school's back end knows of this connection. */
  private announced: CallbackEvent | null = null;
  /** While a decision is pending: messages that were read before the socket was paused. */
  private waiting: RtmpMessage[] | null = null;
  private readonly greeting: NodeJS.Timeout;
  private goneBecause = "connection-closed";

  /** @param readShared for publishers; null: they are read by the socket's `data` */
  constructor(socket: Socket, ip: string, options: RtmpDoorOptions, readShared: ReadShared | null) {
    this.socket = socket;
    this.ip = ip;
    this.options = options;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
    // Counts from the beginning, not from the last byte, against peers that send one byte each second.
    this.greeting = setTimeout(() => this.giveUp(), GREETING_TIMEOUT_MS);
    const events = {
      onMessage: (message: RtmpMessage) => this.take(message),
      onHeard: (now: number) => this.publishing?.heard(now),
      onBroken: (rule: string) => this.broken(rule),
    };
    this.connection = new RtmpConnection(socket, events, readShared);
    socket.on("drain", () => {
      this.playing?.resume();
    });
    socket.on("error", (error) => {
      this.goneBecause = error.message;
    });
    socket.on("close", () => this.close());
  }

  private take(message: RtmpMessage): void {
    if (this.waiting) {
      // The socket is paused: only messages that were read together with the command come here.
      const { type, streamId, timestamp, payload } = message;
      this.waiting.push({ type, streamId, timestamp, payload: Uint8Array.from(payload) });
      return;
    }
    switch (message.type) {
      case MESSAGE_TYPE.command:
        return this.takeCommand(message, message.payload);
      case MESSAGE_TYPE.commandAmf3:
        return this.takeCommand(message, behindFormatByte(message.payload));
      case MESSAGE_TYPE.aggregate: {
        const parts = splitAggregate(message);
        if (parts instanceof Malformed) return this.publishing?.noteFault(parts.rule);
        for (const part of parts) this.take(part);
        return;
      }
      default:
        this.publishing?.push(message);
    }
  }

  private takeCommand(message: RtmpMessage, bytes: Uint8Array): void {
    // What stands before a value that cannot be read is enough for every command.
    const { values, malformed } = readAmf0(bytes);
    const [name, id, object, ...rest] = values;
    const isConnected = this.connectedTo !== null;
    if (malformed && !isConnected && name !== "connect") return this.broken(malformed.rule);
    if (malformed) this.publishing?.noteFault(malformed.rule);
    if (typeof name !== "string")
      return isConnected ? this.publishing?.noteFault("a command without a name") : this.broken("a command without a name");
    const transaction = typeof id === "number" ? id : 0;
    // Everything but connect needs an app to be connected to.
    if (!isConnected && name !== "connect") return this.broken(`${name.slice(0, 32)} before connect`);
    switch (name) {
      case "connect":
        return this.connect(transaction, isAmfObject(object) ? object : {});
      case "createStream":
        return this.createStream(transaction);
      case "releaseStream":
      case "FCPublish":
      case "FCSubscribe":
        return this.reply(0, "_result", transaction, null, undefined);
      case "getStreamLength":
        return this.reply(0, "_result", transaction, null, 0);
      case "publish":
        this.messageStreams.use(message.streamId);
        return this.publish(message.streamId, textOf(rest[0]));
      case "play":
        this.messageStreams.use(message.streamId);
        return this.play(message.streamId, textOf(rest[0]));
      case "pause":
        return this.playing?.pause(rest[0] === true);
      case "receiveAudio":
        return this.playing?.choose({ audio: rest[0] !== false });
      case "receiveVideo":
        return this.playing?.choose({ video: rest[0] !== false });
      case "FCUnpublish":
        return this.unpublish("unpublished");
      case "deleteStream":
        if (this.messageStreams.delete(rest[0])) this.stop();
        return;
      case "closeStream":
        return this.stop();
      default:
        return;
    }
  }

  private connect(transaction: number, object: AmfObject): void {
    if (this.connectedTo !== null) return this.broken("connect twice");
    const apps = this.options.apps();
    const address = readConnectAddress(textOf(object["app"]), textOf(object["tcUrl"]), apps);
    const { app, query } = address;
    this.agent = textOf(object["flashVer"]).slice(0, 128);
    this.connection.send(windowSize(WINDOW_BYTES), peerBandwidth(WINDOW_BYTES), setChunkSize(this.options.chunkSize));
    if (!apps.includes(app)) return this.refuseConnect(transaction, app, noSuchApp(app));
    this.tcUrl = textOf(object["tcUrl"]).slice(0, 512);
    this.pageUrl = textOf(object["pageUrl"]).slice(0, 512);
    const target = query.includes(REDIRECTED) ? null : this.options.redirectTarget(app, this.ip, this.agent);
    if (!target) return this.announce(transaction, object, address);
    this.wait();
    void target.then((other) => {
      if (other === null) return this.announce(transaction, object, address);
      const path = address.name === null ? app : `${app}/${address.name}`;
      this.turnAway(transaction, redirectStatus(`${other}/${path}?${query === "" ? "" : `${query}&`}${REDIRECTED}`));
    });
  }

  /** Asks the school's back end whether the client may connect, if that wants to be asked. */
  private announce(transaction: number, object: AmfObject, address: ConnectAddress): void {
    const { callbacks } = this.options;
    const { app, query } = address;
    if (!callbacks.wants("connect")) return this.connected(transaction, object, address);
    const { clientId, ip, tcUrl, pageUrl } = this;
    const param = query === "" ? "" : `?${query}`;
    const place = { app, name: "", ip, param, tcUrl, pageUrl };
    const event: CallbackEvent = { action: "connect", clientId, session: newId(), protocol: "rtmp", ...place };
    this.wait();
    void callbacks.ask(event).then((answer) => {
      if (answer instanceof Refusal) return this.refuseConnect(transaction, app, answer);
      this.announced = event;
      callbacks.opened(event);
      if (this.socket.destroyed) return this.close();
      this.connected(transaction, object, address);
    });
  }

  private refuseConnect(transaction: number, app: string, refusal: Refusal): void {
    this.options.events.refused("connect", "rtmp", app, this.ip, refusal);
    this.turnAway(transaction, refusalStatus("NetConnection.Connect.Rejected", refusal));
  }

  private turnAway(transaction: number, information: AmfObject): void {
    this.connection.end(command(0, this.options.chunkSize, "_error", transaction, null, information));
  }

  private connected(transaction: number, object: AmfObject, address: ConnectAddress): void {
    this.connectedTo = address;
    this.takes = { opus: takesOpus(object) };
    this.reply(0, "_result", transaction, ...connectResult(object));
    this.resume();
  }

  private createStream(transaction: number): void {
    const id = this.messageStreams.open();
    if (id === null) return this.broken("too many message streams");
    this.reply(0, "_result", transaction, null, id);
  }

  private stop(): void {
    this.unpublish("unpublished");
    this.stopPlaying();
  }

  private publish(streamId: number, address: string): void {
    if (this.publishing || this.playing || this.waiting) return this.broken("publish twice");
    const target = readStreamAddress(address, this.connectedTo, isStreamName);
    const name = target instanceof Refusal ? loggableName(address, this.connectedTo) : target.name;
    const refuse = (refusal: Refusal) => this.refuse("publish", streamId, name, "NetStream.Publish.BadName", refusal);
    if (target instanceof Refusal) return refuse(target);
    const { app, backup, credentials } = target;
    const { publications } = this.options.streams;
    this.admit("publish", target, (name) => publications.check({ app, name, backup }), {
      // Many put the key alone, or the name alone, into the field for the stream key.
      refuse: (refusal) => refuse(credentials.publishKey === null ? withKeyHint(refusal, name) : refusal),
      granted: async (admission) => {
        const publishing = new Publishing(admission, this.connection, this.options);
        const source = { protocol: "rtmp", ip: this.ip, agent: this.agent };
        const refusal = await publishing.open({ app, backup, source });
        if (refusal) return refuse(refusal);
        if (this.isOver) return publishing.abandon();
        this.publishing = publishing;
        this.connection.allowMedia();
        this.connection.whenSilent(() => this.giveUp());
        publishing.start(streamId);
        this.resume();
      },
    });
  }

  /** Asks for permission. Nothing is read meanwhile. */
  private admit(
    action: "publish" | "play",
    target: StreamTarget,
    present: Parameters<Ask>[1],
    then: { readonly refuse: (refusal: Refusal) => void; readonly granted: (admission: Admission) => void | Promise<void> },
  ): void {
    clearTimeout(this.greeting);
    this.wait();
    const { clientId, tcUrl } = this;
    this.options
      .ask({ action, protocol: "rtmp", client: this.client, clientId, tcUrl, ...target }, present)
      .then((admission) => {
        if (admission instanceof Refusal) return then.refuse(admission);
        if (this.isOver) return admission.close();
        return then.granted(admission);
      })
      .catch((error: unknown) => {
        this.goneBecause = String(error);
        this.socket.destroy();
      });
  }

  /** Reads nothing until a decision is made. */
  private wait(): void {
    this.waiting ??= [];
    this.socket.pause();
  }

  private resume(): void {
    const messages = this.waiting ?? [];
    this.waiting = null;
    this.socket.resume();
    for (const message of messages) if (!this.isOver) this.take(message);
  }

  private get isOver(): boolean {
    return this.socket.destroyed || this.connection.ended;
  }

  private get client(): ClientFacts {
    const { ip, tcUrl, pageUrl, agent } = this;
    const host = URL.canParse(tcUrl) ? new URL(tcUrl).hostname : null;
    return { ip, referer: pageUrl || null, userAgent: agent || null, host };
  }

  private unpublish(reason: string): void {
    const { publishing } = this;
    this.publishing = null;
    publishing?.stop(reason);
  }

  private play(streamId: number, address: string): void {
    if (this.publishing || this.playing || this.waiting) return this.broken("play twice");
    const target = readStreamAddress(address, this.connectedTo, isPlayName);
    const name = target instanceof Refusal ? loggableName(address, this.connectedTo) : target.name;
    const refuse = (refusal: Refusal) => this.refusePlay(streamId, name, refusal);
    if (target instanceof Refusal) return refuse(target);
    const { served, present } = this.options;
    this.admit("play", target, (name) => present(target.app, name), {
      refuse,
      granted: async (admission) => {
        const found = await served(target.app, admission.name, this.takes);
        if (found && !this.isOver) return this.played(found, admission, streamId);
        admission.close();
        refuse(new Refusal("no-such-stream"));
      },
    });
  }

  private played(found: Served, admission: Admission, streamId: number): void {
    this.playing = new Playback(found, admission, streamId, this.socket, this.connection, this.options);
    this.playing.start();
    this.resume();
  }

  private stopPlaying(): void {
    this.playing?.stop();
    this.playing = null;
  }

  private refusePlay(streamId: number, name: string, refusal: Refusal): void {
    const code = refusal.code === "no-such-stream" ? "NetStream.Play.StreamNotFound" : "NetStream.Play.Failed";
    this.refuse("play", streamId, name, code, refusal);
  }

  private refuse(what: "publish" | "play", streamId: number, name: string, code: string, refusal: Refusal): void {
    this.options.events.refused(what, "rtmp", `${this.connectedTo?.app}/${name}`, this.ip, refusal, this.agent);
    this.connection.end(onStatus(streamId, this.options.chunkSize, refusalStatus(code, refusal)));
  }

  private reply(streamId: number, ...values: readonly AmfValue[]): void {
    this.connection.send(command(streamId, this.options.chunkSize, ...values));
  }

  /** The peer has broken the protocol: it is told which rule. */
  private broken(rule: string): void {
    if (this.connection.ended) return;
    this.options.events.broken(this.ip, rule);
    const refusal = new Refusal("bad-request", liveText("protocol-broken", { rule }));
    this.publishing?.noteEnd(refusal, this.agent);
    this.dismiss(rule, `bad-request: ${rule}.`);
  }

  private giveUp(): void {
    this.dismiss("silent", `silent: ${textIn("en", liveText("ended-silent"))}`);
  }

  /** Ends the connection. @param description for the person at the client: a stable code and words */
  private dismiss(reason: string, description: string): void {
    const { publishing } = this;
    const { chunkSize } = this.options;
    this.goneBecause = reason;
    this.publishing = null;
    publishing?.fail(reason, description);
    if (this.connectedTo) this.connection.end(onStatus(0, chunkSize, status("error", "NetConnection.Connect.Closed", description)));
    else this.turnAway(1, status("error", "NetConnection.Connect.Rejected", description));
  }

  private close(): void {
    clearTimeout(this.greeting);
    const isLate = this.goneBecause === "silent" && this.socket.bytesRead > 0;
    if (this.connectedTo === null) this.options.events.unheard(this.ip, isLate ? "slow" : "empty-connection", "RTMP");
    this.unpublish(this.goneBecause);
    this.stopPlaying();
    const { announced } = this;
    this.announced = null;
    if (announced) this.options.callbacks.closed(announced);
  }
}

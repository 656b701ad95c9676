/**
 * One RTMP session: the commands of a publisher or a player (Adobe RTMP 1.0 section 7.2) and what follows from them.
 *
 *     connect ─▶ createStream ─▶ publish ─▶ messages to the ingest
 *                             └▶ play ─▶ a viewer of an output
 */

import type { Socket } from "node:net";
import {
  type AmfObject,
  type AmfValue,
  decodeAmf0,
  isAmfObject,
  Malformed,
  MESSAGE_TYPE,
  type RtmpMessage,
  splitAggregate,
} from "@lectern/media";
import { type Ask, newClientId } from "../../access/access.ts";
import type { Admission } from "../../access/admission.ts";
import type { CallbackEvent } from "../../access/callbacks/callback-event.ts";
import type { Callbacks } from "../../access/callbacks/callbacks.ts";
import { type Credentials, credentialsOf, rtmpParameters } from "../../access/credentials/credentials.ts";
import { Refusal } from "../../platform/refusal.ts";
import { liveText } from "../live-messages.ts";
import { isStreamName } from "../stream-name.ts";
import type { Publisher, Stream, Streams } from "../streams/index.ts";
import {
  command,
  onStatus,
  peerBandwidth,
  redirectStatus,
  refusalStatus,
  setChunkSize,
  status,
  streamBegin,
  WINDOW_BYTES,
  windowSize,
} from "./commands.ts";
import { GREETING_TIMEOUT_MS, RtmpConnection } from "./connection.ts";
import { Playback } from "./playback.ts";
import { toSourceMessage } from "./source-messages.ts";

/** A publisher that says nothing for so long is gone, whatever TCP believes. */
const PUBLISHER_TIMEOUT_MS = 20_000;
/** Whoever was redirected stays where it was sent. */
const REDIRECTED = "redirected=1";
/** Message streams that one connection may open. */
const MAX_MESSAGE_STREAMS = 16;

export type RtmpDoorOptions = {
  readonly streams: Streams;
  readonly ask: Ask;
  /** Asked about each connection, beside what it is for. */
  readonly callbacks: Pick<Callbacks, "wants" | "ask" | "opened" | "closed">;
  readonly apps: () => readonly string[];
  readonly chunkSize: number;
  readonly batchMs: () => number;
  /** Null when one more viewer can be taken. */
  readonly admitViewer: () => Refusal | null;
  /** Where a client that follows a redirect is better served: the beginning of an address, or null for here. Null: it does not follow. */
  readonly elsewhere: (app: string, ip: string, agent: string) => Promise<string | null> | null;
  readonly events: RtmpDoorEvents;
};

/** What happened, for log and metrics. */
export type RtmpDoorEvents = {
  readonly refused: (what: "publish" | "play" | "connect", protocol: string, stream: string, ip: string, refusal: Refusal) => void;
  readonly broken: (ip: string, rule: string) => void;
  readonly publishing: (publication: Publisher) => void;
  readonly unpublished: (publication: Publisher, reason: string) => void;
  readonly joined: (protocol: string, seconds: number) => void;
};

type Target = { readonly app: string; readonly name: string; readonly backup: boolean; readonly credentials: Credentials };

export class RtmpSession {
  private readonly socket: Socket;
  private readonly ip: string;
  private readonly options: RtmpDoorOptions;
  private readonly connection: RtmpConnection;
  private app: string | null = null;
  private connectQuery = "";
  private agent = "";
  private messageStreams = 0;
  private publication: Publisher | null = null;
  private playing: Playback | null = null;
  /** The permission to publish. */
  private admission: Admission | null = null;
  private readonly clientId = newClientId();
  private tcUrl = "";
  private pageUrl = "";
  /** The school's own system knows of this connection. */
  private announced: CallbackEvent | null = null;
  /** While a decision is waited for: what had been read before the socket was paused. */
  private waiting: RtmpMessage[] | null = null;
  private readonly greeting: NodeJS.Timeout;
  private goneBecause = "connection-closed";

  constructor(socket: Socket, ip: string, options: RtmpDoorOptions) {
    this.socket = socket;
    this.ip = ip;
    this.options = options;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
    // From the beginning, not from the last byte: a peer that sends one byte each second is no player either.
    this.greeting = setTimeout(() => this.giveUp(), GREETING_TIMEOUT_MS);
    socket.on("timeout", () => this.giveUp());
    this.connection = new RtmpConnection(socket, {
      onMessage: (message) => this.take(message),
      onHeard: () => this.publication?.heard(performance.now()),
      onBroken: (rule) => this.broken(rule),
    });
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
      // Only what had been read with the command comes here, since the socket is paused.
      this.waiting.push({ ...message, payload: Uint8Array.from(message.payload) });
      return;
    }
    switch (message.type) {
      case MESSAGE_TYPE.command:
        return this.takeCommand(message, message.payload);
      case MESSAGE_TYPE.commandAmf3:
        return this.takeCommand(message, message.payload.subarray(1));
      case MESSAGE_TYPE.aggregate: {
        const parts = splitAggregate(message);
        if (parts instanceof Malformed) return this.broken(parts.rule);
        for (const part of parts) this.take(part);
        return;
      }
      default:
        return this.takeMedia(message);
    }
  }

  private takeMedia(message: RtmpMessage): void {
    const { publication } = this;
    if (!publication) return;
    const source = toSourceMessage(message);
    const broken = source instanceof Malformed ? source : source && publication.push(source);
    if (broken) this.broken(broken.rule);
  }

  private takeCommand(message: RtmpMessage, bytes: Uint8Array): void {
    const values = decodeAmf0(bytes);
    if (values instanceof Malformed) return this.broken(values.rule);
    const [name, id, object, ...rest] = values;
    if (typeof name !== "string") return this.broken("a command without a name");
    const transaction = typeof id === "number" ? id : 0;
    // Everything but connect needs an app to be connected to.
    if (this.app === null && name !== "connect") return this.broken(`${name.slice(0, 32)} before connect`);
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
        return this.publish(message.streamId, text(rest[0]));
      case "play":
        return this.play(message.streamId, text(rest[0]));
      case "pause":
        return this.playing?.pause(rest[0] === true);
      case "receiveAudio":
        return this.playing?.choose({ audio: rest[0] !== false });
      case "receiveVideo":
        return this.playing?.choose({ video: rest[0] !== false });
      case "FCUnpublish":
        return this.unpublish("unpublished");
      case "closeStream":
      case "deleteStream":
        this.unpublish("unpublished");
        return this.stopPlaying();
      default:
        return;
    }
  }

  private connect(transaction: number, object: AmfObject): void {
    if (this.app !== null) return this.broken("connect twice");
    // Some encoders put the key behind the app: rtmp://host/live?key=… with the name alone as the stream key.
    const [path = "", query = ""] = text(object["app"]).split("?", 2);
    const app = path.replace(/\/+$/, "");
    this.connectQuery = query;
    this.agent = text(object["flashVer"]).slice(0, 128);
    this.connection.send(windowSize(WINDOW_BYTES), peerBandwidth(WINDOW_BYTES), setChunkSize(this.options.chunkSize));
    if (!this.options.apps().includes(app))
      return this.refuseConnect(transaction, app, new Refusal("not-found", liveText("no-such-app", { app: app.slice(0, 64) })));
    this.tcUrl = text(object["tcUrl"]).slice(0, 512);
    this.pageUrl = text(object["pageUrl"]).slice(0, 512);
    const elsewhere = query.includes(REDIRECTED) ? null : this.options.elsewhere(app, this.ip, this.agent);
    if (!elsewhere) return this.announce(transaction, object, app, query);
    this.wait();
    void elsewhere.then((address) => {
      if (address === null) return this.announce(transaction, object, app, query);
      this.turnAway(transaction, redirectStatus(`${address}/${app}?${query === "" ? "" : `${query}&`}${REDIRECTED}`));
    });
  }

  /** Lets the school's own system say whether this may be connected, where it wants to. */
  private announce(transaction: number, object: AmfObject, app: string, query: string): void {
    const { callbacks } = this.options;
    if (!callbacks.wants("connect")) return this.connected(transaction, object, app);
    const { clientId, ip, tcUrl, pageUrl } = this;
    const param = query === "" ? "" : `?${query}`;
    const event: CallbackEvent = { action: "connect", clientId, protocol: "rtmp", app, name: "", ip, param, tcUrl, pageUrl };
    this.wait();
    void callbacks.ask(event).then((answer) => {
      if (answer instanceof Refusal) return this.refuseConnect(transaction, app, answer);
      this.announced = event;
      callbacks.opened(event);
      if (this.socket.destroyed) return this.close();
      this.connected(transaction, object, app);
    });
  }

  private refuseConnect(transaction: number, app: string, refusal: Refusal): void {
    this.options.events.refused("connect", "rtmp", app, this.ip, refusal);
    this.turnAway(transaction, refusalStatus("NetConnection.Connect.Rejected", refusal));
  }

  private turnAway(transaction: number, information: AmfObject): void {
    this.reply(0, "_error", transaction, null, information);
    this.socket.end();
    setTimeout(() => this.socket.destroy(), 2000).unref();
  }

  private connected(transaction: number, object: AmfObject, app: string): void {
    this.app = app;
    const information: Record<string, AmfValue> = {
      ...status("status", "NetConnection.Connect.Success", "Connected."),
      objectEncoding: object["objectEncoding"] ?? 0,
    };
    const properties: Record<string, AmfValue> = { fmsVer: "FMS/3,5,7,7009", capabilities: 31, mode: 1 };
    // Enhanced RTMP v1 and v2, "Enhancing NetConnection connect Command": what is asked for is carried, whatever it is.
    if (object["fourCcList"] !== undefined) properties["fourCcList"] = object["fourCcList"];
    for (const key of ["videoFourCcInfoMap", "audioFourCcInfoMap"]) if (object[key] !== undefined) properties[key] = object[key];
    this.reply(0, "_result", transaction, properties, information);
    this.goOn();
  }

  private createStream(transaction: number): void {
    if (this.messageStreams >= MAX_MESSAGE_STREAMS) return this.broken("too many message streams");
    this.reply(0, "_result", transaction, null, ++this.messageStreams);
  }

  private publish(streamId: number, address: string): void {
    if (this.publication || this.playing || this.waiting) return this.broken("publish twice");
    const refuse = (refusal: Refusal) => this.refuse("publish", streamId, address, "NetStream.Publish.BadName", refusal);
    const target = this.target(address);
    if (target instanceof Refusal) return refuse(target);
    const { streams } = this.options;
    this.admit(
      "publish",
      target,
      async (name) =>
        !target.backup && (await streams.occupancy(target.app, name)) === "main" ? new Refusal("publisher-present") : null,
      {
        refuse,
        granted: async (admission) => {
          const granted = await this.claim(target.app, admission.name, target.backup);
          if (granted instanceof Refusal) {
            admission.close();
            return refuse(granted);
          }
          if (this.socket.destroyed) {
            granted.close();
            admission.close();
            return;
          }
          this.published(granted, admission, streamId);
        },
      },
    );
  }

  private published(publication: Publisher, admission: Admission, streamId: number): void {
    this.publication = publication;
    this.admission = admission;
    this.connection.allowMedia();
    this.socket.setTimeout(PUBLISHER_TIMEOUT_MS);
    this.options.events.publishing(publication);
    this.connection.send(
      streamBegin(streamId),
      this.onStatus(streamId, status("status", "NetStream.Publish.Start", "Your picture reaches the students.")),
    );
    admission.onWithdrawn(({ code }) => publication.end(code));
    this.goOn();
  }

  /** Asks for permission; nothing is read meanwhile. */
  private admit(
    action: "publish" | "play",
    target: Target,
    present: Parameters<Ask>[1],
    then: { readonly refuse: (refusal: Refusal) => void; readonly granted: (admission: Admission) => void | Promise<void> },
  ): void {
    clearTimeout(this.greeting);
    this.wait();
    const { ip, clientId, tcUrl, pageUrl } = this;
    this.options
      .ask({ action, protocol: "rtmp", ip, clientId, tcUrl, pageUrl, ...target }, present)
      .then((admission) => {
        if (admission instanceof Refusal) return then.refuse(admission);
        if (this.socket.destroyed) return admission.close();
        return then.granted(admission);
      })
      .catch((error: unknown) => {
        this.goneBecause = String(error);
        this.socket.destroy();
      });
  }

  /** Nothing is read until somebody has decided. */
  private wait(): void {
    this.waiting ??= [];
    this.socket.pause();
  }

  private goOn(): void {
    const messages = this.waiting ?? [];
    this.waiting = null;
    this.socket.resume();
    for (const message of messages) if (!this.socket.destroyed) this.take(message);
  }

  private async claim(app: string, name: string, backup: boolean): Promise<Publisher | Refusal> {
    const { streams } = this.options;
    const source = { protocol: "rtmp", ip: this.ip, agent: this.agent };
    const revoked = (reason: string): void => {
      this.goneBecause = reason;
      this.connection.send(this.onStatus(1, status("status", "NetStream.Unpublish.Success", `${reason}: The stream was ended.`)));
      this.socket.end();
      setTimeout(() => this.socket.destroy(), 2000).unref();
    };
    if (backup) return streams.standBy(app, name, source, "backup", revoked);
    if ((await streams.occupancy(app, name)) === "backup") return streams.standBy(app, name, source, "returning", revoked);
    return await streams.publish(app, name, source, revoked);
  }

  private unpublish(reason: string): void {
    const { publication } = this;
    if (!publication) return;
    this.publication = null;
    this.admission?.close();
    const open = !publication.closed;
    publication.close();
    this.options.events.unpublished(publication, open ? reason : this.goneBecause);
    if (open && this.socket.writable) {
      this.connection.send(this.onStatus(1, status("status", "NetStream.Unpublish.Success", "Stopped.")));
    }
  }

  private play(streamId: number, address: string): void {
    if (this.publication || this.playing || this.waiting) return this.broken("play twice");
    const refuse = (refusal: Refusal) => this.refusePlay(streamId, address, refusal);
    const target = this.target(address);
    if (target instanceof Refusal) return refuse(target);
    const { streams, admitViewer } = this.options;
    const present = (name: string) => (streams.find(target.app, name) ? admitViewer() : new Refusal("no-such-stream"));
    this.admit("play", target, present, {
      refuse,
      granted: (admission) => {
        const stream = streams.find(target.app, admission.name);
        if (stream) return this.played(stream, admission, streamId);
        admission.close();
        refuse(new Refusal("no-such-stream"));
      },
    });
  }

  private played(stream: Stream, admission: Admission, streamId: number): void {
    this.playing = new Playback(stream, admission, streamId, this.socket, this.connection, this.options);
    this.playing.start();
    this.goOn();
  }

  private stopPlaying(): void {
    this.playing?.stop();
    this.playing = null;
  }

  private refusePlay(streamId: number, address: string, refusal: Refusal): void {
    const code = refusal.code === "no-such-stream" ? "NetStream.Play.StreamNotFound" : "NetStream.Play.Failed";
    this.refuse("play", streamId, address, code, refusal);
  }

  private refuse(what: "publish" | "play", streamId: number, address: string, code: string, refusal: Refusal): void {
    this.options.events.refused(what, "rtmp", `${this.app}/${address.split("?")[0]?.slice(0, 128)}`, this.ip, refusal);
    this.connection.send(this.onStatus(streamId, refusalStatus(code, refusal)));
    this.socket.end();
    setTimeout(() => this.socket.destroy(), 2000).unref();
  }

  /** What an address behind `publish` or `play` means. */
  private target(address: string): Target | Refusal {
    const [path = "", own = ""] = address.split("?", 2);
    // Flash players put the container before the name.
    const name = path.replace(/^(flv|mp4):/, "");
    if (!isStreamName(name)) return new Refusal("bad-request", liveText("stream-name"));
    const query = rtmpParameters(own, this.connectQuery);
    return { app: this.app ?? "", name, backup: query.get("backup") === "1", credentials: credentialsOf(query) };
  }

  private onStatus(streamId: number, information: AmfObject): Uint8Array {
    return onStatus(streamId, this.options.chunkSize, information);
  }

  private reply(streamId: number, ...values: readonly AmfValue[]): void {
    this.connection.send(command(streamId, this.options.chunkSize, ...values));
  }

  private broken(rule: string): void {
    this.goneBecause = rule;
    this.options.events.broken(this.ip, rule);
    this.socket.destroy();
  }

  private giveUp(): void {
    this.goneBecause = "silent";
    this.socket.destroy();
  }

  private close(): void {
    clearTimeout(this.greeting);
    this.unpublish(this.goneBecause);
    this.stopPlaying();
    const { announced } = this;
    this.announced = null;
    if (announced) this.options.callbacks.closed(announced);
  }
}

function text(value: AmfValue): string {
  return typeof value === "string" ? value : "";
}

/**
 * Provides one publisher by WebSocket: reads its FLV tags into the publish session, tells it how far it was read, asks it for key frames, and closes
 * it when it is silent, breaks the protocol or loses the stream.
 */
import type { Socket } from "node:net";
import { type Malformed, readWholeTags } from "@lectern/media";
import type { WebSocket } from "ws";
import type { Admission } from "../../access/admission.ts";
import type { Language } from "../../platform/messages/language.ts";
import { textIn } from "../../platform/messages/message.ts";
import { Refusal } from "../../platform/refusal.ts";
import { liveText } from "../live-texts.ts";
import { toSourceMessage } from "../rtmp/source-messages.ts";
import type { PublishRequest, PublishSession, Streams } from "../streams/index.ts";
import { problemText } from "../undecodable.ts";
import { breakOff, dismiss, refuse, send } from "./answers.ts";
import { ReadingBudget } from "./reading-budget.ts";

/** Events for log and metrics. */
export type PublisherEvents = {
  readonly refused: (what: "publish", protocol: string, stream: string, ip: string, refusal: Refusal, agent?: string) => void;
  readonly broken: (ip: string, rule: string) => void;
  readonly publishing: (session: PublishSession) => void;
  readonly unpublished: (session: PublishSession, reason: string) => void;
};

export type PublisherConnectionOptions = {
  readonly webSocket: WebSocket;
  readonly socket: Socket;
  /** Given back when the connection ends. */
  readonly admission: Admission;
  readonly publications: Pick<Streams["publications"], "open">;
  readonly request: Pick<PublishRequest, "app" | "backup" | "takeOver" | "source">;
  readonly language: Language;
  readonly events: PublisherEvents;
  /** Monotonic milliseconds. */
  readonly now: () => number;
};

/** The first frame has to come within this; later on, a publisher that is silent for longer than the second is gone. */
const SILENT_MS = { first: 10_000, later: 20_000 } as const;
/**
 * A publisher is told how far it was read after so many bytes, or so long. A candidate's camera has a fifth of that in a quarter of a second, and a thousand of
 * them would be told four thousand times a second.
 */
const REPORT = { bytes: 16 * 1024, ms: 900 } as const;
/** A picture without a key frame for so long is asked for one, and asked again after the second time. */
const KEY_FRAME_MS = { wanted: 10_000, again: 1000 } as const;

export class PublisherConnection {
  private readonly options: PublisherConnectionOptions;
  private readonly budget: ReadingBudget;
  private session: PublishSession | null = null;
  private withdrawn: Refusal | null = null;
  private goneBecause = "connection-closed";
  private isOver = false;
  private heardAt: number;
  private hasFrame = false;
  private keyAt: number | null = null;
  private keyRequestedAt = Number.NEGATIVE_INFINITY;
  private timestamp: number | null = null;
  private bytes = 0;
  private reported = { bytes: 0, at: Number.NEGATIVE_INFINITY };

  constructor(options: PublisherConnectionOptions) {
    const { webSocket } = options;
    this.options = options;
    this.heardAt = options.now();
    this.budget = new ReadingBudget(this.heardAt);
    // Nothing is read until the stream is granted.
    webSocket.pause();
    webSocket.on("message", (data, isBinary) => this.receive(data, isBinary));
    webSocket.on("ping", (data) => this.answerPing(data));
    webSocket.on("error", (error) => {
      this.goneBecause = error.message;
      // The library has found a frame that is too large or breaks the protocol. A socket that is reset comes here as well, with a code of the system.
      if ("code" in error && String(error.code).startsWith("WS_ERR_"))
        options.events.broken(options.request.source.ip, error.message);
      webSocket.terminate();
    });
    webSocket.on("close", () => this.close());
  }

  /** Opens the publish session, and begins to read. */
  async start(): Promise<void> {
    const { webSocket, admission, publications, request, language, events } = this.options;
    const session = await publications.open({
      ...request,
      name: admission.name,
      onRevoked: (reason) => this.revoked(reason),
      onProblem: (track, problem) =>
        send(webSocket, { kind: "problem", track, problem, detail: textIn(language, problemText(problem)) }),
      onKeyFrameWanted: () => this.askForKeyFrame(this.options.now()),
    });
    if (session instanceof Refusal) {
      admission.close();
      events.refused("publish", "ws", `${request.app}/${admission.name}`, request.source.ip, session, request.source.agent);
      this.isOver = true;
      return refuse(webSocket, session, language);
    }
    if (this.isOver) return session.close();
    this.session = session;
    this.heardAt = this.options.now();
    events.publishing(session);
    send(webSocket, { kind: "started" });
    admission.onWithdrawn((refusal) => {
      this.withdrawn = refusal;
      session.end(refusal.code);
    });
    webSocket.resume();
  }

  /** Tells how far it was read, where that is due and it reads that. Ends the connection when the publisher is silent. To be called a few times a second. */
  report(): void {
    const { session, timestamp, bytes } = this;
    const { webSocket, socket, now } = this.options;
    if (!session || this.isOver) return;
    const at = now();
    if (at - this.heardAt > (this.hasFrame ? SILENT_MS.later : SILENT_MS.first)) return this.giveUp();
    const isDue = bytes - this.reported.bytes >= REPORT.bytes || at - this.reported.at >= REPORT.ms;
    if (!isDue || socket.writableLength > 0) return;
    this.reported = { bytes, at };
    send(webSocket, { kind: "received", timestamp, bytes });
  }

  private giveUp(): void {
    const { webSocket, language } = this.options;
    this.goneBecause = "silent";
    this.close();
    dismiss(webSocket, "silent", language);
  }

  private receive(data: unknown, isBinary: boolean): void {
    // The library gives messages as buffers.
    if (this.isOver || !this.session || !Buffer.isBuffer(data)) return;
    if (!isBinary) return this.broken("a text message of a publisher");
    const now = this.options.now();
    this.bytes += data.length;
    this.heardAt = now;
    this.session.heard(now);
    let broken: Malformed | null = null;
    const cut = readWholeTags(data, ({ type, timestamp, body }) => {
      broken = this.take(type, timestamp, body, now);
      return broken === null && !this.isOver;
    });
    const rule: Malformed | null = broken ?? cut;
    if (rule) return this.broken(rule.rule);
    this.spend(data.length, now);
  }

  private take(type: number, timestamp: number, body: Uint8Array, now: number): Malformed | null {
    const message = toSourceMessage({ type, streamId: 0, timestamp, payload: body });
    this.timestamp = timestamp;
    if (!message) return null;
    if (message.kind === "frame") {
      this.hasFrame = true;
      if (message.track === "video") this.noteKeyFrames(message.key, now);
    }
    return this.session?.push(message) ?? null;
  }

  private noteKeyFrames(isKey: boolean, now: number): void {
    if (isKey) this.keyAt = now;
    else if (this.keyAt === null || now - this.keyAt > KEY_FRAME_MS.wanted) this.askForKeyFrame(now);
  }

  private askForKeyFrame(now: number): void {
    const { webSocket, socket } = this.options;
    // A viewer of WebRTC may want one before the publisher has heard that it may begin.
    if (!this.session || this.isOver) return;
    if (now - this.keyRequestedAt < KEY_FRAME_MS.again || socket.writableLength > 0) return;
    this.keyRequestedAt = now;
    send(webSocket, { kind: "key-frame" });
  }

  /** A flood of pings counts as one of messages, and is answered only as fast as the answers are read. */
  private answerPing(data: Buffer): void {
    const { webSocket, socket, now } = this.options;
    if (socket.writableLength === 0 && webSocket.readyState === webSocket.OPEN) webSocket.pong(data);
    this.spend(data.length, now());
  }

  private spend(bytes: number, now: number): void {
    const { webSocket } = this.options;
    const waitMs = this.budget.spend(bytes, now);
    if (waitMs === 0 || webSocket.isPaused) return;
    webSocket.pause();
    setTimeout(() => webSocket.resume(), waitMs).unref();
  }

  private broken(rule: string): void {
    const { webSocket, events, request } = this.options;
    const { ip, agent } = request.source;
    const name = `${request.app}/${this.options.admission.name}`;
    this.goneBecause = rule;
    events.broken(ip, rule);
    events.refused("publish", "ws", name, ip, new Refusal("bad-request", liveText("protocol-broken", { rule })), agent);
    this.close();
    breakOff(webSocket, rule);
  }

  private revoked(reason: string): void {
    const { webSocket, language } = this.options;
    this.goneBecause = reason;
    this.close();
    if (this.withdrawn) refuse(webSocket, this.withdrawn, language);
    else dismiss(webSocket, reason, language);
  }

  /** The publisher is gone. May be called twice. */
  private close(): void {
    if (this.isOver) return;
    this.isOver = true;
    const { session } = this;
    this.options.admission.close();
    if (!session) return;
    session.close();
    this.options.events.unpublished(session, this.goneBecause);
  }
}

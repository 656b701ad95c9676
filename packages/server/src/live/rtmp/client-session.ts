/**
 * Provides the commands of a client of another RTMP server (Adobe RTMP 1.0 section 7.2), in the order of ffmpeg and OBS:
 *
 *     connect ─▶ createStream ─▶ play
 *             └▶ releaseStream, FCPublish, createStream ─▶ publish
 */
import {
  type AmfObject,
  type AmfValue,
  ByteReader,
  DEFAULT_CHUNK_SIZE,
  decodeAmf0,
  isAmfObject,
  Malformed,
  MESSAGE_TYPE,
  type RtmpMessage,
  splitAggregate,
  USER_CONTROL,
} from "@lectern/media";
import type { JobProblem } from "../../contracts/jobs/job-report.ts";
import type { Clock } from "../../platform/clock.ts";
import type { ClientConnection } from "./client-connection.ts";
import { type ClientRefusal, refusalProblem } from "./client-refusals.ts";
import { type ClientTarget, withoutSecrets } from "./client-target.ts";
import { command, pong, setBufferLength, setChunkSize, WINDOW_BYTES, windowSize } from "./commands.ts";

/** Of all that a client sends: what OBS takes. */
export const CLIENT_CHUNK_SIZE = 4096;
/** Numbers of the commands that a server answers. */
const TRANSACTION = { connect: 1, releaseStream: 2, fcPublish: 3, createStream: 4, play: 5, publish: 5 } as const;
/** Milliseconds that a server may send ahead, which old servers want to be told. */
const PLAY_BUFFER_MS = 3000;
/** `play` a live stream, or a recorded one if there is none of the name: section 7.2.2.1. */
const LIVE_OR_RECORDED = -2000;
/** Enhanced RTMP, "Enhancing NetConnection connect Command": codecs that are taken and sent besides the classic ones. */
const FOURCC_LIST = ["hvc1", "av01", "vp09", "Opus"];
/** Servers take these for players and encoders that they know: the names of ffmpeg's. */
const AGENT = { play: "LNX 9,0,124,2", publish: "FMLE/3.0 (compatible; Lectern)" } as const;
/** What a player of Flash can play, in the flags of section 7.2.1.1. */
const PLAYER: AmfObject = { fpad: false, capabilities: 15, audioCodecs: 4071, videoCodecs: 252, videoFunction: 1 };
/** Statuses that end a stream which is played or published. */
const ENDS = new Set([
  "NetStream.Play.UnpublishNotify",
  "NetStream.Play.Stop",
  "NetStream.Play.Complete",
  "NetStream.Unpublish.Success",
  "NetConnection.Connect.Closed",
]);
/** A stream that the server has ended begins again within this, or is over. */
const OVER_MS = 2000;
/** A server that hangs up so soon does not want what is published. */
const SOON_MS = 5000;
/** Codes have no room for secrets. */
const CODE = /^[A-Za-z.]{1,64}$/;
/** Data messages to a player that are no part of the stream. */
const SERVER_DATA = new Set(["|RtmpSampleAccess", "onStatus"]);

export type ClientSessionOptions = {
  readonly target: ClientTarget;
  /** Put behind the app, by which the server knows the user. */
  readonly query: string;
  readonly intent: "play" | "publish";
  readonly connection: Pick<ClientConnection, "send" | "reply" | "close" | "expect" | "endIn" | "allowMedia">;
  readonly clock: Clock;
  readonly onReady: (streamId: number) => void;
  readonly onMessage: (message: RtmpMessage) => void;
  /** @param said why `connect` was refused, in the server's own words, which may have secrets in them */
  readonly onEnd: (problem: JobProblem, said?: string) => void;
};

export class ClientSession {
  private readonly options: ClientSessionOptions;
  /** The last command that the server has yet to answer; null when it plays or takes what is published. */
  private asked: ClientRefusal["asked"] | null = "connect";
  private streamId = 0;
  /** The server has ended the stream, and may begin again. */
  private isOver = false;
  /** Monotonic milliseconds; null before. */
  private readyAt: number | null = null;

  constructor(options: ClientSessionOptions) {
    this.options = options;
  }

  /** Hands are shaken. */
  start(): void {
    const { connection, target, query, intent } = this.options;
    connection.expect("answer connect");
    connection.send(
      command(0, DEFAULT_CHUNK_SIZE, "connect", TRANSACTION.connect, {
        app: target.app + query,
        ...(intent === "publish" ? { type: "nonprivate" } : PLAYER),
        flashVer: AGENT[intent],
        tcUrl: target.tcUrl + query,
        fourCcList: FOURCC_LIST,
      }),
    );
  }

  take(message: RtmpMessage): void {
    switch (message.type) {
      case MESSAGE_TYPE.command:
        return this.takeCommand(message.payload);
      case MESSAGE_TYPE.commandAmf3:
        return this.takeCommand(message.payload.subarray(1));
      case MESSAGE_TYPE.aggregate: {
        const parts = splitAggregate(message);
        if (parts instanceof Malformed) return this.broken(parts);
        for (const part of parts) this.takeMedia(part);
        return;
      }
      case MESSAGE_TYPE.userControl:
        return this.takeControl(new ByteReader(message.payload));
      default:
        return this.takeMedia(message);
    }
  }

  /** Why the connection's end is one for the caller, who knows what the server was asked for. */
  endOf(problem: JobProblem): JobProblem {
    const { asked, readyAt } = this;
    const { intent, clock } = this.options;
    if (problem.code !== "ended") return problem;
    // nginx-rtmp, among others, accepts every publisher before it looks at the key.
    const isSoon = intent === "publish" && readyAt !== null && clock.monotonic() - readyAt < SOON_MS;
    if (isSoon)
      return { code: "ended", detail: "The server closed the connection soon after it took the stream: is the key right?" };
    if (asked === null) return problem;
    if (asked === "connect") return { code: "unreachable", detail: problem.detail };
    // Many services say no to a wrong key in this way.
    return {
      code: "bad-credential",
      detail: `The server closed the connection instead of answering to ${asked}: is the key right?`,
    };
  }

  /** Tells the server that the client leaves, and disconnects. */
  close(): void {
    const { connection, target, intent } = this.options;
    if (this.streamId === 0) return connection.close();
    const last = this.command(0, "deleteStream", 0, null, this.streamId);
    connection.close(...(intent === "publish" ? [this.command(0, "FCUnpublish", 0, null, target.name), last] : [last]));
  }

  private takeControl(reader: ByteReader): void {
    const event = reader.u16();
    const { connection, intent } = this.options;
    if (event === USER_CONTROL.pingRequest && reader.left >= 4) connection.reply(pong(reader.view(4)));
    if (event !== USER_CONTROL.streamEof || intent !== "play" || this.asked !== null) return;
    // All that nginx-rtmp says when a publisher has left, who may come back.
    this.isOver = true;
    connection.endIn(OVER_MS, { code: "ended", detail: "The server ended the stream." });
  }

  private takeMedia(message: RtmpMessage): void {
    const { type } = message;
    const isData = type === MESSAGE_TYPE.data || type === MESSAGE_TYPE.dataAmf3;
    if (this.options.intent !== "play" || !(isData || type === MESSAGE_TYPE.audio || type === MESSAGE_TYPE.video)) return;
    if (isData && SERVER_DATA.has(dataName(message))) return;
    // Some servers begin without a word.
    if (this.asked === "play") this.ready();
    if (this.isOver) this.options.connection.expect(null);
    this.isOver = false;
    if (this.asked === null) this.options.onMessage(message);
  }

  private takeCommand(bytes: Uint8Array): void {
    const values = decodeAmf0(bytes);
    if (values instanceof Malformed) return this.broken(values);
    const [name, transaction, , information] = values;
    if (name === "_result") this.takeResult(transaction, information);
    else if (name === "_error") this.takeError(transaction, information);
    else if (name === "onStatus") this.takeStatus(isAmfObject(information) ? information : {});
    else if (name === "close") this.refused("", "NetConnection.Connect.Closed");
  }

  private takeResult(transaction: AmfValue, information: AmfValue): void {
    if (transaction === TRANSACTION.connect && this.asked === "connect") return this.connected();
    if (transaction !== TRANSACTION.createStream || this.asked !== "createStream") return;
    const id = typeof information === "number" && information >= 1 && information <= 0xffffffff ? Math.floor(information) : 1;
    this.streamCreated(id);
  }

  /** Servers that do not know `releaseStream` or `FCPublish` say so, which harms nothing. */
  private takeError(transaction: AmfValue, information: AmfValue): void {
    const { asked } = this;
    if (asked === null || transaction !== TRANSACTION[asked]) return;
    const { code, description, ex } = isAmfObject(information) ? information : {};
    const isElsewhere = isAmfObject(ex) && ex["redirect"] !== undefined;
    this.refused(text(description), isElsewhere ? "redirect" : text(code));
  }

  private takeStatus({ level, code, description }: AmfObject): void {
    const { intent } = this.options;
    const isStart = intent === "play" ? code === "NetStream.Play.Start" : code === "NetStream.Publish.Start";
    if (isStart && this.asked === intent) return this.ready();
    if (level === "error" || (this.asked === null && ENDS.has(text(code)))) this.refused(text(description), text(code));
  }

  private connected(): void {
    const { connection, target, intent } = this.options;
    this.asked = "createStream";
    connection.expect("answer createStream");
    const announced = [
      this.command(0, "releaseStream", TRANSACTION.releaseStream, null, target.name),
      this.command(0, "FCPublish", TRANSACTION.fcPublish, null, target.name),
    ];
    connection.send(
      // Not before the first command, with which some servers begin to read.
      setChunkSize(CLIENT_CHUNK_SIZE),
      ...(intent === "publish" ? announced : [windowSize(WINDOW_BYTES)]),
      this.command(0, "createStream", TRANSACTION.createStream, null),
    );
  }

  private streamCreated(id: number): void {
    const { connection, target, intent } = this.options;
    this.streamId = id;
    this.asked = intent;
    connection.expect(`answer ${intent}`);
    if (intent === "publish") return connection.send(this.command(id, "publish", TRANSACTION.publish, null, target.name, "live"));
    // Media may come before the answer.
    connection.allowMedia();
    connection.send(
      this.command(id, "play", TRANSACTION.play, null, target.name, LIVE_OR_RECORDED),
      setBufferLength(id, PLAY_BUFFER_MS),
    );
  }

  private ready(): void {
    this.asked = null;
    this.readyAt = this.options.clock.monotonic();
    this.options.connection.expect(null);
    this.options.onReady(this.streamId);
  }

  private refused(description: string, code: string): void {
    const { target, onEnd } = this.options;
    const refusal = { asked: this.asked, code: CODE.test(code) ? code : "", description: withoutSecrets(description, target) };
    onEnd(refusalProblem(refusal), this.asked === "connect" ? description : "");
  }

  private broken({ rule }: Malformed): void {
    this.options.onEnd({ code: "not-media", detail: `The server does not speak RTMP as it should: ${rule}.` });
  }

  private command(streamId: number, ...values: readonly AmfValue[]): Uint8Array {
    return command(streamId, CLIENT_CHUNK_SIZE, ...values);
  }
}

function text(value: AmfValue): string {
  return typeof value === "string" ? value : "";
}

/** The name of a data message, without reading its values. */
function dataName({ type, payload }: RtmpMessage): string {
  const reader = new ByteReader(type === MESSAGE_TYPE.dataAmf3 ? payload.subarray(1) : payload);
  // 2: a string of AMF0.
  if (reader.u8() !== 2) return "";
  const name = reader.view(reader.u16());
  return reader.failed ? "" : new TextDecoder().decode(name);
}

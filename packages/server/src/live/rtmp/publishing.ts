/** Publishes a stream from an RTMP connection: the publish session, its admission, and the statuses that the publisher gets. */
import type { RtmpMessage } from "@lectern/media";
import type { Admission } from "../../access/admission.ts";
import type { MediaProblem } from "../../contracts/monitoring/media-problem.ts";
import { textIn } from "../../platform/messages/message.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { PublishRequest, PublishSession, Streams } from "../streams/index.ts";
import { problemText } from "../undecodable.ts";
import { onStatus, status, streamBegin } from "./commands.ts";
import type { RtmpConnection } from "./connection.ts";
import type { RtmpDoorEvents } from "./door-options.ts";
import { SourceDemuxer } from "./source-messages.ts";

export type PublishingOptions = {
  readonly streams: Streams;
  readonly chunkSize: number;
  readonly events: {
    readonly refused: RtmpDoorEvents["refused"];
    readonly publishing: (session: PublishSession) => void;
    readonly unpublished: (session: PublishSession, reason: string) => void;
  };
};

/** The message stream of statuses that answer no command of the publisher. */
const FIRST_STREAM = 1;

export class Publishing {
  private readonly admission: Admission;
  private readonly connection: RtmpConnection;
  private readonly options: PublishingOptions;
  private readonly demuxer = new SourceDemuxer();
  private session: PublishSession | null = null;
  private revokedBecause: string | null = null;

  /** @param admission given back when publishing ends */
  constructor(admission: Admission, connection: RtmpConnection, options: PublishingOptions) {
    this.admission = admission;
    this.connection = connection;
    this.options = options;
  }

  /** Opens the publish session. Null, or why it is refused. */
  async open(request: Pick<PublishRequest, "app" | "backup" | "source">): Promise<Refusal | null> {
    const { publications } = this.options.streams;
    const session = await publications.open({
      ...request,
      name: this.admission.name,
      onRevoked: (reason) => this.revoked(reason),
      onProblem: (track, problem) => this.tell(track, problem),
    });
    if (session instanceof Refusal) {
      this.admission.close();
      return session;
    }
    this.session = session;
    return null;
  }

  /** Tells the publisher that it may send. */
  start(streamId: number): void {
    const { session } = this;
    if (!session) return;
    this.options.events.publishing(session);
    this.connection.send(
      streamBegin(streamId),
      this.status(streamId, "NetStream.Publish.Start", "Your picture reaches the students."),
    );
    this.admission.onWithdrawn(({ code }) => session.end(code));
    this.connection.readInRounds(() => session.mayWaitMs);
  }

  /** Takes a message of media or data. What cannot be read of it is counted, and left out. */
  push(message: RtmpMessage): void {
    const source = this.demuxer.demux(message);
    if (source) this.session?.push(source);
  }

  /** The publisher has sent something else that cannot be read. */
  noteFault(rule: string): void {
    this.session?.push({ kind: "fault", fault: { track: "data", rule } });
  }

  /** Bytes of any kind have come. @param now monotonic milliseconds */
  heard(now: number): void {
    this.session?.heard(now);
  }

  /** Ends a publish session that was not started. */
  abandon(): void {
    this.session?.close();
    this.admission.close();
  }

  /** The server ends it, for a reason that the people of the lesson are told too. */
  noteEnd(refusal: Refusal, agent: string): void {
    if (!this.session) return;
    const { stream, source } = this.session;
    this.options.events.refused("publish", source.protocol, `${stream.app}/${stream.name}`, source.ip, refusal, agent);
  }

  /** Ends publishing. @param reason unless the stream was taken away before */
  stop(reason: string): void {
    if (this.leave(reason)) this.connection.send(this.status(FIRST_STREAM, "NetStream.Unpublish.Success", "Stopped."));
  }

  /** Ends publishing, and the connection. @param description for the person at the encoder: a stable code and words */
  fail(reason: string, description: string): void {
    const { chunkSize } = this.options;
    if (this.leave(reason))
      this.connection.end(onStatus(FIRST_STREAM, chunkSize, status("error", "NetStream.Publish.Failed", description)));
  }

  /** False when the publisher did not have the stream any more. */
  private leave(reason: string): boolean {
    const { session } = this;
    this.admission.close();
    if (!session) return false;
    const wasOpen = !session.closed;
    session.close();
    this.options.events.unpublished(session, this.revokedBecause ?? reason);
    return wasOpen;
  }

  /** Warns the person at the encoder, and goes on. FFmpeg ends with what is told as an error. */
  private tell(track: "video" | "audio", problem: MediaProblem | null): void {
    const code = problem ? "NetStream.Publish.Undecodable" : "NetStream.Publish.Decodable";
    const description = `${problem ?? track}: ${textIn("en", problemText(problem))}`;
    const { chunkSize } = this.options;
    this.connection.send(onStatus(FIRST_STREAM, chunkSize, status(problem ? "warning" : "status", code, description)));
  }

  private revoked(reason: string): void {
    this.revokedBecause = reason;
    this.connection.end(this.status(FIRST_STREAM, "NetStream.Unpublish.Success", `${reason}: The stream was ended.`));
  }

  private status(streamId: number, code: string, description: string): Uint8Array {
    return onStatus(streamId, this.options.chunkSize, status("status", code, description));
  }
}

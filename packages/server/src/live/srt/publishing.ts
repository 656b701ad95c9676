/** Publishes a stream from an SRT connection: the publish session, its admission, and the MPEG-TS that the encoder sends. */
import type { Admission } from "../../access/admission.ts";
import { Refusal } from "../../platform/refusal.ts";
import { liveText } from "../live-texts.ts";
import type { PublishRequest, PublishSession, SourceMessage, Streams } from "../streams/index.ts";
import type { SrtFigures } from "./connection.ts";
import { SrtSocket } from "./datagram-socket.ts";
import type { SrtDoorEvents } from "./door-options.ts";
import { TsSource } from "./ts-source.ts";

export type PublishingCalls = {
  readonly figures: () => SrtFigures | null;
  /** Ends the connection. */
  readonly end: (reason: string) => void;
};

/** An encoder that sends nothing readable for so long is closed, milliseconds. */
const MEDIA_WITHIN_MS = 10_000;

export class SrtPublishing {
  private readonly admission: Admission;
  private readonly events: SrtDoorEvents;
  private readonly calls: PublishingCalls;
  private readonly source: TsSource;
  private readonly line = new SrtSocket();
  private session: PublishSession | null = null;
  private hasBytes = false;
  private hasMedia = false;
  private begun: number | null = null;
  private revokedBecause: string | null = null;

  /** @param admission given back when publishing ends */
  constructor(admission: Admission, events: SrtDoorEvents, calls: PublishingCalls) {
    this.admission = admission;
    this.events = events;
    this.calls = calls;
    this.source = new TsSource({
      onMessage: (message) => this.take(message),
      onUnreadable: (codecs) => this.refuse(new Refusal("bad-request", liveText("srt-codecs", { codecs }))),
    });
  }

  /** Opens the publish session. Null, or why it is refused. */
  async open(
    publications: Streams["publications"],
    request: Pick<PublishRequest, "app" | "backup" | "source">,
  ): Promise<Refusal | null> {
    const session = await publications.open({
      ...request,
      name: this.admission.name,
      line: () => this.line.report,
      onRevoked: (reason) => {
        this.revokedBecause = reason;
        this.calls.end(reason);
      },
    });
    if (session instanceof Refusal) {
      this.admission.close();
      return session;
    }
    this.session = session;
    return null;
  }

  /** The encoder may send. */
  start(): void {
    const { session } = this;
    if (!session) return;
    this.events.publishing(session);
    this.admission.onWithdrawn(({ code }) => session.end(code));
  }

  push(payload: Uint8Array): void {
    this.hasBytes = true;
    this.source.push(payload);
  }

  tick(now: number): void {
    const { session } = this;
    if (!session) return;
    this.begun ??= now;
    if (this.hasBytes) session.heard(now);
    if (!this.hasMedia && this.hasBytes && now - this.begun > MEDIA_WITHIN_MS)
      return this.refuse(new Refusal("bad-request", liveText("srt-no-media")));
    this.hasBytes &&= !this.hasMedia;
    this.line.look(this.calls.figures, now);
  }

  /** Ends publishing. May be called twice. @param reason unless the stream was taken away before */
  stop(reason: string): void {
    const { session } = this;
    this.session = null;
    this.admission.close();
    if (!session) return;
    session.close();
    this.events.unpublished(session, this.revokedBecause ?? reason);
  }

  private take(message: SourceMessage): void {
    this.hasMedia ||= message.kind === "frame";
    const broken = this.session?.push(message);
    if (broken) this.refuse(new Refusal("bad-request", liveText("protocol-broken", { rule: broken.rule })));
  }

  /** SRT has no words for who is connected: the people of the stream are told. */
  private refuse(refusal: Refusal): void {
    const { session } = this;
    if (!session) return;
    const { stream, source } = session;
    this.events.refused("publish", source.protocol, `${stream.app}/${stream.name}`, source.ip, refusal, source.agent);
    this.calls.end(refusal.code);
  }
}

/** Provides one publisher by WHIP, from its offer to its end: the connection, the permission, and the publish session that the connection feeds. */
import { Malformed } from "@lectern/media";
import type { Admission } from "../../../access/admission.ts";
import type { Clock } from "../../../platform/clock.ts";
import { Refusal } from "../../../platform/refusal.ts";
import type { PublishRequest, PublishSession, SourceMessage, Streams } from "../../streams/index.ts";
import { Negotiation } from "../negotiation.ts";
import type { AnsweredMedia } from "../sdp/answer.ts";
import { type ChosenMedia, choosePublished, receivedMedium } from "../sdp/choose-codecs.ts";
import type { Offer } from "../sdp/offer.ts";
import type { SessionAnswer, SessionRequest } from "../session-messages.ts";
import type { SessionSlot } from "../sessions.ts";
import type { WebRtc } from "../webrtc.ts";
import { FloodGuard } from "./flood-guard.ts";
import { Receiver, TICK_MS } from "./receiver.ts";

/** Events for log and metrics. */
export type WhipEvents = {
  readonly refused: (what: "publish", protocol: string, stream: string, ip: string, refusal: Refusal, agent?: string) => void;
  readonly publishing: (session: PublishSession) => void;
  readonly unpublished: (session: PublishSession, reason: string) => void;
};

export type WhipSessionOptions = {
  readonly streams: Pick<Streams, "publications">;
  readonly webRtc: WebRtc;
  readonly events: WhipEvents;
  readonly clock: Clock;
  readonly keyFrameMs: () => number;
  readonly app: string;
  /** `APP/NAME` as the client asked for it. */
  readonly address: string;
  readonly source: PublishSession["source"];
  readonly role: Pick<PublishRequest, "backup" | "takeOver">;
  /** Given back when the session ends, like the place. */
  readonly admission: Admission;
  readonly place: SessionSlot;
  readonly chosen: ChosenMedia;
};

/** A publisher that sends nothing for so long is gone, even if its connection is there. */
const SILENT_MS = 15_000;
/** Packets that come before the stream is granted. Of more, none is of use: the next key frame is asked for. */
const MAX_WAITING = 512;

export class WhipSession {
  private readonly options: WhipSessionOptions;
  private readonly negotiation: Negotiation;
  private readonly receiver: Receiver;
  private readonly flood: FloodGuard;
  private publication: PublishSession | null = null;
  /** Until the stream is granted. */
  private waiting: Uint8Array[] | null = [];
  private timer: NodeJS.Timeout | null = null;
  private heardAt: number;
  private closed = false;

  constructor(options: WhipSessionOptions) {
    this.options = options;
    const { chosen, clock, webRtc, keyFrameMs } = options;
    this.heardAt = clock.monotonic();
    this.flood = new FloodGuard(this.heardAt);
    this.receiver = new Receiver({
      chosen,
      keyFrameMs,
      utc: clock.utc,
      send: (bytes) => void this.negotiation.send(bytes),
      message: (message) => this.push(message),
    });
    this.negotiation = new Negotiation({
      webRtc,
      answer: (offer) => this.answer(offer),
      events: {
        connected: () => void this.connected(),
        reconnected: () => this.receiver.wantKeyFrame(),
        packet: (bytes) => this.packet(bytes),
        failed: (failure) => this.end(failure),
      },
    });
  }

  get etag(): string {
    return this.negotiation.etag;
  }

  /** The description that answers the offer. A refused session has ended. */
  async open(offer: Offer): Promise<string | Refusal> {
    const { place, admission, address } = this.options;
    const answer = await this.negotiation.open(offer);
    if (answer instanceof Refusal) {
      this.end("not-opened");
      return answer;
    }
    place.opened({ kind: "whip", stream: address, ask: (request) => this.ask(request), close: (reason) => this.end(reason) });
    admission.onWithdrawn(({ code }) => {
      this.publication?.end(code);
      this.end(code);
    });
    return answer;
  }

  private async ask(request: SessionRequest): Promise<SessionAnswer | Refusal> {
    if (request.method === "PATCH") return await this.negotiation.patch(request);
    this.end("unpublished");
    return { status: 200, headers: {}, body: "" };
  }

  /** The same media as at first, for an offer that restarts ICE. */
  private answer(offer: Offer): ReadonlyMap<string, AnsweredMedia> | null {
    const chosen = choosePublished(offer);
    if (typeof chosen === "string" || !isSame(chosen, this.options.chosen)) return null;
    const media = [chosen.audio, chosen.video].filter((one) => one !== null);
    return new Map(media.map((one) => [one.offered.mid, receivedMedium(one)]));
  }

  private async connected(): Promise<void> {
    const { place, streams, app, admission, source, role, events, clock, address } = this.options;
    place.connected();
    this.heardAt = clock.monotonic();
    this.timer = setInterval(() => this.tick(), TICK_MS);
    const publication = await streams.publications.open({
      app,
      name: admission.name,
      ...role,
      source,
      onRevoked: (reason) => this.end(reason),
      onKeyFrameWanted: () => this.receiver.wantKeyFrame(),
      line: () => this.receiver.figures,
    });
    if (publication instanceof Refusal) {
      events.refused("publish", "whip", address, source.ip, publication, source.agent);
      return this.end(publication.code);
    }
    if (this.closed) return publication.close();
    this.publication = publication;
    events.publishing(publication);
    const waiting = this.waiting ?? [];
    this.waiting = null;
    for (const bytes of waiting) this.receiver.take(bytes, clock.monotonic());
  }

  private packet(bytes: Uint8Array): void {
    if (this.closed) return;
    const now = this.options.clock.monotonic();
    if (this.flood.take(bytes.length, now)) return this.end("flood");
    this.heardAt = now;
    this.publication?.heard(now);
    if (!this.waiting) this.receiver.take(bytes, now);
    else if (this.waiting.length < MAX_WAITING) this.waiting.push(bytes);
    else this.waiting = [];
  }

  private push(message: SourceMessage): void {
    if (this.closed) return;
    const broken = this.publication?.push(message);
    if (broken instanceof Malformed) this.end("broken-media");
  }

  private tick(): void {
    const now = this.options.clock.monotonic();
    if (now - this.heardAt > SILENT_MS) return this.end("silent");
    this.receiver.tick(now);
  }

  private end(reason: string): void {
    if (this.closed) return;
    this.closed = true;
    const { place, admission, events, webRtc, address, source } = this.options;
    if (this.timer) clearInterval(this.timer);
    this.negotiation.close();
    place.leave();
    admission.close();
    this.waiting = null;
    const { publication } = this;
    if (publication) {
      publication.close();
      events.unpublished(publication, reason);
    }
    webRtc.noteEnd("whip", reason, { stream: address, ip: source.ip });
  }
}

/** Whether a later offer sends the same codecs under the same numbers. */
function isSame(a: ChosenMedia, b: ChosenMedia): boolean {
  const key = ({ audio, video }: ChosenMedia) =>
    [audio, video].map((one) => one && [one.offered.mid, one.codec.payloadType, one.codec.name].join(" ")).join();
  return key(a) === key(b);
}

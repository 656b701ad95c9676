/**
 * Provides watching by WHEP (WebRTC-HTTP Egress Protocol): `POST /APP/NAME/whep` with an offer that takes sound and picture. The permission is that
 * of watching by FLV; a stream of another process or node is copied like for any viewer.
 */
import { randomInt } from "node:crypto";
import type { Ask } from "../../../access/access.ts";
import type { Admission } from "../../../access/admission.ts";
import { credentialsOf } from "../../../access/credentials/credentials.ts";
import { type Clock, waitUntil } from "../../../platform/clock.ts";
import { Refusal } from "../../../platform/refusal.ts";
import { clientFactsOf, type MediaRequest } from "../../http/media-request.ts";
import { problemHeaders } from "../../http/problem-headers.ts";
import { problemsOf, type Stream, type Streams } from "../../streams/index.ts";
import { refuseUndecodable } from "../../undecodable.ts";
import { Negotiation } from "../negotiation.ts";
import type { AnsweredMedia } from "../sdp/answer.ts";
import type { Offer } from "../sdp/offer.ts";
import type { SessionAddress } from "../session-address.ts";
import { EXPOSED, type OpenedSession, SessionDoor } from "../session-door.ts";
import type { SessionSlot } from "../sessions.ts";
import type { WebRtc } from "../webrtc.ts";
import { PacketPacer } from "./packet-pacer.ts";
import { RtpOutputs } from "./rtp-outputs.ts";
import type { Rung } from "./rung-choice.ts";
import { WhepSession } from "./session.ts";
import { type FoundStreams, findWatched, watchedNames } from "./sources.ts";
import { otherAddresses, unwatchable } from "./unwatchable.ts";
import { chooseWatched, isSameMedia, type WatchedMedia, wantsVideo } from "./watched-media.ts";
import { whepText } from "./whep-texts.ts";

export type WhepDoorOptions = {
  readonly streams: Streams;
  readonly ask: Ask;
  readonly apps: () => readonly string[];
  /** Null when a viewer can have a stream now, which is made where it is made on demand. */
  readonly present: (app: string, name: string) => Promise<Refusal | null>;
  /** A stream, or one that is made from it. */
  readonly find: (app: string, name: string) => Promise<Stream | Refusal>;
  /** Whether a stream that `find` has refused just now is made by no node, ever. */
  readonly isMadeNowhere: (app: string, name: string) => boolean;
  /** The smaller versions of a stream by their whole names, the largest first. */
  readonly rungsOf: (stream: Stream) => readonly Rung[];
  readonly webRtc: WebRtc;
  /** Viewers of this worker. */
  readonly maxViewers: () => number;
  readonly clock: Clock;
  readonly events: WhepDoorEvents;
};

export type WhepDoorEvents = {
  readonly refused: (what: "play", protocol: string, stream: string, ip: string, refusal: Refusal) => void;
  readonly joined: (protocol: string, seconds: number) => void;
  readonly sent: (protocol: string, bytes: number) => void;
  readonly skipped: (protocol: string) => void;
};

const PROTOCOL = "whep";
/** A stream that has just begun, or whose copy has, has its tracks within this. */
const TRACKS_WITHIN = { totalMs: 5000, stepMs: 50 } as const;

type Watched = { readonly admission: Admission; readonly stream: Stream; readonly base: FoundStreams };

export class WhepDoor extends SessionDoor {
  private readonly whep: WhepDoorOptions;
  private readonly pacer: PacketPacer;
  private readonly outputs: RtpOutputs;

  constructor(options: WhepDoorOptions) {
    const { webRtc, apps, events, clock } = options;
    super({
      kind: "whep",
      webRtc,
      apps,
      open: (request, address, offer) => this.open(request, address, offer),
      refused: (...of) => events.refused("play", ...of),
    });
    this.whep = options;
    this.pacer = new PacketPacer(clock);
    this.outputs = new RtpOutputs(clock);
  }

  override close(): void {
    this.pacer.close();
    this.outputs.closeAll();
  }

  private async open(request: MediaRequest, address: SessionAddress, offer: Offer): Promise<OpenedSession | Refusal> {
    const { webRtc, maxViewers } = this.whep;
    if (webRtc.sessions.count(PROTOCOL) >= maxViewers()) return new Refusal("full", whepText("full", otherAddresses(address)));
    const place = webRtc.sessions.take(PROTOCOL, request.ip);
    if (place instanceof Refusal) return place;
    const begun = this.whep.clock.monotonic();
    const watched = await this.admit(request, address);
    if (watched instanceof Refusal) {
      place.leave();
      return watched;
    }
    const opened = await this.begin({ request, address, offer, place, begun }, watched);
    if (!(opened instanceof Refusal)) return opened;
    watched.admission.close();
    place.leave();
    return opened;
  }

  /** Asks for permission, and waits until it is known what the stream has. */
  private async admit(request: MediaRequest, { app, name, query }: SessionAddress): Promise<Watched | Refusal> {
    const { ask, present, streams, find, clock } = this.whep;
    const { headers, address } = request;
    const credentials = credentialsOf(query, headers.authorization, address.signedPrefix);
    const admission = await ask(
      { action: "play", protocol: PROTOCOL, app, name, client: clientFactsOf(request), credentials },
      (granted) => present(app, granted),
    );
    if (admission instanceof Refusal) return admission;
    const refuse = (refusal: Refusal): Refusal => {
      admission.close();
      return refusal;
    };
    const stream = streams.find(app, admission.name);
    if (!stream) return refuse(new Refusal("no-such-stream"));
    const letGo = stream.use();
    await waitUntil(
      clock,
      () => stream.ended || stream.log.segments.length > 0 || refuseUndecodable(stream) !== null,
      TRACKS_WITHIN,
    );
    const base = stream.ended ? null : await findWatched(stream, find);
    letGo();
    if (!base || stream.ended) return refuse(new Refusal("no-such-stream"));
    if (stream.log.segments.length === 0) return refuse(refuseUndecodable(stream) ?? new Refusal("not-yet"));
    if (!base.video && !base.audio) return refuse(this.refusalOf(stream, base));
    return { admission, stream, base };
  }

  private async begin(
    { request, address, offer, place, begun }: Opening,
    { admission, stream, base }: Watched,
  ): Promise<OpenedSession | Refusal> {
    const { webRtc, clock, events, find, rungsOf } = this.whep;
    // Sound that is still being made comes to the track that is agreed on now.
    const names = watchedNames(stream);
    const isSoundComing = base.video !== null && names.audio !== null;
    // Where the picture cannot be had, its sound alone is for those who asked for no more.
    if (names.video !== null && base.video === null && wantsVideo(offer)) return this.refusalOf(stream, base);
    const kinds = { video: base.video !== null, audio: base.audio !== null || isSoundComing };
    const media = chooseWatched(offer, kinds, place.id.slice(-MSID_LENGTH));
    if (media === "no-media") return new Refusal("bad-offer", whepText("nothing-taken"));
    if (media === "no-codec") return new Refusal("no-common-codec");
    let session: WhepSession | null = null;
    const negotiation = new Negotiation({
      webRtc,
      answer: (again) => answerOf(again, kinds, media),
      events: {
        connected: () => {
          place.connected();
          session?.connected();
        },
        reconnected: () => session?.reconnected(),
        packet: (bytes) => session?.received(bytes),
        failed: (failure) => session?.close(failure),
      },
    });
    const answer = await negotiation.open(offer);
    if (answer instanceof Refusal) return answer;
    if (stream.ended) {
      negotiation.close();
      return new Refusal("no-such-stream");
    }
    const ofAddress = `${address.app}/${address.name}`;
    session = new WhepSession(
      stream,
      { video: media.video && base.video, audio: media.audio && base.audio },
      media,
      { send: (bytes) => negotiation.send(bytes), close: () => negotiation.close() },
      {
        clock,
        pacer: this.pacer,
        outputs: this.outputs,
        rungsOf,
        find,
        wantsVideo: wantsVideo(offer),
        random: () => randomInt(2 ** 32),
      },
      {
        joined: () => {
          admission.trace?.joined(stream.trace.publisher);
          events.joined(PROTOCOL, (clock.monotonic() - begun) / 1000);
        },
        sent: (bytes) => events.sent(PROTOCOL, bytes),
        skipped: () => events.skipped(PROTOCOL),
        ended: (reason) => {
          place.leave();
          admission.close();
          webRtc.noteEnd(PROTOCOL, reason, { stream: ofAddress, ip: request.ip });
        },
      },
    );
    const opened = session;
    place.opened({
      kind: PROTOCOL,
      stream: ofAddress,
      ask: async (asked) => {
        if (asked.method === "PATCH") return await negotiation.patch(asked);
        opened.close("left");
        return { status: 200, headers: {}, body: "" };
      },
      close: (reason) => opened.close(reason),
    });
    admission.trace?.event("response begun");
    admission.onWithdrawn(({ code }) => opened.close(code));
    return { id: place.id, answer, etag: negotiation.etag, headers: problemHeaders(problemsOf(stream.log), EXPOSED) };
  }

  private refusalOf(stream: Stream, { refusal }: FoundStreams): Refusal {
    const { video, audio } = watchedNames(stream);
    const wanted = video ?? audio;
    const isPassing = wanted !== null && !this.whep.isMadeNowhere(stream.app, wanted);
    return unwatchable(stream, isPassing ? refusal : null);
  }
}

type Opening = {
  readonly request: MediaRequest;
  readonly address: SessionAddress;
  readonly offer: Offer;
  readonly place: SessionSlot;
  /** When it was asked for, monotonic milliseconds. */
  readonly begun: number;
};

const MSID_LENGTH = 8;

/** The same media as at first, for an offer that restarts ICE. */
function answerOf(
  offer: Offer,
  kinds: { readonly video: boolean; readonly audio: boolean },
  first: WatchedMedia,
): ReadonlyMap<string, AnsweredMedia> | null {
  const chosen = chooseWatched(offer, kinds, "");
  if (typeof chosen === "string" || !isSameMedia(chosen, first)) return null;
  return new Map([first.video, first.audio].flatMap((medium) => (medium ? [[medium.mid, medium.answer] as const] : [])));
}

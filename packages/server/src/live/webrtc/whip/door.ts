/** Provides publishing by WHIP (RFC 9725): `POST /APP/NAME/whip` with an offer, and the publish key as a bearer token. */
import type { Ask } from "../../../access/access.ts";
import { credentialsOf } from "../../../access/credentials/credentials.ts";
import { type Clock, systemClock } from "../../../platform/clock.ts";
import { Refusal } from "../../../platform/refusal.ts";
import { clientFactsOf, type MediaRequest } from "../../http/media-request.ts";
import { liveText } from "../../live-texts.ts";
import { isStreamName } from "../../stream-name.ts";
import type { PublishRequest, Streams } from "../../streams/index.ts";
import { choosePublished } from "../sdp/choose-codecs.ts";
import type { Offer } from "../sdp/offer.ts";
import type { SessionAddress } from "../session-address.ts";
import { type OpenedSession, SessionDoor } from "../session-door.ts";
import type { WebRtc } from "../webrtc.ts";
import { type WhipEvents, WhipSession } from "./session.ts";

export type WhipDoorOptions = {
  readonly streams: Pick<Streams, "publications">;
  readonly ask: Ask;
  readonly apps: () => readonly string[];
  readonly webRtc: WebRtc;
  /** The greatest distance of key frames that segments have, milliseconds. */
  readonly keyFrameMs: () => number;
  readonly events: WhipEvents;
  /** Default: the system's. */
  readonly clock?: Clock;
};

const MAX_AGENT = 128;

export function whipDoor(options: WhipDoorOptions): SessionDoor {
  const { webRtc, apps, events } = options;
  return new SessionDoor({
    kind: "whip",
    webRtc,
    apps,
    open: (request, address, offer) => open(options, request, address, offer),
    refused: (...of) => events.refused("publish", ...of),
  });
}

async function open(
  options: WhipDoorOptions,
  request: MediaRequest,
  address: SessionAddress,
  offer: Offer,
): Promise<OpenedSession | Refusal> {
  const { app, name } = address;
  if (!isStreamName(name)) return new Refusal("bad-request", liveText("stream-name"));
  const chosen = choosePublished(offer);
  if (chosen === "no-media") return new Refusal("bad-offer", liveText("no-media-sent"));
  if (chosen === "too-many-media") return new Refusal("too-many-media");
  if (chosen === "no-codec") return new Refusal("no-common-codec");
  const place = options.webRtc.sessions.take("whip", request.ip);
  if (place instanceof Refusal) return place;
  const admission = await admit(options, request, address);
  if (admission instanceof Refusal) {
    place.leave();
    return admission;
  }
  const source = { protocol: "whip", ip: request.ip, agent: (request.headers["user-agent"] ?? "").slice(0, MAX_AGENT) };
  const session = new WhipSession({
    streams: options.streams,
    webRtc: options.webRtc,
    events: options.events,
    clock: options.clock ?? systemClock,
    keyFrameMs: options.keyFrameMs,
    app,
    address: `${app}/${name}`,
    source,
    admission,
    place,
    chosen,
    role: roleOf(address),
  });
  const answer = await session.open(offer);
  return answer instanceof Refusal ? answer : { id: place.id, answer, etag: session.etag };
}

function roleOf({ query }: SessionAddress): Required<Pick<PublishRequest, "backup" | "takeOver">> {
  return { backup: query.get("backup") === "1", takeOver: query.get("takeover") === "1" };
}

function admit({ streams, ask }: WhipDoorOptions, request: MediaRequest, address: SessionAddress): ReturnType<Ask> {
  const { app, name, query } = address;
  const credentials = credentialsOf(query, request.headers.authorization, request.address.signedPrefix);
  return ask({ action: "publish", protocol: "whip", app, name, client: clientFactsOf(request), credentials }, (granted) =>
    streams.publications.check({ app, name: granted, ...roleOf(address) }),
  );
}

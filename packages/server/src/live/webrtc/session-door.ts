/**
 * Provides the requests of WHIP and WHEP (RFC 9725; WHEP has the same): POST of an offer opens a session, PATCH adds candidates or restarts ICE,
 * DELETE ends it. What a session sends or receives is up to the door's `open`.
 */

import { Malformed } from "@lectern/media";
import type { Registry } from "prom-client";
import { Refusal } from "../../platform/refusal.ts";
import type { Door } from "../http/door.ts";
import type { MediaRequest, MediaResponse } from "../http/media-request.ts";
import { OPEN_TO_ALL, sendRefusal } from "../http/responses.ts";
import { readSmallBody } from "../http/small-body.ts";
import { liveText } from "../live-texts.ts";
import { MAX_DESCRIPTION_LENGTH } from "./sdp/description.ts";
import { type Offer, readOffer } from "./sdp/offer.ts";
import { parseSessionAddress, type SessionAddress } from "./session-address.ts";
import type { SessionAnswer, SessionRequest } from "./session-messages.ts";
import type { SessionKind } from "./sessions.ts";
import type { WebRtc } from "./webrtc.ts";

/** A session that was opened. */
export type OpenedSession = {
  readonly id: string;
  /** The description that answers the offer. */
  readonly answer: string;
  /** Names the state of ICE: a client that has missed a restart knows another one. */
  readonly etag: string;
  /** Headers of the answer besides those of all sessions. */
  readonly headers?: Readonly<Record<string, string>>;
};

export type SessionDoorOptions = {
  readonly kind: SessionKind;
  readonly webRtc: WebRtc;
  readonly apps: () => readonly string[];
  /** Opens a session for an offer. Refusals are counted and logged here. */
  readonly open: (request: MediaRequest, address: SessionAddress, offer: Offer) => Promise<OpenedSession | Refusal>;
  readonly refused: (protocol: string, stream: string, ip: string, refusal: Refusal) => void;
};

export const SDP_TYPE = "application/sdp";
/** RFC 8840 section 9. */
export const FRAGMENT_TYPE = "application/trickle-ice-sdpfrag";

const METHODS = "OPTIONS, POST, PATCH, DELETE";
/** Headers that pages of other sites may read. */
export const EXPOSED = "location, etag, link, accept-patch";
const CORS = { ...OPEN_TO_ALL, "access-control-expose-headers": EXPOSED };
const PREFLIGHT = {
  ...CORS,
  "access-control-allow-methods": METHODS,
  // A star does not stand for Authorization (Fetch, section 3.3.3).
  "access-control-allow-headers": "authorization, content-type, if-match, traceparent",
  "access-control-max-age": "86400",
  "accept-post": SDP_TYPE,
};

export class SessionDoor implements Door<SessionAddress> {
  readonly name: string;
  private readonly options: SessionDoorOptions;

  constructor(options: SessionDoorOptions) {
    this.options = options;
    this.name = options.kind;
  }

  match({ address }: MediaRequest): SessionAddress | null {
    const parsed = parseSessionAddress(address, this.options.kind);
    return parsed && this.options.apps().includes(parsed.app) ? parsed : null;
  }

  handle(request: MediaRequest, response: MediaResponse, address: SessionAddress): void {
    const { method } = request;
    if (method === "OPTIONS") {
      response.writeHead(204, PREFLIGHT);
      response.end();
    } else if (method === "POST" && address.session === null) void this.post(request, response, address);
    else if ((method === "PATCH" || method === "DELETE") && address.session !== null)
      void this.change(request, response, address, { method, session: address.session });
    else {
      response.writeHead(405, { ...CORS, allow: address.session === null ? "OPTIONS, POST" : "OPTIONS, PATCH, DELETE" });
      response.end();
    }
  }

  metrics(_registry: Registry): void {}

  close(): void {}

  private async post(request: MediaRequest, response: MediaResponse, address: SessionAddress): Promise<void> {
    const { app, name } = address;
    const opened = await this.openSession(request, address);
    if (opened instanceof Refusal) {
      this.options.refused(this.options.kind, `${app}/${name}`, request.ip, opened);
      return sendRefusal(request, response, opened);
    }
    const links = this.options.webRtc.iceServers(name);
    const body = Buffer.from(opened.answer);
    response.writeHead(201, {
      ...CORS,
      "content-type": SDP_TYPE,
      "content-length": body.length,
      "cache-control": "no-store",
      location: `/${app}/${name}/${this.options.kind}/${opened.id}`,
      etag: opened.etag,
      "accept-patch": `${FRAGMENT_TYPE}, ${SDP_TYPE}`,
      ...(links.length > 0 ? { link: [...links] } : {}),
      ...opened.headers,
    });
    response.end(body);
  }

  private async openSession(request: MediaRequest, address: SessionAddress): Promise<OpenedSession | Refusal> {
    if (typeOf(request) !== SDP_TYPE) return new Refusal("bad-request", liveText("not-sdp"));
    const text = await readSmallBody(request, MAX_DESCRIPTION_LENGTH);
    if (text instanceof Refusal) return text;
    const offer = readOffer(text);
    if (offer instanceof Malformed) return new Refusal("bad-offer", liveText("bad-offer", { rule: offer.rule }));
    return await this.options.open(request, address, offer);
  }

  private async change(
    request: MediaRequest,
    response: MediaResponse,
    { app, name }: SessionAddress,
    of: Pick<SessionRequest, "session" | "method">,
  ): Promise<void> {
    const { kind, webRtc } = this.options;
    const body = of.method === "PATCH" ? await readSmallBody(request, MAX_DESCRIPTION_LENGTH) : "";
    if (body instanceof Refusal) return sendRefusal(request, response, body);
    const { headers } = request;
    const [contentType, ifMatch] = [typeOf(request), headers["if-match"] ?? ""];
    const answer = await webRtc.ask({ ...of, kind, stream: `${app}/${name}`, contentType, ifMatch, body });
    if (answer instanceof Refusal) return sendRefusal(request, response, answer);
    send(response, answer);
  }
}

function send(response: MediaResponse, { status, headers, body }: SessionAnswer): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...CORS, ...headers, ...(status === 204 ? {} : { "content-length": bytes.length }) });
  if (status === 204) response.end();
  else response.end(bytes);
}

/** Without its parameters, in lower case. */
function typeOf({ headers }: MediaRequest): string {
  return (headers["content-type"] ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

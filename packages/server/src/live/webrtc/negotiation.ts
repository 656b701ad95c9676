/**
 * Provides the transport of one session over time: opens it, restarts ICE on a new one, and answers PATCH (RFC 9725 section 4.3).
 *
 * The library cannot restart ICE on a connection that it has, and cannot move a DTLS association to another one. A restart is therefore a new
 * connection of this side with a certificate of its own, and the other side is told its fingerprint: it makes another DTLS handshake (RFC 8842 section
 * 4). A fragment has no place for that, so a client restarts with a whole offer, and gets a whole answer; what is published or watched goes on.
 */

import { randomInt } from "node:crypto";
import { Malformed } from "@lectern/media";
import { Refusal } from "../../platform/refusal.ts";
import type { Peer, PeerFailure, PeerStatistics } from "./peer.ts";
import { type AnsweredMedia, writeAnswer } from "./sdp/answer.ts";
import { readFragment } from "./sdp/fragment.ts";
import { type Offer, readOffer } from "./sdp/offer.ts";
import { FRAGMENT_TYPE, SDP_TYPE } from "./session-door.ts";
import type { SessionAnswer, SessionRequest } from "./session-messages.ts";
import type { WebRtc } from "./webrtc.ts";

export type NegotiationOptions = {
  readonly webRtc: WebRtc;
  /** The media of the answer by mid. Null: a later offer has other media than the session. */
  readonly answer: (offer: Offer) => ReadonlyMap<string, AnsweredMedia> | null;
  readonly events: NegotiationEvents;
};

export type NegotiationEvents = {
  /** Connected for the first time. */
  readonly connected: () => void;
  /** Connected again, after ICE was restarted. */
  readonly reconnected: () => void;
  readonly packet: (bytes: Uint8Array) => void;
  /** There is no connection any more. Not called after `close`. */
  readonly failed: (failure: PeerFailure) => void;
};

/** A client that restarts ICE without an end would cost a connection each time. */
const MAX_RESTARTS_PENDING = 1;
const EMPTY: SessionAnswer = { status: 204, headers: {}, body: "" };

export class Negotiation {
  private readonly options: NegotiationOptions;
  private readonly id = String(randomInt(1, 2 ** 47));
  private version = 0;
  private remoteUfrag = "";
  private peer: Peer | null = null;
  /** A restart that is not connected yet. */
  private next: Peer | null = null;
  private restarting = 0;
  private wasConnected = false;
  private closed = false;
  private before: PeerStatistics | null = null;

  constructor(options: NegotiationOptions) {
    this.options = options;
  }

  /** Names the state of ICE. */
  get etag(): string {
    return `"${this.id}-${this.version}"`;
  }

  /** Milliseconds are not known here; counts are of all connections of the session. */
  get statistics(): PeerStatistics {
    return add(this.before, this.peer?.statistics ?? null);
  }

  get remoteAddress(): string | null {
    return this.peer?.remoteAddress ?? null;
  }

  /** Opens the first transport. The description that answers the offer, or a refusal. */
  async open(offer: Offer): Promise<string | Refusal> {
    const media = this.options.answer(offer);
    if (!media) return new Refusal("no-common-codec");
    return await this.connect(offer, media);
  }

  /** False: the packet was not sent. */
  send(bytes: Uint8Array): boolean {
    return this.peer?.send(bytes) ?? false;
  }

  /** Answers PATCH. */
  async patch({ contentType, ifMatch, body }: SessionRequest): Promise<SessionAnswer | Refusal> {
    if (contentType === SDP_TYPE) return await this.restart(body);
    if (contentType !== FRAGMENT_TYPE) return new Refusal("bad-request");
    // RFC 9725 section 4.3.1: a star is for restarts.
    if (ifMatch !== "" && ifMatch !== "*" && ifMatch !== this.etag) return new Refusal("precondition-failed");
    const fragment = readFragment(body);
    if (fragment instanceof Malformed) return new Refusal("bad-offer");
    if (fragment.credentials && fragment.credentials.iceUfrag !== this.remoteUfrag) return new Refusal("restart-needs-offer");
    // Its candidates are not needed: see peer.ts.
    return EMPTY;
  }

  /** Frees everything. May be called twice. */
  close(): void {
    this.closed = true;
    this.next?.close();
    this.peer?.close();
    this.next = null;
  }

  private async restart(body: string): Promise<SessionAnswer | Refusal> {
    if (this.restarting >= MAX_RESTARTS_PENDING) return new Refusal("too-many").after(1);
    const offer = readOffer(body);
    if (offer instanceof Malformed) return new Refusal("bad-offer");
    const media = this.options.answer(offer);
    if (!media) return new Refusal("no-common-codec");
    this.restarting++;
    const answer = await this.connect(offer, media);
    this.restarting--;
    if (answer instanceof Refusal) return answer;
    return { status: 200, headers: { "content-type": SDP_TYPE, etag: this.etag, "cache-control": "no-store" }, body: answer };
  }

  private async connect(offer: Offer, media: ReadonlyMap<string, AnsweredMedia>): Promise<string | Refusal> {
    const { webRtc, events } = this.options;
    let own: Peer | null = null;
    const opened = await webRtc.open(offer.transport, {
      connected: () => own && this.connected(own),
      packet: events.packet,
      failed: (failure) => own && this.failed(own, failure),
    });
    if (opened instanceof Refusal) return opened;
    own = opened.peer;
    if (this.closed) {
      own.close();
      return new Refusal("no-such-session");
    }
    this.version++;
    this.remoteUfrag = offer.transport.iceUfrag;
    this.next?.close();
    if (this.wasConnected) this.next = own;
    else {
      this.peer?.close();
      this.peer = own;
    }
    return writeAnswer(offer, opened.local, media, { id: this.id, version: this.version });
  }

  private connected(peer: Peer): void {
    const { events } = this.options;
    if (peer === this.next) {
      this.before = this.statistics;
      this.peer?.close();
      this.peer = peer;
      this.next = null;
      return events.reconnected();
    }
    if (this.wasConnected || peer !== this.peer) return;
    this.wasConnected = true;
    events.connected();
  }

  private failed(peer: Peer, failure: PeerFailure): void {
    if (peer === this.next) this.next = null;
    // The connection before may have failed long ago.
    const isOver = peer === this.peer ? this.next === null : this.peer === null || this.peer.state === "closed";
    if (isOver && !this.closed) this.options.events.failed(failure);
  }
}

function add(a: PeerStatistics | null, b: PeerStatistics | null): PeerStatistics {
  const sum = (key: keyof PeerStatistics): number => (a?.[key] ?? 0) + (b?.[key] ?? 0);
  return {
    packetsSent: sum("packetsSent"),
    bytesSent: sum("bytesSent"),
    packetsReceived: sum("packetsReceived"),
    bytesReceived: sum("bytesReceived"),
    sendFailures: sum("sendFailures"),
  };
}

/** Defines what WHIP and WHEP of a worker share: its UDP port and its addresses, its sessions, and the requests for sessions of other workers. */
import { Counter, Gauge, type Registry } from "prom-client";
import type { Logger } from "../../platform/log.ts";
import { Refusal } from "../../platform/refusal.ts";
import { withPublicAddresses } from "./candidates.ts";
import { holdUdpPort, Peer, type PeerEvents } from "./peer.ts";
import type { LocalTransport, TransportDescription } from "./sdp/transport.ts";
import { homeOf, type SessionHome } from "./session-id.ts";
import type { PassedAnswer, SessionAnswer, SessionRequest } from "./session-messages.ts";
import { type SessionKind, type SessionLimits, WebRtcSessions } from "./sessions.ts";
import { iceServerLinks, type TurnOptions } from "./turn-credentials.ts";

export type WebRtcSettings = SessionLimits & {
  readonly publicAddresses: readonly string[];
  readonly connectSeconds: number;
  readonly turn: TurnOptions;
};

export type WebRtcOptions = {
  readonly home: SessionHome;
  /** The UDP port of this worker. */
  readonly port: number;
  /** Read for every session, since a reload may change them. */
  readonly settings: () => WebRtcSettings;
  /** Asks the worker that has a session, of this node or another one. */
  readonly pass: (request: SessionRequest) => Promise<PassedAnswer>;
  readonly log: Pick<Logger, "info" | "error">;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

/** A peer, and what its other side is told of it. */
export type OpenedPeer = { readonly peer: Peer; readonly local: LocalTransport };

/**
 * Of a DELETE that comes after the server has ended the session, with a lesson for example: what the client wants is so. DELETE is idempotent (RFC 9110
 * section 9.2.2), and RFC 9725 section 4.2 says nothing against it.
 */
const HAS_ENDED: SessionAnswer = { status: 200, headers: {}, body: "" };

const KINDS: readonly SessionKind[] = ["whip", "whep"];

export class WebRtc {
  readonly sessions: WebRtcSessions;
  private readonly options: WebRtcOptions;
  private readonly ended = new Counter({
    name: "lectern_webrtc_ended_total",
    help: "WebRTC sessions that ended, by reason",
    labelNames: ["kind", "reason"],
    registers: [],
  });
  /** Ends the hold of the UDP port; null before the first session. */
  private held: Promise<() => void> | null = null;

  constructor(options: WebRtcOptions) {
    this.options = options;
    this.sessions = new WebRtcSessions(options.home, options.settings);
  }

  /** Opens this side of a connection. */
  async open(remote: TransportDescription, events: PeerEvents): Promise<OpenedPeer | Refusal> {
    const { port, settings, log } = this.options;
    const { publicAddresses, connectSeconds } = settings();
    try {
      this.held ??= holdUdpPort(port);
      await this.held;
      const peer = await Peer.open({ port, remote, events, connectWithinMs: connectSeconds * 1000 });
      return { peer, local: { ...peer.local, candidates: withPublicAddresses(peer.local.candidates, publicAddresses, port) } };
    } catch (error) {
      // The port may be free at the next attempt.
      if (
        await this.held?.then(
          () => false,
          () => true,
        )
      )
        this.held = null;
      log.error({ err: error, port }, "WebRTC session not opened");
      return new Refusal("internal-error");
    }
  }

  /** Values of `Link` headers with the servers that a client may use. @param user for the TURN server's log */
  iceServers(user: string): readonly string[] {
    return iceServerLinks(this.options.settings().turn, user, this.options.now());
  }

  /** A session has ended. @param reason a word of a small set */
  noteEnd(kind: SessionKind, reason: string, about: { readonly stream: string; readonly ip: string }): void {
    this.ended.inc({ kind, reason });
    this.options.log.info({ kind, reason, ...about }, "WebRTC session ended");
  }

  /** Answers a request for a session, wherever that is. */
  async ask(request: SessionRequest): Promise<SessionAnswer | Refusal> {
    const home = homeOf(request.session);
    const { node, worker } = this.options.home;
    if (!home) return new Refusal("no-such-session");
    if (home.node === node && home.worker === worker) return await this.askHere(request);
    const answer = await this.options.pass(request).catch((): PassedAnswer => ({ refused: "no-such-session" }));
    return "refused" in answer ? new Refusal(answer.refused) : answer;
  }

  /** Answers for another worker. */
  async answer(request: SessionRequest): Promise<PassedAnswer> {
    const answer = await this.askHere(request);
    return answer instanceof Refusal ? { refused: answer.code } : answer;
  }

  metrics(registry: Registry): void {
    registry.registerMetric(this.ended);
    const { sessions } = this;
    new Gauge({
      name: "lectern_webrtc_sessions",
      help: "WebRTC sessions, with those that are not connected yet",
      labelNames: ["kind"],
      registers: [registry],
      collect() {
        for (const kind of KINDS) this.set({ kind }, sessions.count(kind));
      },
    });
    new Gauge({
      name: "lectern_webrtc_half_open",
      help: "WebRTC sessions that are not connected yet",
      registers: [registry],
      collect() {
        this.set(sessions.halfOpen);
      },
    });
  }

  close(reason: string): void {
    this.sessions.close(reason);
    void this.held?.then(
      (release) => release(),
      () => {},
    );
    this.held = null;
  }

  private async askHere(request: SessionRequest): Promise<SessionAnswer | Refusal> {
    const session = this.sessions.find(request.session);
    if (session && session.kind === request.kind && session.stream === request.stream) return await session.ask(request);
    return request.method === "DELETE" && this.sessions.hasEnded(request) ? HAS_ENDED : new Refusal("no-such-session");
  }
}

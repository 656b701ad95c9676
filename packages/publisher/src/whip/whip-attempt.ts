/**
 * Provides one session of WHIP (RFC 9725): offers the tracks, and restarts ICE when the network changes.
 *
 * The offer is posted before its candidates are gathered: the answer names the ICE servers to gather them with. The server learns them from the checks.
 */
import { contentOf } from "../capture/content.ts";
import { type Failure, failure } from "../supervise/failure.ts";
import type { PublisherStatistics, VideoLimits } from "../supervise/publisher-types.ts";
import { type AttemptEvents, tooLate } from "../supervise/supervisor.ts";
import { OwnTracks } from "./own-tracks.ts";
import { type Candidate, writeFragment } from "./sdp-fragment.ts";
import { limitSender, preferH264 } from "./sender-settings.ts";
import { Silence } from "./silence.ts";
import { deleteSession, patchCandidates, patchOffer, postOffer, type WhipSession } from "./whip-requests.ts";
import { WhipStatistics } from "./whip-statistics.ts";

export type WhipAttemptOptions = {
  readonly address: string;
  readonly key: string;
  readonly stream: MediaStream;
  readonly content: "motion" | "detail" | undefined;
  readonly muted: { readonly audio: boolean; readonly video: boolean };
  readonly limits: VideoLimits;
};

/** Where UDP passes, ICE and DTLS take a few round trips. */
const CONNECT_MS = 4000;
/** However long the server took to answer. */
const LEAST_CONNECT_MS = 2000;
/** A moment without answers is no change of the network. */
const DISCONNECTED_MS = 400;
const BACK_WITHIN_MS = 3000;
const STATISTICS_MS = 1000;
const LOOK_MS = 250;
const CANDIDATES_MS = 200;

export class WhipAttempt {
  private readonly options: WhipAttemptOptions;
  private readonly events: AttemptEvents;
  private readonly peer = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
  private readonly tracks = new OwnTracks();
  private readonly abort = new AbortController();
  private readonly reader = new WhipStatistics();
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();
  private readonly reading: ReturnType<typeof setInterval>;
  private readonly silence = new Silence();
  private lastRead = 0;
  private heard = 0;
  private readonly begun = performance.now();
  private session: WhipSession | null = null;
  private candidates: Candidate[] = [];
  private isLive = false;
  private isOver = false;
  private isRestarting = false;
  private deadline: ReturnType<typeof setTimeout> | null = null;
  private newest: Partial<PublisherStatistics> = {};
  private limits: VideoLimits;
  private limiting: Promise<void> = Promise.resolve();

  constructor(options: WhipAttemptOptions, events: AttemptEvents) {
    this.options = options;
    this.limits = options.limits;
    this.events = events;
    this.peer.addEventListener("connectionstatechange", () => this.connectionChanged());
    this.peer.addEventListener("iceconnectionstatechange", () => this.connectionChanged());
    this.peer.addEventListener("icecandidate", ({ candidate }) => this.gathered(candidate));
    this.reading = setInterval(() => void this.readStatistics(), LOOK_MS);
    void this.begin().catch((error: unknown) => this.fail(failure("webrtc", String(error), "way")));
  }

  get statistics(): Partial<PublisherStatistics> {
    return this.newest;
  }

  mute(muted: WhipAttemptOptions["muted"]): void {
    this.tracks.mute(muted);
  }

  setLimits(limits: VideoLimits): void {
    this.limits = limits;
    // Before that there is nothing to change, and the newest limits are used then.
    if (this.session) for (const sender of this.peer.getSenders()) if (sender.track?.kind === "video") void this.limit(sender);
  }

  /** Sends other tracks. False: their kinds are others, and need another session. */
  async replace(stream: MediaStream, muted = this.options.muted): Promise<boolean> {
    const senders = this.peer.getTransceivers().map(({ sender, receiver }) => ({ sender, kind: receiver.track.kind }));
    const has = (kind: "audio" | "video") => stream.getTracks().some((track) => track.kind === kind && track.readyState === "live");
    for (const kind of ["audio", "video"] as const) if (has(kind) !== senders.some((one) => one.kind === kind)) return false;
    for (const { sender, kind } of senders) {
      const track = this.tracks.take(stream, kind === "audio" ? "audio" : "video");
      await sender.replaceTrack(track);
      if (kind === "video") await this.limit(sender);
    }
    this.tracks.mute(muted);
    this.tracks.release((copy) => senders.some(({ sender }) => sender.track === copy));
    return true;
  }

  /** The network may have changed. */
  check(): void {
    if (this.isLive && !this.isRestarting) this.restartWithin();
  }

  /** May be called twice. */
  close(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.abort.abort();
    for (const timer of this.timers) clearTimeout(timer);
    clearInterval(this.reading);
    if (this.deadline) clearTimeout(this.deadline);
    this.peer.close();
    this.tracks.close();
    if (this.session) deleteSession(this.session.resource, this.options.key);
  }

  private async begin(): Promise<void> {
    const { stream, muted, address, key } = this.options;
    for (const kind of ["video", "audio"] as const) {
      const track = this.tracks.take(stream, kind);
      if (!track) continue;
      const transceiver = this.peer.addTransceiver(track, { direction: "sendonly" });
      if (kind === "video") preferH264(transceiver);
    }
    this.tracks.mute(muted);
    const offer = await this.peer.createOffer();
    const session = await postOffer(address, key, offer.sdp ?? "", this.abort.signal);
    if ("meaning" in session) return this.fail(session);
    this.session = session;
    if (this.isOver) return deleteSession(session.resource, key);
    if (session.iceServers.length > 0) this.peer.setConfiguration({ bundlePolicy: "max-bundle", iceServers: session.iceServers });
    await this.peer.setLocalDescription(offer);
    await this.peer.setRemoteDescription({ type: "answer", sdp: session.answer });
    for (const { sender } of this.peer.getTransceivers()) if (sender.track?.kind === "video") await this.limit(sender);
    if (!this.isLive) this.within(Math.max(LEAST_CONNECT_MS, CONNECT_MS - (performance.now() - this.begun)));
  }

  /** One after the other: parameters that were read before another change are refused. */
  private limit(sender: RTCRtpSender): Promise<void> {
    const { content } = this.options;
    this.limiting = this.limiting.then(() => limitSender(sender, this.limits, content ?? contentOf(sender.track)));
    return this.limiting;
  }

  private gathered(candidate: RTCIceCandidate | null): void {
    if (!candidate || candidate.candidate === "") return;
    if (this.candidates.length === 0) this.later(CANDIDATES_MS, () => this.tellCandidates());
    this.candidates.push({ candidate: candidate.candidate, mid: candidate.sdpMid ?? "0" });
  }

  private tellCandidates(): void {
    const { session, candidates, peer } = this;
    this.candidates = [];
    if (!session || !peer.localDescription || peer.connectionState === "connected") return;
    patchCandidates(session.resource, this.options.key, writeFragment(peer.localDescription.sdp, candidates), this.abort.signal);
  }

  private connectionChanged(): void {
    if (this.isOver) return;
    const { connectionState, iceConnectionState } = this.peer;
    if (connectionState === "connected" && iceConnectionState !== "disconnected") return this.connected();
    if (!this.isLive) return;
    if (connectionState === "failed" || iceConnectionState === "failed") this.interrupted();
    else if (iceConnectionState === "disconnected")
      this.later(DISCONNECTED_MS, () => {
        if (this.peer.iceConnectionState !== "connected" && this.peer.iceConnectionState !== "completed") this.interrupted();
      });
  }

  private connected(): void {
    // After an interruption the browser may still call the connection that broke connected: something has to come first.
    if (this.isRestarting || (this.isLive && this.deadline)) return;
    this.backAgain();
  }

  private backAgain(): void {
    if (this.deadline) clearTimeout(this.deadline);
    this.deadline = null;
    this.isLive = true;
    this.events.onLive();
  }

  /** Restarts ICE, unless it is being restarted. Nothing passes meanwhile, or nearly nothing. */
  private interrupted(): void {
    if (this.isOver || this.isRestarting) return;
    if (!this.deadline) this.events.onInterrupted();
    this.restartWithin();
  }

  private restartWithin(): void {
    if (!this.deadline) this.within(BACK_WITHIN_MS);
    this.isRestarting = true;
    void this.restart().catch((error: unknown) => this.fail(failure("webrtc", String(error), "way")));
  }

  private async restart(): Promise<void> {
    const { peer, session } = this;
    if (!session) return;
    const offer = await peer.createOffer({ iceRestart: true });
    await peer.setLocalDescription(offer);
    const answer = await patchOffer(session.resource, this.options.key, offer.sdp ?? "", this.abort.signal);
    if (this.isOver) return;
    this.isRestarting = false;
    if (typeof answer === "string") {
      await peer.setRemoteDescription({ type: "answer", sdp: answer });
      return this.connectionChanged();
    }
    // Without an answer there may be no network yet: it is tried until the time is up. A session that is unknown is opened again.
    if (answer.code !== "network") return this.fail({ ...answer, meaning: "again" });
    await peer.setLocalDescription({ type: "rollback" });
    this.later(DISCONNECTED_MS, () => this.interrupted());
  }

  private within(milliseconds: number): void {
    if (this.deadline) clearTimeout(this.deadline);
    this.deadline = setTimeout(() => {
      // Without any network, nothing is known of UDP.
      const late = tooLate("whip", milliseconds);
      this.fail(navigator.onLine ? late : { ...late, meaning: "again" });
    }, milliseconds);
  }

  private async readStatistics(): Promise<void> {
    const reports: Record<string, unknown>[] = [];
    (await this.peer.getStats()).forEach((report: Record<string, unknown>) => void reports.push(report));
    const now = performance.now();
    this.listen(reports, now);
    if (now - this.lastRead < STATISTICS_MS) return;
    this.lastRead = now;
    this.newest = this.reader.read(reports, now);
  }

  private listen(reports: readonly Record<string, unknown>[], now: number): void {
    const received = reports.reduce((sum, { bytesReceived, responsesReceived, type }) => {
      if (type !== "candidate-pair" && type !== "transport") return sum;
      return sum + Number(bytesReceived ?? 0) + Number(responsesReceived ?? 0);
    }, 0);
    const { heard } = this;
    this.heard = received;
    if (this.isOver || !this.isLive) return;
    if (this.isRestarting || this.deadline) {
      this.silence.forget();
      if (!this.isRestarting && received > heard && this.peer.connectionState === "connected") this.backAgain();
    } else if (this.silence.look(received, now)) this.interrupted();
  }

  private fail(cause: Failure): void {
    if (this.isOver) return;
    this.close();
    this.events.onFailed(cause);
  }

  private later(milliseconds: number, call: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      if (!this.isOver) call();
    }, milliseconds);
    this.timers.add(timer);
  }
}

/**
 * Provides one WHEP viewer: its two tracks, what it reports, and how fast it is sent to. It has no queue: what it has not got yet is in the shared
 * packets of its streams, and who falls behind is moved to a key frame.
 */
import { type RtcpPacket, readRtcp, roundTripMs, SendEstimate, writeRtcp } from "@lectern/media";
import type { Paced } from "./packet-pacer.ts";
import type { RtpTransport } from "./rtp-transport.ts";
import type { TrackSender, TransportNumbers } from "./track-sender.ts";

export type ViewerLine = {
  readonly monotonic: () => number;
  readonly utc: () => number;
  /** Hands RTCP to the connection. */
  readonly sendRtcp: (bytes: Uint8Array) => void;
};

export type ViewerEvents = {
  /** The first packets of a key frame were sent, once. */
  readonly joined: () => void;
  /** It cannot show anything without a key frame, and there is none to give. */
  readonly wantsKeyFrame: () => void;
  /** It was moved past media. */
  readonly skipped: () => void;
  readonly sent: (bytes: number) => void;
  /** It has moved to the packets that it was to be moved to. */
  readonly moved: (line: RtpTransport) => void;
};

/** Who is further behind is moved to the newest key frame, where there is a newer one. */
const MAX_BEHIND_MS = 1500;
/** A viewer that begins further back than this gets a new key frame, where the publisher can make one. */
const LONG_GROUP_MS = 1000;
/** Packets of video in one turn, before others have theirs. */
const TURN_PACKETS = 16;
/** A burst goes out so much faster than the stream's own rate (draft-ietf-rmcat-gcc-02 section 4: libwebrtc has the same). */
const PACE = { factor: 2.5, leastKbps: 3000, burstBytes: 24_000 } as const;
/** A viewer that asks for key frames all the time gets no more than this. */
const KEY_FRAME_EVERY_MS = 1000;
/** Packets that one NACK is answered with. */
const MAX_ASKED = 64;
const DEFAULT_ROUND_TRIP_MS = 100;
const START_KBPS = 2000;

export class WhepViewer implements Paced {
  readonly estimate = new SendEstimate({ startKbps: START_KBPS });
  readonly transport: TransportNumbers;
  private readonly line: ViewerLine;
  private readonly events: ViewerEvents;
  private video: TrackSender | null = null;
  private audio: TrackSender | null = null;
  /** Where the picture goes on: at the newest key frame of these packets, when that is not before a unit. */
  private next: { readonly line: RtpTransport; readonly from: number } | null = null;
  private readonly countsPackets: boolean;
  private sequence = 0;
  private credit: number = PACE.burstBytes;
  private creditAt: number;
  private restartedAt = Number.NEGATIVE_INFINITY;
  private hasJoined = false;
  private isOpen = false;

  /** @param countsPackets transport-wide feedback was agreed on */
  constructor(line: ViewerLine, events: ViewerEvents, countsPackets: boolean) {
    this.line = line;
    this.events = events;
    this.creditAt = line.monotonic();
    this.countsPackets = countsPackets;
    this.transport = {
      next: (bytes, now) => {
        if (!this.countsPackets) return 0;
        this.sequence = (this.sequence + 1) & 0xffff;
        this.estimate.sent(this.sequence, bytes, now);
        return this.sequence;
      },
    };
  }

  /** The tracks of the connection, before `open`. */
  setTracks(video: TrackSender | null, audio: TrackSender | null): void {
    this.video = video;
    this.audio = audio;
  }

  /** The connection can carry media now. */
  open(): void {
    this.isOpen = true;
  }

  /** Milliseconds of picture that wait for it. */
  get behindMs(): number {
    return this.video?.behindMs ?? 0;
  }

  /** The picture comes from here: at once for the first, from the next key frame on for others. */
  showVideo(line: RtpTransport): void {
    const { video } = this;
    if (!video || video.reads === line) {
      this.next = null;
      return;
    }
    // The first picture is the newest one that there is; a GOP that has long begun would be shown twice.
    const isFirst = video.reads === null;
    this.next = { line, from: isFirst ? 0 : line.head };
    if (!isFirst) return;
    this.moveOn(video);
    if (!video.reads || video.behindMs > LONG_GROUP_MS) this.events.wantsKeyFrame();
  }

  /** The sound comes from here, beginning with what is said now. */
  playSound(line: RtpTransport): void {
    this.audio?.moveTo(line, line.head);
  }

  sendSome(now: number): "done" | "more" | "later" {
    if (!this.isOpen) return "done";
    this.earnCredit(now);
    const before = this.credit;
    const left = this.sendTracks(now);
    // Without transport-wide feedback the packets are not told apart.
    if (!this.countsPackets && this.credit < before) this.estimate.sent(null, before - this.credit, now);
    return left;
  }

  private sendTracks(now: number): "done" | "more" | "later" {
    const { audio, video } = this;
    // Sound is small, and its loss is heard at once: it never waits.
    if (audio) this.sendSound(audio, now);
    return video ? this.sendFrame(video, now) : "done";
  }

  /** Takes RTCP as it came from the network. */
  takeRtcp(bytes: Uint8Array): void {
    const packets = readRtcp(bytes);
    if (!Array.isArray(packets)) return;
    const now = this.line.monotonic();
    for (const packet of packets) this.take(packet, now);
  }

  /** Sends a sender report for each track, about once a second. @param epoch see `TrackSender.report` */
  report(epoch: number): void {
    if (!this.isOpen) return;
    const utc = this.line.utc();
    for (const track of [this.video, this.audio]) {
      const report = track?.report(utc, epoch);
      if (report) this.line.sendRtcp(writeRtcp([report, { kind: "description", chunks: [{ ssrc: report.ssrc, cname: CNAME }] }]));
    }
  }

  /** It cannot decode what it gets. The newest GOP is here for all: it begins again with that, unless it has not got that far yet. */
  refresh(): void {
    const { video } = this;
    const now = this.line.monotonic();
    const line = video?.reads;
    if (!video || !line || now - this.restartedAt < KEY_FRAME_EVERY_MS) return;
    this.restartedAt = now;
    this.events.wantsKeyFrame();
    const key = line.newestKey;
    if (key !== null && !video.isAt(key)) this.next ??= { line, from: key };
  }

  /** RFC 3550 section 6.6. */
  sayGoodbye(): void {
    const ssrcs = [this.video, this.audio].flatMap((track) => (track?.reads ? [track.sender.ssrc] : []));
    if (this.isOpen && ssrcs.length > 0) this.line.sendRtcp(writeRtcp([{ kind: "bye", ssrcs }]));
    this.isOpen = false;
  }

  private sendSound(audio: TrackSender, now: number): void {
    const line = audio.reads;
    if (line && audio.behindMs > MAX_BEHIND_MS) audio.moveTo(line, line.head);
    for (let bytes = audio.sendNext(now); bytes > 0; bytes = audio.sendNext(now)) this.spend(bytes);
  }

  private sendFrame(video: TrackSender, now: number): "done" | "more" | "later" {
    for (let count = 0; count < TURN_PACKETS; count++) {
      if (video.isBetweenUnits) this.moveOn(video);
      if (!video.hasMore) return "done";
      if (this.credit <= 0) return "later";
      const bytes = video.sendNext(now);
      if (bytes === 0) return "done";
      this.spend(bytes);
      if (!this.hasJoined) {
        this.hasJoined = true;
        this.events.joined();
      }
    }
    return video.hasMore ? "more" : "done";
  }

  /** Moves between two access units: to another rung, past what it is too slow for, or to its first key frame. */
  private moveOn(video: TrackSender): void {
    const { next } = this;
    const key = next?.line.newestKey ?? null;
    if (!next || key === null || key < next.from) return this.skipIfBehind(video);
    this.next = null;
    video.moveTo(next.line, key);
    this.events.moved(next.line);
  }

  private skipIfBehind(video: TrackSender): void {
    const line = video.reads;
    if (!line || video.behindMs <= MAX_BEHIND_MS) return;
    const key = line.newestKey;
    if (key !== null && video.isBefore(key)) {
      video.moveTo(line, key);
      this.events.skipped();
    } else if (video.behindMs === Number.POSITIVE_INFINITY) this.next ??= { line, from: line.head };
  }

  private take(packet: RtcpPacket, now: number): void {
    switch (packet.kind) {
      case "nack":
        this.sendAgain(packet, now);
        return;
      case "pli":
        if (this.video?.sender.ssrc === packet.media) this.refresh();
        return;
      case "fir":
        if (packet.entries.some(({ ssrc }) => ssrc === this.video?.sender.ssrc)) this.refresh();
        return;
      case "receiver-report":
      case "sender-report":
        for (const block of packet.reports)
          if (this.trackOf(block.ssrc)) this.estimate.reported(block, roundTripMs(block, this.line.utc()), now);
        return;
      case "remb":
        this.estimate.remb(packet.bitsPerSecond, now);
        return;
      case "transport-feedback":
        this.estimate.feedback(packet.feedback, now);
        return;
      default:
    }
  }

  /** Who asks for more than its connection carries gets no more than that. */
  private sendAgain({ media, sequences }: RtcpPacket & { kind: "nack" }, now: number): void {
    this.earnCredit(now);
    if (!this.isOpen || this.credit < -PACE.burstBytes) return;
    const bytes = this.trackOf(media)?.sendAgain(
      sequences.slice(0, MAX_ASKED),
      now,
      this.estimate.roundTripMs ?? DEFAULT_ROUND_TRIP_MS,
    );
    if (bytes) this.spend(bytes);
  }

  private trackOf(ssrc: number): TrackSender | null {
    return [this.video, this.audio].find((track) => track?.sender.ssrc === ssrc) ?? null;
  }

  private earnCredit(now: number): void {
    const kbps = Math.max(PACE.leastKbps, this.estimate.kbps(now) * PACE.factor);
    this.credit = Math.min(PACE.burstBytes, this.credit + ((now - this.creditAt) * kbps) / 8);
    this.creditAt = now;
  }

  private spend(bytes: number): void {
    this.credit -= bytes;
    this.events.sent(bytes);
  }
}

/** RFC 3550 section 6.5.1, RFC 7022: the same for both tracks of a connection, and nothing that tells who sends. */
const CNAME = "lectern";

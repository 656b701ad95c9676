/**
 * Receives what a publisher sends, RTP and RTCP in, messages for the ingest out: sorts packets to tracks, asks for lost ones again and for key frames,
 * and tells the publisher what came, so that it sends as much as the line carries. After a loss it gives no picture until the next key frame.
 */
import { randomInt } from "node:crypto";
import {
  av1Depacketizer,
  type Depacketizer,
  FeedbackRecorder,
  h264Depacketizer,
  isRtcp,
  Malformed,
  MediaClock,
  opusDepacketizer,
  RTP_EXTENSION,
  type RtcpPacket,
  type RtpPacket,
  readRtcp,
  readRtpPacket,
  rtpExtension,
  unwrapRtx,
  vp8Depacketizer,
  vp9Depacketizer,
  writeRtcp,
} from "@lectern/media";
import type { SourceMessage } from "../../streams/index.ts";
import { readRoundTripMs, writeReferenceTime } from "../extended-reports.ts";
import type { ChosenMedia, ChosenMedium } from "../sdp/choose-codecs.ts";
import { KeyFrameRequests } from "./key-frame-requests.ts";
import { LineFigures, type LossAndDelay } from "./line-figures.ts";
import { ReceivedTrack } from "./received-track.ts";
import { RembSchedule } from "./remb-schedule.ts";

export type ReceiverOptions = {
  readonly chosen: ChosenMedia;
  readonly send: (bytes: Uint8Array) => void;
  /** A frame or a configuration. */
  readonly message: (message: SourceMessage) => void;
  /** The greatest distance of key frames, milliseconds. */
  readonly keyFrameMs: () => number;
  /** Milliseconds since 1970. */
  readonly utc: () => number;
};

/** What is received by its payload type. */
type Kind = { readonly track: "audio" | "video"; readonly chosen: ChosenMedium };

/** How often `tick` is to be called. */
export const TICK_MS = 20;
/** Transport-wide feedback: draft-holmer-rmcat-transport-wide-cc-extensions-01 section 5 has 50 to 100 ms. */
const FEEDBACK_MS = 75;
const REPORT_MS = 1000;
/** Until it is known. */
const DEFAULT_ROUND_TRIP_MS = 100;
/** Another SSRC takes a track over when the one before was silent for so long. */
const TAKE_OVER_MS = 1000;
const NEXT_FEEDBACKS = 4;

export class Receiver {
  private readonly options: ReceiverOptions;
  private readonly ssrc = randomInt(1, 2 ** 32 - 1);
  private readonly kinds = new Map<number, Kind>();
  /** Payload types of retransmissions. */
  private readonly retransmissions = new Map<number, Kind>();
  private readonly transportId: number | null;
  private readonly clock = new MediaClock();
  private readonly tracks: Record<"audio" | "video", ReceivedTrack | null> = { audio: null, video: null };
  private readonly feedback = new FeedbackRecorder();
  /** Null where the publisher estimates by itself. */
  private readonly remb: RembSchedule | null;
  private readonly keyFrames: KeyFrameRequests;
  private readonly line = new LineFigures();
  private feedbackAt = 0;
  private reportAt = 0;
  private roundTripMs: number | null = null;
  private malformed = 0;

  constructor(options: ReceiverOptions) {
    this.options = options;
    this.keyFrames = new KeyFrameRequests(options.keyFrameMs);
    const { audio, video } = options.chosen;
    let transportId: number | null = null;
    for (const [track, chosen] of [
      ["audio", audio],
      ["video", video],
    ] as const) {
      if (!chosen) continue;
      const { codec, offered } = chosen;
      this.kinds.set(codec.payloadType, { track, chosen });
      if (codec.retransmission !== null) this.retransmissions.set(codec.retransmission, { track, chosen });
      if (codec.feedback.includes("transport-cc")) transportId ??= offered.extensions.get(RTP_EXTENSION.transportSequence) ?? null;
    }
    this.transportId = transportId;
    this.remb = transportId === null && video ? new RembSchedule(video.codec.clockRate) : null;
  }

  /** Loss on the line, and the time there and back; null before the first second. */
  get figures(): LossAndDelay {
    return this.line.figures(this.roundTripMs);
  }

  /** Packets that were none of RTP or RTCP, or of no track. */
  get garbage(): number {
    return this.malformed;
  }

  /** Somebody has come who needs a key frame. */
  wantKeyFrame(): void {
    this.keyFrames.want();
  }

  /** @param now monotonic milliseconds */
  take(bytes: Uint8Array, now: number): void {
    if (isRtcp(bytes)) return this.takeRtcp(bytes, now);
    const packet = readRtpPacket(bytes);
    if (packet instanceof Malformed) {
      this.malformed++;
      return;
    }
    if (this.transportId !== null) {
      const number = rtpExtension(packet, this.transportId);
      if (number && number.length >= 2) this.feedback.received(((number[0] ?? 0) << 8) | (number[1] ?? 0), now);
    }
    const kind = this.kinds.get(packet.payloadType);
    if (kind) this.takeMedia(packet, kind, now, bytes.length);
    else this.takeRetransmission(packet, now);
  }

  /** To be called every `TICK_MS`. */
  tick(now: number): void {
    const { audio, video } = this.tracks;
    if (audio) this.give("audio", audio, now);
    if (video) this.give("video", video, now);
    const asked: RtcpPacket[] = [];
    if (video) {
      this.askAgain(video, asked, now);
      const bitsPerSecond = this.remb?.take(now, this.figures.lossPercent, this.roundTripMs) ?? null;
      if (bitsPerSecond !== null) asked.push({ kind: "remb", sender: this.ssrc, bitsPerSecond, ssrcs: [video.ssrc] });
    }
    if (now - this.feedbackAt >= FEEDBACK_MS) {
      this.feedbackAt = now;
      this.tellArrivals(asked);
    }
    if (now - this.reportAt >= REPORT_MS) {
      this.reportAt = now;
      this.report(now);
    }
    if (asked.length > 0) this.options.send(writeRtcp(asked));
  }

  private takeMedia(packet: RtpPacket, kind: Kind, now: number, size: number): void {
    const track = this.trackOf(packet, kind, now);
    if (!track) {
      this.malformed++;
      return;
    }
    if (kind.track === "video") this.remb?.received(packet.timestamp, size, now);
    track.push(packet, false, now);
    this.give(kind.track, track, now);
  }

  private takeRetransmission(packet: RtpPacket, now: number): void {
    const kind = this.retransmissions.get(packet.payloadType);
    const track = kind && this.tracks[kind.track];
    if (!kind || !track) {
      this.malformed++;
      return;
    }
    const original = unwrapRtx(packet, { ssrc: track.ssrc, payloadType: kind.chosen.codec.payloadType });
    if (original instanceof Malformed) this.malformed++;
    else if (original) {
      track.push(original, true, now);
      this.give(kind.track, track, now);
    }
  }

  /** Null: the packet belongs to no track. */
  private trackOf({ ssrc }: RtpPacket, { track: name, chosen }: Kind, now: number): ReceivedTrack | null {
    const known = this.tracks[name];
    if (known?.ssrc === ssrc) return known;
    const { ssrcs } = chosen.offered;
    if (ssrcs.length > 0 && !ssrcs.includes(ssrc)) return null;
    if (known && now - known.heardAt < TAKE_OVER_MS) return null;
    const depacketizer = depacketizerOf(chosen);
    const offsetId = chosen.offered.extensions.get(RTP_EXTENSION.transmissionOffset) ?? null;
    const track = new ReceivedTrack(ssrc, depacketizer, this.clock.track(depacketizer.clockRate), offsetId, now);
    this.tracks[name] = track;
    return track;
  }

  private give(name: "audio" | "video", track: ReceivedTrack, now: number): void {
    const { message } = this.options;
    const { codec } = track.depacketizer;
    for (const { unit, time } of track.take(now)) {
      const { payload, key, disposable, configuration } = unit;
      if (configuration) message({ kind: "configuration", track: name, codec, data: configuration });
      if (name === "video" && key) this.keyFrames.came(now);
      const timestamp = Math.round(time) >>> 0;
      message({ kind: "frame", track: name, codec, timestamp, compositionOffset: 0, key, disposable, soundFlags: 0, payload });
    }
  }

  private askAgain(video: ReceivedTrack, asked: RtcpPacket[], now: number): void {
    const sequences = video.nacks(now, this.roundTripMs ?? DEFAULT_ROUND_TRIP_MS);
    const [sender, media] = [this.ssrc, video.ssrc];
    const feedback: readonly string[] = this.options.chosen.video?.codec.feedback ?? [];
    if (sequences.length > 0 && feedback.includes("nack")) asked.push({ kind: "nack", sender, media, sequences });
    if (!this.keyFrames.take(now, video.wantsKeyFrame)) return;
    if (feedback.includes("nack pli") || !feedback.includes("ccm fir")) asked.push({ kind: "pli", sender, media });
    else asked.push({ kind: "fir", sender, entries: [{ ssrc: media, sequence: this.line.nextRequest() }] });
  }

  private tellArrivals(asked: RtcpPacket[]): void {
    const media = this.tracks.video?.ssrc ?? this.tracks.audio?.ssrc ?? 0;
    for (let i = 0; i < NEXT_FEEDBACKS; i++) {
      const feedback = this.feedback.take();
      if (!feedback) return;
      asked.push({ kind: "transport-feedback", sender: this.ssrc, media, feedback });
    }
  }

  /** RFC 3550 section 6.4.2. */
  private report(now: number): void {
    const open = [this.tracks.audio, this.tracks.video].filter((track) => track !== null);
    const reports = open.flatMap((track) => track.block(now) ?? []);
    this.line.reported(open.map(({ statistics }) => statistics));
    const packets: RtcpPacket[] = [
      { kind: "receiver-report", ssrc: this.ssrc, reports },
      { kind: "description", chunks: [{ ssrc: this.ssrc, cname: "lectern" }] },
    ];
    this.options.send(Buffer.concat([writeRtcp(packets), writeReferenceTime(this.ssrc, this.options.utc())]));
  }

  private takeRtcp(bytes: Uint8Array, now: number): void {
    const packets = readRtcp(bytes);
    if (packets instanceof Malformed) {
      this.malformed++;
      return;
    }
    for (const packet of packets) {
      if (packet.kind !== "sender-report") continue;
      for (const track of [this.tracks.audio, this.tracks.video]) if (track?.ssrc === packet.ssrc) track.reported(packet, now);
    }
    this.roundTripMs = readRoundTripMs(bytes, this.ssrc, this.options.utc()) ?? this.roundTripMs;
  }
}

function depacketizerOf({ codec }: ChosenMedium): Depacketizer {
  switch (codec.name) {
    case "h264":
      return h264Depacketizer(parameterSetsOf(codec.parameters.get("sprop-parameter-sets") ?? ""));
    case "vp8":
      return vp8Depacketizer();
    case "vp9":
      return vp9Depacketizer();
    case "av1":
      return av1Depacketizer();
    default:
      // RFC 7587 section 7.1: what is sent may be stereo wherever the offer says so; decoders take either.
      return opusDepacketizer(codec.parameters.get("sprop-stereo") === "1" || codec.parameters.get("stereo") === "1" ? 2 : 1);
  }
}

/** RFC 6184 section 8.1. */
function parameterSetsOf(text: string): readonly Uint8Array[] {
  return text === ""
    ? []
    : text
        .split(",")
        .slice(0, 8)
        .map((set) => Buffer.from(set, "base64"));
}

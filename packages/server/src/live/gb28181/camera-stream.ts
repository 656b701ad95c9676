/**
 * Makes the messages of an ingest of a camera's RTP packets with a program stream (GB/T 28181-2016 annex C): H.264, HEVC and AAC as they are; G.711 is given
 * away to be encoded. Other codecs are refused in words.
 */
import {
  AccessUnitSplitter,
  isRtcp,
  Malformed,
  type PesPacket,
  PS_STREAM_TYPE,
  PsReader,
  type RtpPacket,
  readRtpPacket,
  STREAM_TYPE,
} from "@lectern/media";
import type { JobProblem } from "../../contracts/jobs/job-report.ts";
import type { SourceMessage } from "../streams/index.ts";
import { UnitMessages } from "../unit-messages.ts";
import { RtpOrder } from "./rtp-order.ts";

export type G711Law = "alaw" | "mulaw";

export type CameraStreamOptions = {
  readonly onMessage: (message: SourceMessage) => void;
  /** Sound of 8 kHz, one channel. The bytes are good only during the call. @param pts ticks of 90 kHz that do not wrap */
  readonly onG711: (law: G711Law, bytes: Uint8Array, pts: number) => void;
  /** The picture can never be shown. */
  readonly onUnsupported: (problem: JobProblem) => void;
  /** Datagrams may come in another order; a connection's bytes do not. */
  readonly isDatagrams: boolean;
  /** Monotonic milliseconds. */
  readonly now: () => number;
};

const STREAM_ID = { audio: 0xc0, lastAudio: 0xdf, video: 0xe0, lastVideo: 0xef } as const;
/** A sender that has changed its SSRC is believed after so many packets. */
const FOREIGN_PACKETS = 25;
/** A connection on which so many packets had the numbers that they should have has lost those that are missing: its sender's buffer was full. */
const STEADY_PACKETS = 50;
/** Parameter sets stand before a picture. */
const SETS_WITHIN = 256;
const CODEC_NAMES: { readonly [type: number]: string } = { [PS_STREAM_TYPE.mpeg4]: "MPEG-4", [PS_STREAM_TYPE.svac]: "SVAC" };

export class CameraStream {
  private readonly options: CameraStreamOptions;
  private readonly reader: PsReader;
  private readonly order: RtpOrder;
  private readonly units: UnitMessages;
  private splitter: AccessUnitSplitter | null = null;
  private videoType: number | null = null;
  /** What its parameter sets say. */
  private seenType: number | null = null;
  private videoId: number | null = null;
  private ssrc: number | null = null;
  private foreign = 0;
  /** On a connection: the number of the next packet, and how many have come in order. */
  private next: number | null = null;
  private inOrder = 0;
  private saidSound = false;
  private over = false;

  constructor(options: CameraStreamOptions) {
    this.options = options;
    this.units = new UnitMessages(options.onMessage);
    this.reader = new PsReader({
      onPes: (packet) => this.takePes(packet),
      onLoss: () => {
        this.splitter?.drop();
        this.fault("video", "a frame of the camera is missing or damaged");
      },
    });
    this.order = new RtpOrder({
      onPacket: (packet) => this.read(packet),
      onHole: () => this.reader.skip(),
      now: options.now,
    });
  }

  /** One packet. @param bytes good only during the call */
  push(bytes: Uint8Array): void {
    if (this.over || isRtcp(bytes)) return;
    const packet = readRtpPacket(bytes);
    if (packet instanceof Malformed || !this.isFromSender(packet)) return;
    if (this.options.isDatagrams) this.order.push({ ...packet, payload: packet.payload.slice() });
    else this.readNext(packet);
  }

  /** Bytes of a connection come in order. Cameras whose connection is slower than their picture leave packets out. */
  private readNext(packet: RtpPacket): void {
    const isNext = packet.sequence === this.next;
    if (!isNext && this.inOrder >= STEADY_PACKETS) this.reader.skip();
    this.inOrder = isNext ? this.inOrder + 1 : 0;
    this.next = (packet.sequence + 1) & 0xffff;
    this.read(packet);
  }

  /** The first sender is the camera, whether it has the SSRC that it was told or not. */
  private isFromSender({ ssrc }: RtpPacket): boolean {
    this.ssrc ??= ssrc;
    if (ssrc === this.ssrc) this.foreign = 0;
    else if (++this.foreign > FOREIGN_PACKETS) {
      this.ssrc = ssrc;
      this.order.reset();
      this.reader.skip();
    }
    return ssrc === this.ssrc;
  }

  private read({ payload, marker }: RtpPacket): void {
    this.reader.push(payload);
    if (!marker) return;
    this.reader.endFrame();
    if (this.reader.isBetween) this.splitter?.endFrame();
  }

  private takePes(packet: PesPacket): void {
    if (this.over) return;
    const { streamId } = packet;
    if (streamId >= STREAM_ID.video && streamId <= STREAM_ID.lastVideo) this.takeVideo(packet);
    else if (streamId >= STREAM_ID.audio && streamId <= STREAM_ID.lastAudio) this.takeSound(packet);
  }

  private takeVideo({ streamId, streamType, pts, dts, data }: PesPacket): void {
    this.videoId ??= streamId;
    if (streamId !== this.videoId) return;
    this.seenType = typeIn(data) ?? this.seenType;
    // Maps were seen that tell H.264 of what is HEVC, after a change of settings.
    const isOther = streamType !== null && streamType !== PS_STREAM_TYPE.h264 && streamType !== PS_STREAM_TYPE.hevc;
    const type = isOther ? streamType : (this.seenType ?? streamType);
    if (type === null) return;
    if (type !== PS_STREAM_TYPE.h264 && type !== PS_STREAM_TYPE.hevc) return this.refuse(type);
    if (type !== this.videoType) {
      this.videoType = type;
      this.splitter = this.openSplitter(type);
    }
    this.splitter?.push(data, pts === null || dts === null ? null : { pts, dts });
  }

  private openSplitter(type: number): AccessUnitSplitter {
    const isHevc = type === PS_STREAM_TYPE.hevc;
    return new AccessUnitSplitter({
      isHevc,
      onUnit: ({ pts, dts, isKey, data }) => {
        const streamType = isHevc ? STREAM_TYPE.hevc : STREAM_TYPE.h264;
        const broken = this.units.take({ streamType, pts, dts, isRandomAccess: isKey, data });
        if (broken) this.fault("video", broken.rule);
      },
    });
  }

  private takeSound({ streamType, pts, data }: PesPacket): void {
    if (pts === null || data.length === 0) return;
    const type = streamType ?? (isAdts(data) ? PS_STREAM_TYPE.aac : null);
    if (type === PS_STREAM_TYPE.aac) {
      const broken = this.units.take({ streamType: STREAM_TYPE.aac, pts, dts: pts, isRandomAccess: true, data: data.slice() });
      if (broken) this.fault("audio", broken.rule);
    } else if (type === PS_STREAM_TYPE.g711u) this.options.onG711("mulaw", data, this.units.unwrapped(pts));
    else if (type === PS_STREAM_TYPE.g711a) this.options.onG711("alaw", data, this.units.unwrapped(pts));
    else if (type !== null && !this.saidSound) {
      this.saidSound = true;
      this.fault("audio", `sound of stream type 0x${type.toString(16)}, which is neither AAC nor G.711`);
    }
  }

  private refuse(type: number): void {
    this.over = true;
    const name = CODEC_NAMES[type] ?? `of stream type 0x${type.toString(16)}`;
    this.options.onUnsupported({ code: "unsupported", detail: `The camera sends pictures ${name}. Set it to H.264 or H.265.` });
  }

  private fault(track: "video" | "audio", rule: string): void {
    this.options.onMessage({ kind: "fault", fault: { track, rule } });
  }
}

/** What the parameter sets or the delimiter before a picture tell for sure; null: there are none. Cameras send no map, a late one or a wrong one. */
function typeIn(data: Uint8Array): number | null {
  for (let i = 2; i < Math.min(data.length - 2, SETS_WITHIN); i++) {
    if (data[i] !== 1 || data[i - 1] !== 0 || data[i - 2] !== 0) continue;
    const [first = 0, second = 0] = data.subarray(i + 1, i + 3);
    // H.264 table 7-1: a sequence parameter set; a delimiter, whose kind of picture ends with a 1.
    if ((first & 0x9f) === 0x07 && first !== 0x07) return PS_STREAM_TYPE.h264;
    if (first === 0x09 && (second & 0x1f) === 0x10) return PS_STREAM_TYPE.h264;
    // HEVC table 7-1: parameter sets and a delimiter of the base layer.
    if ((first === 0x40 || first === 0x42 || first === 0x46) && second === 0x01) return PS_STREAM_TYPE.hevc;
  }
  return null;
}

function isAdts(data: Uint8Array): boolean {
  return data[0] === 0xff && ((data[1] ?? 0) & 0xf6) === 0xf0;
}

/**
 * Demuxes the MPEG-TS of a publisher into the messages of an ingest: H.264 or HEVC, and AAC or Opus. It comes from a network and from encoders of every
 * kind, so that what cannot be read is left out and counted.
 */
import {
  AdtsReader,
  AUDIO_CODEC,
  isRandomAccess,
  Malformed,
  opusHead,
  readTsOpus,
  STREAM_TYPE,
  splitAnnexB,
  TsReader,
  type TsStream,
  type TsUnit,
  VIDEO_CODEC,
} from "@lectern/media";
import { aacTicks } from "../aac-ticks.ts";
import type { SourceFault, SourceMessage } from "../streams/index.ts";
import { type Picture, UnitWriter } from "../unit-writer.ts";

export type TsSourceOptions = {
  readonly onMessage: (message: SourceMessage) => void;
  /** Nothing of the program can be shown. @param codecs of its streams, in words */
  readonly onUnreadable: (codecs: string) => void;
};

const MAX_UNIT_BYTES = 16 * 1024 * 1024;
/** `stream_type` of private streams, which descriptors name. */
const PRIVATE = 0x06;
const OPUS = "Opus";
const OPUS_TICKS_PER_SAMPLE = 90_000 / 48_000;
const OPUS_PRE_SKIP = 312;

const PICTURES: Readonly<Record<number, string>> = {
  1: "MPEG-1 video",
  2: "MPEG-2 video",
  16: "MPEG-4 part 2 video",
  33: "JPEG 2000",
  51: "VVC",
  66: "AVS video",
  210: "AVS2 video",
};
const SOUNDS: Readonly<Record<number, string>> = {
  3: "MPEG audio",
  4: "MPEG audio",
  17: "AAC in LATM",
  129: "AC-3",
  130: "DTS",
  135: "E-AC-3",
};

export class TsSource {
  private readonly options: TsSourceOptions;
  private readonly reader: TsReader;
  private readonly adts = new AdtsReader();
  private readonly writer: UnitWriter;
  /** PIDs of the tracks that are read. */
  private video: number | null = null;
  private audio: number | null = null;
  /** Where a frame that is cut by a packet's end belongs, ticks. */
  private soundEnd = 0;

  constructor(options: TsSourceOptions) {
    this.options = options;
    this.writer = new UnitWriter(options.onMessage);
    this.reader = new TsReader({
      maxUnitBytes: MAX_UNIT_BYTES,
      onStreams: (_types, streams) => this.choose(streams),
      onUnit: (unit) => this.take(unit),
      onFault: (rule) => this.fault("data", rule),
    });
  }

  /** Reads bytes as they come. */
  push(bytes: Uint8Array): void {
    this.reader.push(bytes);
  }

  /** The first picture and the first sound that can be read. */
  private choose(streams: readonly TsStream[]): void {
    this.video = streams.find(isVideo)?.pid ?? null;
    this.audio = streams.find(isSound)?.pid ?? null;
    this.adts.reset();
    const unreadable = streams.filter((one) => !isVideo(one) && !isSound(one)).flatMap(codecName);
    const isVideoLost = this.video === null && streams.some(({ streamType }) => PICTURES[streamType] !== undefined);
    if (isVideoLost || (this.video === null && this.audio === null && unreadable.length > 0))
      return this.options.onUnreadable(unreadable.join(", "));
    if (this.audio === null && unreadable.length > 0) this.fault("audio", `sound as ${unreadable.join(", ")}`);
  }

  private take(unit: TsUnit): void {
    const { pid, streamType } = unit.stream;
    if (pid !== this.video && pid !== this.audio) return;
    const time = this.writer.unwrapped(unit.dts);
    if (streamType === STREAM_TYPE.h264 || streamType === STREAM_TYPE.hevc)
      this.takeVideo(streamType === STREAM_TYPE.h264 ? VIDEO_CODEC.h264 : VIDEO_CODEC.hevc, unit, time);
    else if (streamType === STREAM_TYPE.aac) this.takeAac(unit.data, time);
    else this.takeOpus(unit, time);
  }

  private takeVideo(codec: Picture["codec"], unit: TsUnit, time: number): void {
    const nals = splitAnnexB(unit.data);
    // Not every encoder sets the indicator.
    const isKey = unit.isRandomAccess || nals.some((nal) => isRandomAccess(nal[0] ?? 0, codec === VIDEO_CODEC.hevc));
    const broken = this.writer.picture({ codec, nals, isKey, time, later: unit.pts - unit.dts });
    if (broken) this.fault("video", broken.rule);
  }

  private takeAac(data: Uint8Array, begin: number): void {
    const { carried, frames, hasFault } = this.adts.push(data);
    if (hasFault) this.fault("audio", "bytes that belong to no ADTS frame");
    if (carried) this.writer.sound(AUDIO_CODEC.aac, carried.configuration, carried.payload, this.soundEnd);
    let time = begin;
    for (const { configuration, payload } of frames) {
      this.writer.sound(AUDIO_CODEC.aac, configuration, payload, time);
      time += aacTicks(configuration);
    }
    this.soundEnd = time;
  }

  private takeOpus({ stream, data }: TsUnit, begin: number): void {
    const packets = readTsOpus(data);
    if (packets instanceof Malformed) return this.fault("audio", packets.rule);
    const head = opusHead(stream.opusChannels === 1 ? 1 : 2, OPUS_PRE_SKIP);
    let time = begin;
    for (const { payload, samples } of packets) {
      this.writer.sound(AUDIO_CODEC.opus, head, payload, time);
      time += samples * OPUS_TICKS_PER_SAMPLE;
    }
  }

  private fault(track: SourceFault["track"], rule: string): void {
    this.options.onMessage({ kind: "fault", fault: { track, rule } });
  }
}

function isVideo({ streamType }: TsStream): boolean {
  return streamType === STREAM_TYPE.h264 || streamType === STREAM_TYPE.hevc;
}

function isSound({ streamType, registration, opusChannels }: TsStream): boolean {
  if (streamType === PRIVATE) return registration === OPUS && (opusChannels ?? 2) <= 2;
  return streamType === STREAM_TYPE.aac;
}

/** None for what is neither sound nor picture. */
function codecName({ streamType, registration }: TsStream): string[] {
  const known = PICTURES[streamType] ?? SOUNDS[streamType];
  if (known) return [known];
  return streamType === PRIVATE && registration !== "" ? [registration.trim()] : [];
}

/**
 * Demuxes the MPEG-TS of a publisher into the messages of an ingest: H.264 or HEVC, and AAC or Opus. It comes from a network and from encoders of every
 * kind, so that what cannot be read is left out and counted.
 */
import {
  AdtsReader,
  AUDIO_CODEC,
  type FourCc,
  lengthPrefixed,
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
import { AVC, HEVC, ParameterSets } from "../annex-b-sets.ts";
import type { SourceFault, SourceMessage } from "../streams/index.ts";

export type TsSourceOptions = {
  readonly onMessage: (message: SourceMessage) => void;
  /** Nothing of the program can be shown. @param codecs of its streams, in words */
  readonly onUnreadable: (codecs: string) => void;
};

const MAX_UNIT_BYTES = 16 * 1024 * 1024;
const TICKS_PER_MS = 90;
const CLOCK_WRAP = 2 ** 33;
/** FLV's flags of AAC. */
const AAC_FLAGS = 15;
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
  private readonly avc = new ParameterSets(AVC);
  private readonly hevc = new ParameterSets(HEVC);
  /** PIDs of the tracks that are read. */
  private video: number | null = null;
  private audio: number | null = null;
  private configuration: Uint8Array | null = null;
  /** Where a frame that is cut by a packet's end belongs, ticks. */
  private soundEnd = 0;
  /** The newest time, unwrapped. */
  private newest: number | null = null;

  constructor(options: TsSourceOptions) {
    this.options = options;
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
    this.video = streams.find(isPicture)?.pid ?? null;
    this.audio = streams.find(isSound)?.pid ?? null;
    this.adts.reset();
    const unreadable = streams.filter((one) => !isPicture(one) && !isSound(one)).flatMap(codecName);
    const isPictureLost = this.video === null && streams.some(({ streamType }) => PICTURES[streamType] !== undefined);
    if (isPictureLost || (this.video === null && this.audio === null && unreadable.length > 0))
      return this.options.onUnreadable(unreadable.join(", "));
    if (this.audio === null && unreadable.length > 0) this.fault("audio", `sound as ${unreadable.join(", ")}`);
  }

  private take(unit: TsUnit): void {
    const { pid, streamType } = unit.stream;
    if (pid !== this.video && pid !== this.audio) return;
    const dts = this.unwrapped(unit.dts);
    if (streamType === STREAM_TYPE.h264) this.takePicture(this.avc, VIDEO_CODEC.h264, unit, dts);
    else if (streamType === STREAM_TYPE.hevc) this.takePicture(this.hevc, VIDEO_CODEC.hevc, unit, dts);
    else if (streamType === STREAM_TYPE.aac) this.takeAac(unit.data, dts);
    else this.takeOpus(unit, dts);
  }

  private takePicture(sets: ParameterSets, codec: FourCc, unit: TsUnit, dts: number): void {
    const all = splitAnnexB(unit.data);
    // Not every encoder sets the indicator.
    const key = unit.isRandomAccess || all.some(codec === VIDEO_CODEC.h264 ? isIdr : isIrap);
    const { nals, changed } = sets.takeFrom(all, key);
    if (changed instanceof Malformed) return this.fault("video", changed.rule);
    if (changed) this.options.onMessage({ kind: "configuration", track: "video", codec, data: changed });
    if (nals.length === 0) return;
    const timestamp = Math.round(dts / TICKS_PER_MS);
    const later = (unit.pts - unit.dts + CLOCK_WRAP) % CLOCK_WRAP;
    const compositionOffset = Math.round((dts + later) / TICKS_PER_MS) - timestamp;
    const fixed = { disposable: false, soundFlags: 0, payload: lengthPrefixed(nals) };
    const frame = { codec, timestamp: timestamp >>> 0, compositionOffset, key };
    this.options.onMessage({ kind: "frame", track: "video", ...frame, ...fixed });
  }

  private takeAac(data: Uint8Array, dts: number): void {
    const { carried, frames, hasFault } = this.adts.push(data);
    if (hasFault) this.fault("audio", "bytes that belong to no ADTS frame");
    if (carried) this.giveAac(carried.configuration, carried.payload, this.soundEnd);
    let time = dts;
    for (const { configuration, payload } of frames) {
      this.giveAac(configuration, payload, time);
      time += aacTicks(configuration);
    }
    this.soundEnd = time;
  }

  private giveAac(configuration: Uint8Array, payload: Uint8Array, time: number): void {
    this.configure(AUDIO_CODEC.aac, configuration);
    this.giveSound(AUDIO_CODEC.aac, payload, time, AAC_FLAGS);
  }

  private takeOpus({ stream, data }: TsUnit, dts: number): void {
    const packets = readTsOpus(data);
    if (packets instanceof Malformed) return this.fault("audio", packets.rule);
    this.configure(AUDIO_CODEC.opus, opusHead(stream.opusChannels === 1 ? 1 : 2, OPUS_PRE_SKIP));
    let time = dts;
    for (const { payload, samples } of packets) {
      this.giveSound(AUDIO_CODEC.opus, payload, time, 0);
      time += samples * OPUS_TICKS_PER_SAMPLE;
    }
  }

  private configure(codec: FourCc, data: Uint8Array): void {
    if (this.configuration && Buffer.compare(this.configuration, data) === 0) return;
    this.configuration = data;
    this.options.onMessage({ kind: "configuration", track: "audio", codec, data });
  }

  private giveSound(codec: FourCc, payload: Uint8Array, time: number, soundFlags: number): void {
    const timestamp = Math.round(time / TICKS_PER_MS) >>> 0;
    const fixed = { key: true, disposable: false, compositionOffset: 0 };
    this.options.onMessage({ kind: "frame", track: "audio", codec, timestamp, ...fixed, soundFlags, payload });
  }

  private fault(track: SourceFault["track"], rule: string): void {
    this.options.onMessage({ kind: "fault", fault: { track, rule } });
  }

  /** The clock of 33 bits wraps after 26.5 hours. */
  private unwrapped(ticks: number): number {
    const near = this.newest ?? ticks;
    this.newest = ticks + Math.round((near - ticks) / CLOCK_WRAP) * CLOCK_WRAP;
    return this.newest;
  }
}

function isPicture({ streamType }: TsStream): boolean {
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

function isIdr(nal: Uint8Array): boolean {
  return ((nal[0] ?? 0) & 31) === 5;
}

/** ISO/IEC 23008-2 table 7-1: BLA, IDR and CRA pictures. */
function isIrap(nal: Uint8Array): boolean {
  const type = ((nal[0] ?? 0) >> 1) & 63;
  return type >= 16 && type <= 21;
}

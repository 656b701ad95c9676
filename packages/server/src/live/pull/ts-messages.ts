/**
 * Demuxes the MPEG-TS that ffmpeg writes into the messages of an ingest: H.264, HEVC and AAC.
 *
 * MPEG-TS and not FLV, because ffmpeg before 6.1 writes no HEVC into FLV; and not MP4, because that is not begun before all tracks have
 * a frame, and cameras announce sound that never comes. Frames are copied: of a picture, only the parameter sets and delimiters are taken
 * out, since the configuration has them (ISO/IEC 14496-15 sections 5.3.2 and 8.2).
 */
import {
  AUDIO_CODEC,
  AVC_NAL,
  HEVC_NAL,
  lengthPrefixed,
  Malformed,
  STREAM_TYPE,
  splitAdts,
  splitAnnexB,
  TsReader,
  type TsUnit,
  VIDEO_CODEC,
  writeAvcConfiguration,
  writeHevcConfiguration,
} from "@lectern/media";
import type { SourceMessage } from "../streams/index.ts";

export type TsMessagesOptions = {
  readonly onMessage: (message: SourceMessage) => void;
  /**
   * A stream cannot be read: pictures, or sound that has delivered something. Sound that is only announced does not matter, since many cameras
   * send none.
   * @param isPicture the program's sound can be read
   */
  readonly onUnknownStream: (isPicture: boolean) => void;
};

/** Sound that is announced comes within this, or not at all. */
const DECIDED_MS = 1000;
const MAX_UNIT_BYTES = 16 * 1024 * 1024;
const TICKS_PER_MS = 90;
const TICKS_PER_SECOND = 90_000;
const CLOCK_WRAP = 2 ** 33;
const SAMPLES_PER_FRAME = 1024;
/** FLV's flags of AAC. */
const AAC_FLAGS = 15;
const KNOWN: ReadonlySet<number> = new Set(Object.values(STREAM_TYPE));
/** As in AudioSpecificConfig: ISO/IEC 14496-3 table 1.18. */
const SAMPLE_RATES = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];

export class TsMessages {
  private readonly options: TsMessagesOptions;
  private readonly reader: TsReader;
  private readonly avc = new ParameterSets(AVC);
  private readonly hevc = new ParameterSets(HEVC);
  private sound: Uint8Array | null = null;
  private types: readonly number[] = [];
  /** While it is open whether announced sound comes, which cannot be read: then everything begins again. */
  private held: SourceMessage[] | null = null;
  /** The newest time, unwrapped. */
  private newest: number | null = null;
  private broken: Malformed | null = null;

  constructor(options: TsMessagesOptions) {
    this.options = options;
    this.reader = new TsReader({
      maxUnitBytes: MAX_UNIT_BYTES,
      onStreams: (types) => {
        this.types = types;
        // What is neither of both tracks is the picture: nothing of it is to be published, its sound neither.
        const isUnknown = types.some((type) => !KNOWN.has(type));
        if (isUnknown && types.includes(STREAM_TYPE.aac)) options.onUnknownStream(true);
        else if (isUnknown) this.held = [];
      },
      onUnit: (unit) => this.take(unit),
    });
  }

  /** Reads bytes. After `Malformed` nothing more can be read. */
  push(bytes: Uint8Array): Malformed | null {
    this.broken ??= this.reader.push(bytes);
    return this.broken;
  }

  /** Gives the frames that no other one follows. */
  end(): void {
    if (this.broken) return;
    this.reader.end();
    this.release();
  }

  private give(message: SourceMessage): void {
    if (!this.held) return this.options.onMessage(message);
    this.held.push(message);
    const first = this.held.find((other) => other.kind === "frame");
    if (message.kind === "frame" && first?.kind === "frame" && ((message.timestamp - first.timestamp) | 0) >= DECIDED_MS)
      this.release();
  }

  private release(): void {
    const held = this.held ?? [];
    this.held = null;
    for (const message of held) this.options.onMessage(message);
  }

  private take(unit: TsUnit): void {
    if (this.broken) return;
    if (!KNOWN.has(unit.streamType)) return this.options.onUnknownStream(this.types.includes(STREAM_TYPE.aac));
    const dts = this.unwrapped(unit.dts);
    if (unit.streamType === STREAM_TYPE.aac) this.takeSound(unit.data, dts);
    else if (unit.streamType === STREAM_TYPE.h264) this.takePicture(this.avc, VIDEO_CODEC.h264, unit, dts);
    else if (unit.streamType === STREAM_TYPE.hevc) this.takePicture(this.hevc, VIDEO_CODEC.hevc, unit, dts);
  }

  private takePicture(sets: ParameterSets, codec: string, unit: TsUnit, dts: number): void {
    const { pts, data, isRandomAccess } = unit;
    const { nals, changed } = sets.takeFrom(splitAnnexB(data), isRandomAccess);
    if (changed instanceof Malformed) {
      this.broken = changed;
      return;
    }
    if (changed) this.give({ kind: "configuration", track: "video", codec, data: changed });
    if (nals.length === 0) return;
    const timestamp = Math.round(dts / TICKS_PER_MS);
    const later = (pts - unit.dts + CLOCK_WRAP) % CLOCK_WRAP;
    const compositionOffset = Math.round((dts + later) / TICKS_PER_MS) - timestamp;
    const fixed = { disposable: false, soundFlags: 0, payload: lengthPrefixed(nals) };
    const frame = { codec, timestamp: timestamp >>> 0, compositionOffset, key: isRandomAccess };
    this.give({ kind: "frame", track: "video", ...frame, ...fixed });
  }

  private takeSound(data: Uint8Array, dts: number): void {
    const frames = splitAdts(data);
    if (frames instanceof Malformed) {
      this.broken = frames;
      return;
    }
    const codec = AUDIO_CODEC.aac;
    frames.forEach(({ configuration, payload }, i) => {
      if (!this.sound || Buffer.compare(this.sound, configuration) !== 0) {
        this.sound = configuration;
        this.give({ kind: "configuration", track: "audio", codec, data: configuration });
      }
      const timestamp = Math.round((dts + i * ticksOf(configuration)) / TICKS_PER_MS) >>> 0;
      const fixed = { key: true, disposable: false, compositionOffset: 0, soundFlags: AAC_FLAGS };
      this.give({ kind: "frame", track: "audio", codec, timestamp, ...fixed, payload });
    });
  }

  /** The clock of 33 bits wraps after 26.5 hours. */
  private unwrapped(ticks: number): number {
    const near = this.newest ?? ticks;
    const time = ticks + Math.round((near - ticks) / CLOCK_WRAP) * CLOCK_WRAP;
    this.newest = time;
    return time;
  }
}

function ticksOf(configuration: Uint8Array): number {
  const index = (((configuration[0] ?? 0) & 7) << 1) | ((configuration[1] ?? 0) >> 7);
  return (SAMPLES_PER_FRAME * TICKS_PER_SECOND) / (SAMPLE_RATES[index] ?? 48_000);
}

/** What differs between the codecs. */
type SetRules = {
  readonly typeOf: (nal: Uint8Array) => number;
  readonly sets: readonly number[];
  readonly delimiter: number;
  readonly configuration: (sets: (type: number) => readonly Uint8Array[]) => Uint8Array | Malformed;
};

const AVC: SetRules = {
  typeOf: (nal) => (nal[0] ?? 0) & 31,
  sets: [AVC_NAL.sps, AVC_NAL.pps],
  delimiter: AVC_NAL.delimiter,
  configuration: (sets) => writeAvcConfiguration(sets(AVC_NAL.sps), sets(AVC_NAL.pps)),
};
const HEVC: SetRules = {
  typeOf: (nal) => ((nal[0] ?? 0) >> 1) & 63,
  sets: [HEVC_NAL.vps, HEVC_NAL.sps, HEVC_NAL.pps],
  delimiter: HEVC_NAL.delimiter,
  configuration: (sets) => writeHevcConfiguration([...sets(HEVC_NAL.vps), ...sets(HEVC_NAL.sps), ...sets(HEVC_NAL.pps)]),
};

/** The parameter sets that are in force, by type. */
class ParameterSets {
  private readonly rules: SetRules;
  private known = new Map<number, readonly Uint8Array[]>();

  constructor(rules: SetRules) {
    this.rules = rules;
  }

  /**
   * Takes the parameter sets out of an access unit. Only a key frame changes the configuration: those of another frame that are not
   * known yet stay in it.
   * @returns the rest, and the new configuration; null where it stays
   */
  takeFrom(all: readonly Uint8Array[], isKey: boolean): { nals: readonly Uint8Array[]; changed: Uint8Array | null | Malformed } {
    const { typeOf, sets, delimiter } = this.rules;
    const isSet = (nal: Uint8Array) => sets.includes(typeOf(nal));
    let changed: Uint8Array | null | Malformed = null;
    if (isKey && all.some((nal) => isSet(nal) && !this.isKnown(nal))) {
      for (const type of sets) {
        const found = all.filter((nal) => typeOf(nal) === type);
        if (found.length > 0) this.known.set(type, withoutTwins(found));
      }
      changed = this.rules.configuration((type) => this.known.get(type) ?? []);
    }
    const nals = all.filter((nal) => typeOf(nal) !== delimiter && !(isSet(nal) && this.isKnown(nal)));
    return { nals, changed };
  }

  private isKnown(nal: Uint8Array): boolean {
    return (this.known.get(this.rules.typeOf(nal)) ?? []).some((set) => Buffer.compare(set, nal) === 0);
  }
}

function withoutTwins(nals: readonly Uint8Array[]): Uint8Array[] {
  return nals.filter((nal, i) => nals.findIndex((other) => Buffer.compare(other, nal) === 0) === i);
}

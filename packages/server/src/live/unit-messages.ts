/**
 * Makes the messages of an ingest of the units that a transport or a program stream carries: access units of H.264 and HEVC, and AAC.
 *
 * Frames are copied: of a picture, only the parameter sets and delimiters are taken out, since the configuration has them (ISO/IEC 14496-15 sections 5.3.2 and
 * 8.2).
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
  type TsUnit,
  VIDEO_CODEC,
  writeAvcConfiguration,
  writeHevcConfiguration,
} from "@lectern/media";
import type { SourceMessage } from "./streams/index.ts";

const TICKS_PER_MS = 90;
const TICKS_PER_SECOND = 90_000;
const CLOCK_WRAP = 2 ** 33;
const SAMPLES_PER_FRAME = 1024;
/** FLV's flags of AAC. */
const AAC_FLAGS = 15;
/** As in AudioSpecificConfig: ISO/IEC 14496-3 table 1.18. */
const SAMPLE_RATES = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];

export class UnitMessages {
  private readonly give: (message: SourceMessage) => void;
  private readonly avc = new ParameterSets(AVC);
  private readonly hevc = new ParameterSets(HEVC);
  private sound: Uint8Array | null = null;
  /** The newest time, unwrapped. */
  private newest: number | null = null;

  constructor(onMessage: (message: SourceMessage) => void) {
    this.give = onMessage;
  }

  /** @param unit of a stream type that is in `STREAM_TYPE` */
  take(unit: TsUnit): Malformed | null {
    const dts = this.unwrapped(unit.dts);
    if (unit.streamType === STREAM_TYPE.aac) return this.takeSound(unit.data, dts);
    if (unit.streamType === STREAM_TYPE.h264) return this.takePicture(this.avc, VIDEO_CODEC.h264, unit, dts);
    return unit.streamType === STREAM_TYPE.hevc ? this.takePicture(this.hevc, VIDEO_CODEC.hevc, unit, dts) : null;
  }

  private takePicture(sets: ParameterSets, codec: string, unit: TsUnit, dts: number): Malformed | null {
    const { pts, data, isRandomAccess } = unit;
    const { nals, changed } = sets.takeFrom(splitAnnexB(data), isRandomAccess);
    if (changed instanceof Malformed) return changed;
    if (changed) this.give({ kind: "configuration", track: "video", codec, data: changed });
    if (nals.length === 0) return null;
    const timestamp = Math.round(dts / TICKS_PER_MS);
    const later = (pts - unit.dts + CLOCK_WRAP) % CLOCK_WRAP;
    const compositionOffset = Math.round((dts + later) / TICKS_PER_MS) - timestamp;
    const fixed = { disposable: false, soundFlags: 0, payload: lengthPrefixed(nals) };
    const frame = { codec, timestamp: timestamp >>> 0, compositionOffset, key: isRandomAccess };
    this.give({ kind: "frame", track: "video", ...frame, ...fixed });
    return null;
  }

  private takeSound(data: Uint8Array, dts: number): Malformed | null {
    const frames = splitAdts(data);
    if (frames instanceof Malformed) return frames;
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
    return null;
  }

  /** The clock of 33 bits wraps after 26.5 hours. @returns ticks that go on */
  unwrapped(ticks: number): number {
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

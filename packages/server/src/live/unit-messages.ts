/**
 * Makes the messages of an ingest of the units that a transport or a program stream carries: access units of H.264 and HEVC, and AAC.
 *
 * Frames are copied: of a picture, only the parameter sets and delimiters are taken out, since the configuration has them (ISO/IEC 14496-15 sections 5.3.2 and
 * 8.2).
 */
import {
  AUDIO_CODEC,
  lengthPrefixed,
  Malformed,
  STREAM_TYPE,
  splitAdts,
  splitAnnexB,
  type TsUnit,
  VIDEO_CODEC,
} from "@lectern/media";
import { aacTicks } from "./aac-ticks.ts";
import { AVC, HEVC, ParameterSets } from "./annex-b-sets.ts";
import type { SourceMessage } from "./streams/index.ts";

const TICKS_PER_MS = 90;
const CLOCK_WRAP = 2 ** 33;
/** FLV's flags of AAC. */
const AAC_FLAGS = 15;

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
  take(unit: Omit<TsUnit, "stream">): Malformed | null {
    const dts = this.unwrapped(unit.dts);
    if (unit.streamType === STREAM_TYPE.aac) return this.takeSound(unit.data, dts);
    if (unit.streamType === STREAM_TYPE.h264) return this.takePicture(this.avc, VIDEO_CODEC.h264, unit, dts);
    return unit.streamType === STREAM_TYPE.hevc ? this.takePicture(this.hevc, VIDEO_CODEC.hevc, unit, dts) : null;
  }

  private takePicture(sets: ParameterSets, codec: string, unit: Omit<TsUnit, "stream">, dts: number): Malformed | null {
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
      const timestamp = Math.round((dts + i * aacTicks(configuration)) / TICKS_PER_MS) >>> 0;
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

/**
 * Gives the messages of an ingest for the pictures and the sound of MPEG's streams, whose times are ticks of 90 kHz.
 *
 * Frames are copied: of a picture, only the parameter sets and delimiters are taken out, since the configuration has them (ISO/IEC 14496-15 sections 5.3.2 and
 * 8.2).
 */
import { AUDIO_CODEC, lengthPrefixed, Malformed, VIDEO_CODEC } from "@lectern/media";
import { AVC, HEVC, ParameterSets } from "./annex-b-sets.ts";
import type { SourceMessage } from "./streams/index.ts";

export type Picture = {
  readonly codec: typeof VIDEO_CODEC.h264 | typeof VIDEO_CODEC.hevc;
  /** Of its access unit. */
  readonly nals: readonly Uint8Array[];
  readonly isKey: boolean;
  /** When it is decoded, in ticks that do not wrap. */
  readonly time: number;
  /** How much later it is shown, ticks; modulo 33 bits. */
  readonly later: number;
};

const TICKS_PER_MS = 90;
const CLOCK_WRAP = 2 ** 33;
/** FLV's flags of AAC. */
const AAC_FLAGS = 15;

export class UnitWriter {
  private readonly give: (message: SourceMessage) => void;
  private readonly avc = new ParameterSets(AVC);
  private readonly hevc = new ParameterSets(HEVC);
  private configuration: Uint8Array | null = null;
  /** The newest time, unwrapped. */
  private newest: number | null = null;

  constructor(onMessage: (message: SourceMessage) => void) {
    this.give = onMessage;
  }

  /** The clock of 33 bits wraps after 26.5 hours. @returns ticks that go on */
  unwrapped(ticks: number): number {
    const near = this.newest ?? ticks;
    this.newest = ticks + Math.round((near - ticks) / CLOCK_WRAP) * CLOCK_WRAP;
    return this.newest;
  }

  /** @returns why its parameter sets cannot be read; null: they can */
  picture({ codec, nals: all, isKey, time, later }: Picture): Malformed | null {
    const sets = codec === VIDEO_CODEC.h264 ? this.avc : this.hevc;
    const { nals, changed } = sets.takeFrom(all, isKey);
    if (changed instanceof Malformed) return changed;
    if (changed) this.give({ kind: "configuration", track: "video", codec, data: changed });
    if (nals.length === 0) return null;
    const timestamp = Math.round(time / TICKS_PER_MS);
    const shown = Math.round((time + ((later + CLOCK_WRAP) % CLOCK_WRAP)) / TICKS_PER_MS);
    this.give({
      kind: "frame",
      track: "video",
      codec,
      timestamp: timestamp >>> 0,
      compositionOffset: shown - timestamp,
      key: isKey,
      disposable: false,
      soundFlags: 0,
      payload: lengthPrefixed(nals),
    });
    return null;
  }

  /** @param time of the frame, ticks that do not wrap */
  sound(
    codec: typeof AUDIO_CODEC.aac | typeof AUDIO_CODEC.opus,
    configuration: Uint8Array,
    payload: Uint8Array,
    time: number,
  ): void {
    if (!this.configuration || Buffer.compare(this.configuration, configuration) !== 0) {
      this.configuration = configuration;
      this.give({ kind: "configuration", track: "audio", codec, data: configuration });
    }
    this.give({
      kind: "frame",
      track: "audio",
      codec,
      timestamp: Math.round(time / TICKS_PER_MS) >>> 0,
      compositionOffset: 0,
      key: true,
      disposable: false,
      soundFlags: codec === AUDIO_CODEC.aac ? AAC_FLAGS : 0,
      payload,
    });
  }
}

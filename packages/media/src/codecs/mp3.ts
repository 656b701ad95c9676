/** Implements MP3: the header of a frame, ISO/IEC 11172-3 section 2.4.1.3 and 13818-3 section 2.4.1; the lowest rates by the unofficial MPEG 2.5. */
import { BitReader } from "../bytes/bit-reader.ts";
import { Malformed } from "../bytes/malformed.ts";
import type { AudioFormat } from "./audio-format.ts";

const SYNC = 0x7ff;
const LAYER_3 = 1;
const VERSION = { mpeg25: 0, mpeg2: 2, mpeg1: 3 } as const;
/** Of MPEG 1; MPEG 2 has half of each, and MPEG 2.5 a quarter. */
const SAMPLE_RATES = [44100, 48000, 32000];
const SINGLE_CHANNEL = 3;

/** What a frame of MP3 says of itself; there is no other configuration. `Malformed` when it is none. */
export function parseMp3Header(frame: Uint8Array): AudioFormat | Malformed {
  const bits = new BitReader(frame);
  const sync = bits.bits(11);
  const version = bits.bits(2);
  const layer = bits.bits(2);
  // Protection and bit rate.
  bits.skip(1 + 4);
  const rate = SAMPLE_RATES[bits.bits(2)];
  // Padding and the private bit.
  bits.skip(2);
  const mode = bits.bits(2);
  if (bits.failed || sync !== SYNC || version === 1 || layer !== LAYER_3 || rate === undefined)
    return new Malformed("this is not a frame of MP3");
  const isFull = version === VERSION.mpeg1;
  return {
    sampleRate: isFull ? rate : version === VERSION.mpeg2 ? rate / 2 : rate / 4,
    channels: mode === SINGLE_CHANNEL ? 1 : 2,
    frameSamples: isFull ? 1152 : 576,
    profile: "MP3",
    codecString: "mp3",
  };
}

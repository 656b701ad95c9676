/** Implements AAC frames with ADTS headers, as in MPEG-TS: ISO/IEC 13818-7 section 6.2. */
import { ByteReader } from "../bytes/byte-reader.ts";
import { Malformed } from "../bytes/malformed.ts";

export type AdtsFrame = {
  /** The AudioSpecificConfig that decodes it: object type, sample rate and channels in two bytes. */
  readonly configuration: Uint8Array;
  /** The raw frame. */
  readonly payload: Uint8Array;
};

const SYNC_WORD = 0xfff;
const HEADER_SIZE = 7;
const CHECKSUM_SIZE = 2;

/** Takes the headers off the frames of a stream, which begins with one. Payloads are views. */
export function splitAdts(bytes: Uint8Array): AdtsFrame[] | Malformed {
  const frames: AdtsFrame[] = [];
  const reader = new ByteReader(bytes);
  while (reader.left > 0) {
    const first = reader.u16();
    const second = reader.u16();
    const third = reader.u16();
    const blocks = reader.u8() & 3;
    if (first >> 4 !== SYNC_WORD) return new Malformed("an ADTS frame without its sync word");
    const hasChecksum = (first & 1) === 0;
    const length = ((second & 3) << 11) | (third >> 5);
    const header = HEADER_SIZE + (hasChecksum ? CHECKSUM_SIZE : 0);
    if (length < header) return new Malformed(`an ADTS frame of ${length} bytes`);
    if (blocks > 0) return new Malformed("an ADTS frame of several raw blocks");
    reader.skip(header - HEADER_SIZE);
    const payload = reader.view(length - header);
    const cut = reader.checked("an ADTS frame");
    if (cut) return cut;
    frames.push({ configuration: configurationOf(second), payload });
  }
  return frames;
}

/** Whether the bytes begin as an ADTS header: a raw frame never does, since it would end at once, and neither does a configuration. */
export function beginsWithAdts(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xf6) === 0xf0 && bytes.length >= HEADER_SIZE;
}

/** The configuration that is meant where an ADTS header stands in its place; else as it came. */
export function meantAacConfiguration(data: Uint8Array): Uint8Array {
  return beginsWithAdts(data) ? configurationOf(((data[2] ?? 0) << 8) | (data[3] ?? 0)) : data;
}

/** Of the profile, the index of the sample rate and the channels, which AudioSpecificConfig has in the same order: 14496-3 section 1.6.2.1. */
function configurationOf(bits: number): Uint8Array {
  const objectType = (bits >> 14) + 1;
  const rateIndex = (bits >> 10) & 15;
  const channels = (bits >> 6) & 7;
  return Uint8Array.of((objectType << 3) | (rateIndex >> 1), ((rateIndex & 1) << 7) | (channels << 3));
}

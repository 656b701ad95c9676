/**
 * Tells raw AAC frames that no decoder takes from others, by what stands before their Huffman codes: ISO/IEC 14496-3 section 4.4.2. Rubbish of random bytes
 * passes three times in a thousand; a frame of an encoder always does.
 */
import { BitReader } from "../bytes/bit-reader.ts";

/** Object types whose frames are raw data blocks, each element behind its id: LC, also as the core of SBR and parametric stereo. */
const LOW_COMPLEXITY: ReadonlySet<number> = new Set([2, 5, 29]);
const EXPLICIT_RATE = 15;
const ELEMENT = { single: 0, pair: 1, coupling: 2, lowFrequency: 3, data: 4, program: 5, fill: 6, end: 7 } as const;
const EIGHT_SHORT = 2;
/** Scale factor bands of each sample rate: tables 4.129 to 4.147. Those of frames with 960 samples are fewer. */
const LONG_BANDS = [41, 41, 47, 49, 49, 51, 47, 47, 43, 43, 43, 40, 40];
const SHORT_BANDS = [12, 12, 12, 14, 14, 14, 15, 15, 15, 15, 15, 15, 15];
const MOST_BANDS = { long: 51, short: 15 } as const;
const RESERVED_CODEBOOK = 12;
const RESERVED_MASK = 3;

/** Cores of parametric stereo have no higher rate than 24 kHz, index 6. They have one channel, where configurations may say two. */
const LEAST_PARAMETRIC = 6;
const LOW_COMPLEXITY_ALONE = 2;

/** What a frame of a configuration is checked by. channels: 0 for any. */
type Rules = { readonly channels: number; readonly long: number; readonly short: number };

/** Checks the raw frames of one configuration. */
export class AacFrames {
  private readonly rules: Rules | null;

  /** @param configuration an AudioSpecificConfig */
  constructor(configuration: Uint8Array) {
    this.rules = rulesOf(configuration);
  }

  /** False: no decoder takes the frame. True also where that cannot be told. */
  fits(frame: Uint8Array): boolean {
    const { rules } = this;
    if (!rules) return true;
    const bits = new BitReader(frame);
    const first = skipToChannels(bits);
    // An element for no channel is all that some frames have.
    if (first === ELEMENT.end) return !bits.failed && isPadding(bits, frame);
    const hasChannels = first === ELEMENT.pair ? rules.channels !== 1 : first === ELEMENT.single && rules.channels !== 2;
    return hasChannels && elementFits(bits, first === ELEMENT.pair, rules) && !bits.failed;
  }
}

function rulesOf(configuration: Uint8Array): Rules | null {
  const bits = new BitReader(configuration);
  const type = bits.bits(5);
  const rate = bits.bits(4);
  if (rate === EXPLICIT_RATE) bits.skip(24);
  const channels = bits.bits(4);
  if (bits.failed || !LOW_COMPLEXITY.has(type)) return null;
  const isCore = type !== LOW_COMPLEXITY_ALONE || rate >= LEAST_PARAMETRIC;
  return {
    channels: isCore && channels === 2 ? 0 : channels,
    long: LONG_BANDS[rate] ?? MOST_BANDS.long,
    short: SHORT_BANDS[rate] ?? MOST_BANDS.short,
  };
}

/** Reads to the first element that has a channel, or the end. Gives its id. */
function skipToChannels(bits: BitReader): number {
  while (!bits.failed) {
    const id = bits.bits(3);
    if (id === ELEMENT.data) skipData(bits);
    else if (id === ELEMENT.program) skipProgram(bits);
    else if (id === ELEMENT.fill) skipFill(bits);
    else return id;
  }
  return ELEMENT.end;
}

function skipData(bits: BitReader): void {
  bits.skip(4);
  const isAligned = bits.flag();
  let count = bits.bits(8);
  if (count === 255) count += bits.bits(8);
  if (isAligned) bits.align();
  bits.skip(count * 8);
}

function skipFill(bits: BitReader): void {
  let count = bits.bits(4);
  if (count === 15) count += bits.bits(8) - 1;
  bits.skip(count * 8);
}

/** program_config_element(): table 4.2. */
function skipProgram(bits: BitReader): void {
  bits.skip(4 + 2 + 4);
  const [front, side, back, lowFrequency, data, coupling] = [4, 4, 4, 2, 3, 4].map((length) => bits.bits(length));
  for (const length of [4, 4, 3]) if (bits.flag()) bits.skip(length);
  bits.skip(5 * ((front ?? 0) + (side ?? 0) + (back ?? 0) + (coupling ?? 0)) + 4 * ((lowFrequency ?? 0) + (data ?? 0)));
  bits.align();
  bits.skip(8 * bits.bits(8));
}

/** Some encoders leave a byte behind the end. */
function isPadding(bits: BitReader, frame: Uint8Array): boolean {
  return frame.length * 8 - bits.position < 16;
}

/** A single channel, or a pair of them, as far as its first scale factors. */
function elementFits(bits: BitReader, isPair: boolean, rules: Rules): boolean {
  bits.skip(4);
  const isShared = isPair && bits.flag();
  if (!isShared) bits.skip(8);
  const window = readWindow(bits, rules);
  if (!window) return false;
  if (isShared) {
    const mask = bits.bits(2);
    if (mask === RESERVED_MASK) return false;
    if (mask === 1) bits.skip(window.groups * window.bands);
    bits.skip(8);
  }
  return sectionsFit(bits, window);
}

type Window = { readonly isShort: boolean; readonly groups: number; readonly bands: number };

/** ics_info(): table 4.6. Prediction is of other object types. Null: a decoder refuses it. */
function readWindow(bits: BitReader, rules: Rules): Window | null {
  if (bits.flag()) return null;
  const isShort = bits.bits(2) === EIGHT_SHORT;
  bits.skip(1);
  const bands = bits.bits(isShort ? 4 : 6);
  if (bands > (isShort ? rules.short : rules.long)) return null;
  if (!isShort) return bits.flag() ? null : { isShort, groups: 1, bands };
  // Each bit that is not set begins another group of the eight windows.
  let groups = 1;
  for (let window = 1; window < 8; window++) if (!bits.flag()) groups++;
  return { isShort, groups, bands };
}

/** section_data(): table 4.52. The sections of each group end with its last band. */
function sectionsFit(bits: BitReader, { isShort, groups, bands }: Window): boolean {
  const lengthBits = isShort ? 3 : 5;
  const goesOn = (1 << lengthBits) - 1;
  for (let group = 0; group < groups; group++) {
    let band = 0;
    while (band < bands) {
      if (bits.bits(4) === RESERVED_CODEBOOK || bits.failed) return false;
      let length = goesOn;
      while (length === goesOn) {
        length = bits.bits(lengthBits);
        band += length;
        if (band > bands) return false;
      }
    }
  }
  return true;
}

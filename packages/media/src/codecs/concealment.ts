/** Makes frames for sound that is missing: Opus is told that a packet was lost and bridges it; AAC is silent. */
import { BitReader } from "../bytes/bit-reader.ts";
import { AUDIO_CODEC, type FourCc } from "./four-cc.ts";

/**
 * A frame in the place of one that is missing; null for codecs of which none is made.
 * @param configuration of the track. @param before the frame before, which one of Opus is as long as
 */
export function concealingFrame(codec: FourCc, configuration: Uint8Array, before: Uint8Array): Uint8Array | null {
  if (codec === AUDIO_CODEC.opus) return opusLoss(before);
  return codec === AUDIO_CODEC.aac ? aacSilence(configuration) : null;
}

/** RFC 6716 section 3.2.1: a frame without a byte stands for one that was lost. Section 3.1: the two lowest bits count frames, 0 is one. */
function opusLoss(before: Uint8Array): Uint8Array | null {
  const [toc] = before;
  return toc === undefined ? null : Uint8Array.of(toc & ~3);
}

/** ISO/IEC 14496-3 table 1.16: what of the object types is a raw data block of section 4.4.2.1, with or without SBR. */
const BLOCK_TYPES: readonly number[] = [1, 2, 5, 29];
const EXPLICIT_RATE = 15;
/** Table 4.85. */
const ELEMENT = { single: 0, pair: 1, lowFrequency: 3, end: 7 } as const;
/** The elements of each channel configuration: table 1.19. */
const ELEMENTS: readonly (readonly number[])[] = [
  [],
  [ELEMENT.single],
  [ELEMENT.pair],
  [ELEMENT.single, ELEMENT.pair],
  [ELEMENT.single, ELEMENT.pair, ELEMENT.single],
  [ELEMENT.single, ELEMENT.pair, ELEMENT.pair],
  [ELEMENT.single, ELEMENT.pair, ELEMENT.pair, ELEMENT.lowFrequency],
];
/** `ics_info` of a long window without bands: reserved, sequence, shape, `max_sfb`, no prediction. */
const NO_BANDS = "0" + "00" + "0" + "000000" + "0";
/** `global_gain`, which no band uses. */
const GAIN = "00000000";
/** No pulses, no noise shaping, no gain control. */
const NO_TOOLS = "000";

function aacSilence(configuration: Uint8Array): Uint8Array | null {
  const bits = new BitReader(configuration);
  const type = bits.bits(5);
  if (bits.bits(4) === EXPLICIT_RATE) bits.bits(24);
  const elements = ELEMENTS[bits.bits(4)];
  if (bits.failed || !BLOCK_TYPES.includes(type) || !elements || elements.length === 0) return null;
  const numbers = new Map<number, number>();
  let block = "";
  for (const element of elements) {
    const number = numbers.get(element) ?? 0;
    numbers.set(element, number + 1);
    block += binary(element, 3) + binary(number, 4);
    // A pair has one `ics_info` for both channels, and no `ms_mask`.
    block += element === ELEMENT.pair ? `1${NO_BANDS}00${GAIN}${NO_TOOLS}${GAIN}${NO_TOOLS}` : GAIN + NO_BANDS + NO_TOOLS;
  }
  block += binary(ELEMENT.end, 3);
  const bytes = block.match(/.{1,8}/g) ?? [];
  return Uint8Array.from(bytes, (byte) => Number.parseInt(byte.padEnd(8, "0"), 2));
}

const binary = (value: number, length: number): string => value.toString(2).padStart(length, "0");

/** Implements AAC: AudioSpecificConfig, ISO/IEC 14496-3 section 1.6.2.1. */
import { BitReader } from "../bytes/bit-reader.ts";
import { Malformed } from "../bytes/malformed.ts";
import type { AudioFormat } from "./audio-format.ts";

const SAMPLE_RATES = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];
const EXPLICIT_RATE = 15;
const ESCAPED_TYPE = 31;
const SBR = 5;
const PARAMETRIC_STEREO = 29;
/** Channels of each channel configuration: table 1.19. */
const CHANNELS = [0, 1, 2, 3, 4, 5, 6, 8];
const PROFILE_NAMES: { readonly [type: number]: string } = {
  1: "Main",
  2: "LC",
  5: "HE",
  29: "HEv2",
  23: "LD",
  39: "ELD",
  42: "xHE",
};

/** Sample rate, channels, frame length and profile of an AudioSpecificConfig. With explicit SBR, of the core. */
export function parseAacConfiguration(bytes: Uint8Array): AudioFormat | Malformed {
  const bits = new BitReader(bytes);
  const type = readType(bits);
  const sampleRate = readRate(bits);
  const channelConfiguration = bits.bits(4);
  // With explicit SBR the first rate is that of the core, which is also the rate of the 1024 samples of a frame.
  let coreType = type;
  if (type === SBR || type === PARAMETRIC_STEREO) {
    readRate(bits);
    coreType = readType(bits);
  }
  const shortFrame = (coreType === 1 || coreType === 2) && bits.flag();
  if (bits.failed) return new Malformed("an AAC configuration is cut short");
  if (sampleRate === null || sampleRate === 0) return new Malformed("an AAC configuration with an unknown sample rate");
  return {
    sampleRate,
    // 0 means that the frames have the channel configuration; two channels are by far the most likely.
    channels: CHANNELS[channelConfiguration] || 2,
    frameSamples: shortFrame ? 960 : 1024,
    profile: PROFILE_NAMES[type] ?? `type ${type}`,
    codecString: `mp4a.40.${type}`,
  };
}

function readType(bits: BitReader): number {
  const type = bits.bits(5);
  return type === ESCAPED_TYPE ? 32 + bits.bits(6) : type;
}

function readRate(bits: BitReader): number | null {
  const index = bits.bits(4);
  return index === EXPLICIT_RATE ? bits.bits(24) : (SAMPLE_RATES[index] ?? null);
}

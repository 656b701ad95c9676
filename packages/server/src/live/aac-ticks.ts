/** Computes how long AAC frames last on the clock of MPEG-TS. */

const TICKS_PER_SECOND = 90_000;
const SAMPLES_PER_FRAME = 1024;
/** As in AudioSpecificConfig: ISO/IEC 14496-3 table 1.18. */
const SAMPLE_RATES = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];

/** Ticks of 90 kHz. @param configuration as ADTS headers tell it, in two bytes */
export function aacTicks(configuration: Uint8Array): number {
  const index = (((configuration[0] ?? 0) & 7) << 1) | ((configuration[1] ?? 0) >> 7);
  return (SAMPLES_PER_FRAME * TICKS_PER_SECOND) / (SAMPLE_RATES[index] ?? 48_000);
}

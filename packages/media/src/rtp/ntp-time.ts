/** Implements NTP timestamps: RFC 3550 section 4. Times are milliseconds since 1970 with fractions. */

/** Seconds from 1900, where NTP's time begins, to 1970. */
const NTP_TO_UNIX_S = 2_208_988_800;
const FRACTION = 2 ** 32;

/** @param seconds @param fraction the two words of the timestamp, 32 bits each */
export function fromNtp(seconds: number, fraction: number): number {
  return (seconds - NTP_TO_UNIX_S) * 1000 + (fraction * 1000) / FRACTION;
}

/** The two words of a timestamp, 32 bits each. */
export function toNtp(ms: number): { seconds: number; fraction: number } {
  const whole = Math.floor(ms / 1000);
  const fraction = Math.min(FRACTION - 1, Math.round(((ms - whole * 1000) / 1000) * FRACTION));
  return { seconds: (whole + NTP_TO_UNIX_S) % FRACTION, fraction };
}

/** The middle 32 bits of the timestamp: units of 1/65536 s. */
export function ntpMiddle(ms: number): number {
  const { seconds, fraction } = toNtp(ms);
  return (seconds % 0x10000) * 0x10000 + Math.floor(fraction / 0x10000);
}

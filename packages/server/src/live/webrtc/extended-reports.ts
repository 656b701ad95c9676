/**
 * Defines how long a packet takes there and back, as a receiver learns it: it tells its time, and the sender tells when it heard of it (RFC 3611
 * sections 4.4 and 4.5). Reports of receivers alone tell it only to senders.
 */

const TYPE = 207;
const BLOCK = { referenceTime: 4, delay: 5 } as const;
/** Seconds from 1900 to 1970. */
const NTP_OFFSET = 2_208_988_800;
const UNITS_PER_SECOND = 65_536;
/** A clock that was set, or a hostile number. */
const MAX_ROUND_TRIP_MS = 60_000;

/** The receiver's time. @param nowMs milliseconds since 1970 */
export function writeReferenceTime(ssrc: number, nowMs: number): Uint8Array {
  const bytes = new Uint8Array(20);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 0x80);
  view.setUint8(1, TYPE);
  view.setUint16(2, 4);
  view.setUint32(4, ssrc);
  view.setUint8(8, BLOCK.referenceTime);
  view.setUint16(10, 2);
  const seconds = nowMs / 1000 + NTP_OFFSET;
  view.setUint32(12, Math.floor(seconds) % 2 ** 32);
  view.setUint32(16, Math.floor((seconds % 1) * 2 ** 32));
  return bytes;
}

/**
 * The time there and back that a compound of RTCP tells; null: it tells none.
 * @param ssrc whose time was told @param nowMs milliseconds since 1970, by the clock of `writeReferenceTime`
 */
export function readRoundTripMs(compound: Uint8Array, ssrc: number, nowMs: number): number | null {
  const view = new DataView(compound.buffer, compound.byteOffset, compound.byteLength);
  for (let at = 0; at + 4 <= view.byteLength; ) {
    const end = at + 4 + view.getUint16(at + 2) * 4;
    if (end > view.byteLength) return null;
    if (view.getUint8(at + 1) === TYPE) {
      const roundTrip = readDelays(view, at + 8, end, ssrc, nowMs);
      if (roundTrip !== null) return roundTrip;
    }
    at = end;
  }
  return null;
}

function readDelays(view: DataView, from: number, end: number, ssrc: number, nowMs: number): number | null {
  for (let at = from; at + 4 <= end; ) {
    const blockEnd = at + 4 + view.getUint16(at + 2) * 4;
    if (blockEnd > end) return null;
    if (view.getUint8(at) === BLOCK.delay) {
      for (let entry = at + 4; entry + 12 <= blockEnd; entry += 12) {
        const last = view.getUint32(entry + 4);
        if (view.getUint32(entry) !== ssrc || last === 0) continue;
        const now = Math.floor((nowMs / 1000 + NTP_OFFSET) * UNITS_PER_SECOND) % 2 ** 32;
        const passed = (now - last + 2 ** 32) % 2 ** 32;
        const roundTrip = ((passed - view.getUint32(entry + 8)) * 1000) / UNITS_PER_SECOND;
        return roundTrip > -5 && roundTrip < MAX_ROUND_TRIP_MS ? Math.max(0, roundTrip) : null;
      }
    }
    at = blockEnd;
  }
  return null;
}

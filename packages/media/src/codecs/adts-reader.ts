/** Reads AAC frames with ADTS headers where they lie anyhow in the packets of a transport stream, and where bytes may be missing: ISO/IEC 13818-7 section 6.2. */
import { Malformed } from "../bytes/malformed.ts";
import { type AdtsFrame, splitAdts } from "./adts.ts";

export type AdtsPiece = {
  /** They begin in the packet. The time of a packet is that of the first of them (ISO/IEC 13818-1 section 2.4.3.7). */
  readonly frames: readonly AdtsFrame[];
  /** The one that began in the packet before; null where none did. */
  readonly carried: AdtsFrame | null;
  /** Bytes were left out. */
  readonly hasFault: boolean;
};

const HEADER_SIZE = 7;

/** Push the bytes of packets as they come. */
export class AdtsReader {
  private rest: Uint8Array = new Uint8Array(0);

  /** The bytes of the next packet are not those that follow. */
  reset(): void {
    this.rest = new Uint8Array(0);
  }

  push(packet: Uint8Array): AdtsPiece {
    const before = this.rest.length;
    const bytes = before === 0 ? packet : joined(this.rest, packet);
    const frames: AdtsFrame[] = [];
    let carried: AdtsFrame | null = null;
    let hasFault = false;
    let at = 0;
    while (at < bytes.length) {
      const size = sizeAt(bytes, at);
      if (size === null) {
        hasFault = true;
        at++;
        continue;
      }
      if (at + Math.max(size, HEADER_SIZE) > bytes.length) break;
      const found = splitAdts(bytes.subarray(at, at + size));
      const frame = found instanceof Malformed ? undefined : found[0];
      if (!frame) hasFault = true;
      else if (at < before) carried = frame;
      else frames.push(frame);
      at += size;
    }
    this.rest = bytes.slice(at);
    return { frames, carried, hasFault };
  }
}

/** Null where no header begins. 0: the size is not there yet. */
function sizeAt(bytes: Uint8Array, at: number): number | null {
  if (bytes[at] !== 0xff) return null;
  if (at + 1 < bytes.length && ((bytes[at + 1] ?? 0) & 0xf6) !== 0xf0) return null;
  if (at + HEADER_SIZE > bytes.length) return 0;
  const size = (((bytes[at + 3] ?? 0) & 3) << 11) | ((bytes[at + 4] ?? 0) << 3) | ((bytes[at + 5] ?? 0) >> 5);
  return size < HEADER_SIZE ? null : size;
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const all = new Uint8Array(one.length + other.length);
  all.set(one);
  all.set(other, one.length);
  return all;
}

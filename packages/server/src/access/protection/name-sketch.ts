/**
 * Remembers which names an address has asked for in 512 bytes, whatever their number: a bit for each hash. After about 2800 names
 * (2048 of 4096 bits), it forgets them, and all of them are new again.
 */
import { hash, randomBytes } from "node:crypto";

const BITS = 4096;

/** An attacker who knew the hash could choose names that count as one. */
const SEED = randomBytes(8).toString("hex");

export class NameSketch {
  private readonly bits = new Uint32Array(BITS / 32);
  private count = 0;

  /** Whether a name is new; from now on it is not. A name in some ten passes for one that was there. */
  isNew(name: string): boolean {
    const bit = hash("sha1", SEED + name, "buffer").readUInt16LE() % BITS;
    const word = bit >>> 5;
    const mask = 1 << (bit & 31);
    const before = this.bits[word] ?? 0;
    if ((before & mask) !== 0) return false;
    if (this.count >= BITS / 2) {
      this.bits.fill(0);
      this.count = 0;
    }
    this.bits[word] = (this.bits[word] ?? 0) | mask;
    this.count++;
    return true;
  }
}

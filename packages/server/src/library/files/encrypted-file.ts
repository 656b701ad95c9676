/**
 * Encrypts a recorded file behind its head, and proves it: AES-256 in counter mode (NIST SP 800-38A, 6.5), and HMAC-SHA-256 (FIPS 198-1, the first 128 bits) of
 * each chunk of 64 KiB as it is stored. Offsets and sizes are those of the plain file, so a range is read, uploaded and cut as before. Chunks are encrypted in
 * order, and no byte of a file twice: a file that grows has its last chunk without a MAC until the chunk is full, or the file is closed.
 *
 *     head (FLV header, room for the metadata)  plain: durations and sizes, no picture
 *     byte N behind the head                    counter N / 16; the key is this file's alone
 *     MAC of chunk i                            of i (64 bits), the stored bytes, their number (32 bits)
 *     MAC of the end                            of 2^64 - 1, the size of the file (64 bits): a shorter file is noticed
 *
 * The MACs are lines of the index (`ProofLine`). AES-GCM would need room for tags within the file, and a fresh nonce each time that the last chunk grows.
 */
import { createHmac, type Hmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { cryptAt } from "../../platform/counter-cipher.ts";
import type { ProofLine } from "./index-lines.ts";

export const CHUNK_BYTES = 64 * 1024;
const MAC_BYTES = 16;
const END = 0xffff_ffff_ffff_ffffn;

export type FileCipher = {
  readonly encryption: Buffer;
  readonly proof: Buffer;
  /** Bytes of the head. */
  readonly start: number;
};

/** @param key of the file */
export function fileCipher(key: Buffer, start: number): FileCipher {
  const derive = (purpose: string) => Buffer.from(hkdfSync("sha256", key, "", `lectern recorded file, ${purpose}`, 32));
  return { encryption: derive("encryption"), proof: derive("proof"), start };
}

/** Encrypts, or decrypts, bytes of a place in the file, all behind the head. */
export function crypt({ encryption, start }: FileCipher, at: number, bytes: Buffer): Buffer {
  return cryptAt(encryption, at - start, bytes);
}

/** Encrypts what is appended to a file, and makes its MACs. */
export class FileEncryptor {
  private readonly cipher: FileCipher;
  private at: number;
  private mac: Hmac;

  constructor(cipher: FileCipher) {
    this.cipher = cipher;
    this.at = cipher.start;
    this.mac = beginMac(cipher, 0);
  }

  /** @param bytes that follow those before; @returns as they are stored, and the lines of chunks that are full */
  append(bytes: Buffer): { readonly bytes: Buffer; readonly lines: readonly ProofLine[] } {
    const stored = crypt(this.cipher, this.at, bytes);
    const lines: ProofLine[] = [];
    for (let done = 0; done < stored.length; ) {
      const filled = (this.at - this.cipher.start) % CHUNK_BYTES;
      const part = stored.subarray(done, done + CHUNK_BYTES - filled);
      this.mac.update(part);
      this.at += part.length;
      done += part.length;
      if (filled + part.length === CHUNK_BYTES) lines.push(this.closeChunk(CHUNK_BYTES));
    }
    return { bytes: stored, lines };
  }

  /** The lines of the last chunk and of the end. Nothing may be appended afterwards. */
  end(): readonly ProofLine[] {
    const filled = (this.at - this.cipher.start) % CHUNK_BYTES;
    return [...(filled > 0 ? [this.closeChunk(filled)] : []), endLine(this.cipher, this.at)];
  }

  private closeChunk(length: number): ProofLine {
    const i = Math.floor((this.at - 1 - this.cipher.start) / CHUNK_BYTES);
    const line: ProofLine = { k: "proof", i, mac: endMac(this.mac, length) };
    this.mac = beginMac(this.cipher, i + 1);
    return line;
  }
}

/** The lines that close a file of this size, whose writer could not. @param stored its last bytes, from the beginning of their chunk */
export function proofsOfEnd(cipher: FileCipher, size: number, stored: Buffer): readonly ProofLine[] {
  if (stored.length === 0) return [endLine(cipher, size)];
  const i = chunkOf(cipher, size - 1);
  return [{ k: "proof", i, mac: endMac(beginMac(cipher, i).update(stored), stored.length) }, endLine(cipher, size)];
}

/** @param at behind the head */
export function chunkOf({ start }: FileCipher, at: number): number {
  return Math.floor((at - start) / CHUNK_BYTES);
}

/** Where a chunk begins in the file. */
export function beginOf({ start }: FileCipher, chunk: number): number {
  return start + chunk * CHUNK_BYTES;
}

/** The MACs of a file, as its index has them. */
export class FileProofs {
  readonly cipher: FileCipher;
  private macs = Buffer.alloc(64 * MAC_BYTES);
  private has = new Uint8Array(64);
  private size: number | null = null;

  constructor(cipher: FileCipher) {
    this.cipher = cipher;
  }

  get memoryBytes(): number {
    return this.macs.length + this.has.length;
  }

  /** Of the closed file; null while it grows. */
  get end(): number | null {
    return this.size;
  }

  /** @throws Error where a line is not this file's */
  take({ i, mac, size }: ProofLine): void {
    if (size !== undefined) {
      if (!isSame(mac, endLine(this.cipher, size).mac)) throw new Error("the end of an encrypted file was changed");
      this.size = size;
      return;
    }
    if (!Number.isSafeInteger(i) || i < 0) return;
    if (i >= this.has.length) this.grow(i);
    this.macs.write(mac, i * MAC_BYTES, MAC_BYTES, "base64");
    this.has[i] = 1;
  }

  knows(chunk: number): boolean {
    return this.has[chunk] === 1;
  }

  /** @param stored from the beginning of a chunk, whole chunks but for the last one of the file. @throws Error where they were changed or cut */
  verify(chunk: number, stored: Buffer): void {
    for (let done = 0, i = chunk; done < stored.length; done += CHUNK_BYTES, i++) {
      const bytes = stored.subarray(done, done + CHUNK_BYTES);
      if (!this.knows(i)) {
        if (this.size !== null) throw new Error(`chunk ${i} of an encrypted file has no proof`);
        continue;
      }
      const mac = this.macs.subarray(i * MAC_BYTES, (i + 1) * MAC_BYTES);
      const expected = beginMac(this.cipher, i).update(bytes).update(numberOf(bytes.length)).digest().subarray(0, MAC_BYTES);
      if (!timingSafeEqual(mac, expected)) throw new Error(`chunk ${i} of an encrypted file was changed or cut`);
    }
  }

  private grow(chunk: number): void {
    const chunks = Math.max(this.has.length * 2, chunk + 1);
    this.macs = Buffer.concat([this.macs], chunks * MAC_BYTES);
    const has = new Uint8Array(chunks);
    has.set(this.has);
    this.has = has;
  }
}

function beginMac({ proof }: FileCipher, chunk: number | bigint): Hmac {
  const number = Buffer.alloc(8);
  number.writeBigUInt64BE(BigInt(chunk));
  return createHmac("sha256", proof).update(number);
}

function endMac(mac: Hmac, length: number): string {
  return mac.update(numberOf(length)).digest().subarray(0, MAC_BYTES).toString("base64");
}

function endLine(cipher: FileCipher, size: number): ProofLine {
  const number = Buffer.alloc(8);
  number.writeBigUInt64BE(BigInt(size));
  const mac = beginMac(cipher, END).update(number).digest().subarray(0, MAC_BYTES).toString("base64");
  return { k: "proof", i: -1, size, mac };
}

function numberOf(length: number): Buffer {
  const number = Buffer.alloc(4);
  number.writeUInt32BE(length);
  return number;
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

/**
 * Provides SRT's encryption: the keys that a caller sends, wrapped with one that is derived from the passphrase, and the payloads in AES-CTR.
 * draft-sharabayko-srt-01 section 6.
 */
import { createCipheriv, createDecipheriv, pbkdf2Sync } from "node:crypto";
import { Malformed, readSrtKeyMaterial } from "@lectern/media";

const ITERATIONS = 2048;
/** Of the salt, for the key that wraps: section 6.1.4. */
const DERIVATION_SALT = 8;
/** RFC 3394 section 2.2.3.1. */
const WRAP_IV = Buffer.alloc(8, 0xa6);
const EVEN = 1;
const ODD = 2;

type Key = { readonly bytes: Uint8Array; readonly salt: Uint8Array };

/** What both sides encrypt with, in both directions. */
export class SrtKeys {
  private readonly byFlag: ReadonlyMap<number, Key>;
  private readonly iv = new Uint8Array(16);

  /** @param byFlag by `KK` of a packet: 1 for the even key, 2 for the odd one */
  constructor(byFlag: ReadonlyMap<number, Key>) {
    this.byFlag = byFlag;
  }

  /** Of the key that this side sends with. */
  get sendFlag(): number {
    return this.byFlag.has(EVEN) ? EVEN : ODD;
  }

  /** These keys, and those of before that they do not replace. */
  over(before: SrtKeys): SrtKeys {
    return new SrtKeys(new Map([...before.byFlag, ...this.byFlag]));
  }

  /** Null for a key that was not sent. */
  decrypt(keyFlag: number, sequence: number, payload: Uint8Array): Uint8Array | null {
    const key = this.byFlag.get(keyFlag);
    return key ? createDecipheriv(algorithmOf(key), key.bytes, this.ivOf(key, sequence)).update(payload) : null;
  }

  /** Null without a key. */
  encrypt(sequence: number, payload: Uint8Array): Uint8Array | null {
    const key = this.byFlag.get(this.sendFlag);
    return key ? createCipheriv(algorithmOf(key), key.bytes, this.ivOf(key, sequence)).update(payload) : null;
  }

  /** Section 6.2.2: the sequence number before the block counter of 16 bits, mixed with the first 112 bits of the salt. */
  private ivOf({ salt }: Key, sequence: number): Uint8Array {
    const { iv } = this;
    for (let i = 0; i < 14; i++) iv[i] = salt[i] ?? 0;
    iv[14] = 0;
    iv[15] = 0;
    for (let i = 0; i < 4; i++) iv[10 + i] = (iv[10 + i] ?? 0) ^ ((sequence >>> (24 - 8 * i)) & 0xff);
    return iv;
  }
}

function algorithmOf({ bytes }: Key): string {
  return `aes-${bytes.length * 8}-ctr`;
}

/** The keys of a message. Null: they were wrapped with another passphrase. @param content of a key request */
export function unlockKeys(content: Uint8Array, passphrase: string): SrtKeys | Malformed | null {
  const material = readSrtKeyMaterial(content);
  if (material instanceof Malformed) return material;
  const { keySize, keys, wrapped } = material;
  const salt = material.salt.slice();
  const wrapping = pbkdf2Sync(passphrase, salt.subarray(-DERIVATION_SALT), ITERATIONS, keySize, "sha1");
  const plain = unwrap(wrapping, wrapped);
  if (!plain) return null;
  const byFlag = new Map<number, Key>();
  for (const flag of [EVEN, ODD])
    if (keys & flag) byFlag.set(flag, { bytes: plain.subarray(byFlag.size * keySize, (byFlag.size + 1) * keySize), salt });
  return new SrtKeys(byFlag);
}

function unwrap(key: Buffer, wrapped: Uint8Array): Uint8Array | null {
  const decipher = createDecipheriv(`id-aes${key.length * 8}-wrap`, key, WRAP_IV);
  try {
    return Buffer.concat([decipher.update(wrapped), decipher.final()]);
  } catch {
    return null;
  }
}

/** Implements SRT's key material messages: draft-sharabayko-srt-01 section 3.2.2. */
import { ByteReader } from "../bytes/byte-reader.ts";
import { Malformed } from "../bytes/malformed.ts";

/** `KM State` of the answer to key material that cannot be used. */
export const SRT_KEY_STATE = { noSecret: 3, badSecret: 4 } as const;

export type SrtKeyMaterial = {
  /** 1: the even key, 2: the odd one, 3: both. */
  readonly keys: number;
  /** Bytes: 16, 24 or 32. */
  readonly keySize: number;
  readonly salt: Uint8Array;
  /** The keys, wrapped as in RFC 3394, with its check of 8 bytes. */
  readonly wrapped: Uint8Array;
};

const VERSION_AND_TYPE = 0x12;
const SIGN = 0x2029;
const AES_CTR = 2;
const SALT_SIZE = 16;
const CHECK_SIZE = 8;

/** Reads a key request. `Malformed` for other encryption than AES-CTR, and when it is cut short. */
export function readSrtKeyMaterial(content: Uint8Array): SrtKeyMaterial | Malformed {
  const reader = new ByteReader(content);
  const begins = reader.u8() === VERSION_AND_TYPE && reader.u16() === SIGN;
  const keys = reader.u8() & 3;
  const keyEncryptionKey = reader.u32();
  const cipher = reader.u8();
  const authentication = reader.u8();
  // The encapsulation of the stream, and what is reserved.
  reader.skip(4);
  const saltSize = reader.u8() * 4;
  const keySize = reader.u8() * 4;
  if (reader.failed) return new Malformed("SRT key material is cut short");
  if (!begins || keyEncryptionKey !== 0) return new Malformed("SRT key material of an unknown kind");
  if (cipher !== AES_CTR || authentication !== 0) return new Malformed("SRT encryption other than AES-CTR");
  if (saltSize !== SALT_SIZE || ![16, 24, 32].includes(keySize) || keys === 0) return new Malformed("SRT keys of an unknown size");
  const salt = reader.view(saltSize);
  const wrapped = reader.view((keys === 3 ? 2 : 1) * keySize + CHECK_SIZE);
  return reader.checked("SRT key material") ?? { keys, keySize, salt, wrapped };
}

/** Parses an address for the tables of places. */
import { MAPPED_PREFIX, readAddress } from "../address-text.ts";
import type { TableAddress } from "./address-location.ts";

/** 2002::/16: RFC 3056. */
const SIX_TO_FOUR = 0x2002;
/** 2001::/32: RFC 4380. */
const TEREDO = 0x20010000;

const WORD_BYTES = 4;
// One address at a time is parsed: nothing here waits.
const words = new Uint32Array(4);

/** @param ip in text, with or without a zone. Null for anything that is no address. */
export function parseAddress(ip: string): TableAddress | null {
  const version = readAddress(ip, 0, ip.length, words);
  if (version === 0) return null;
  if (version === 4) return { text: ip, bytes: bytesOf(0, 1) };
  const isMapped = words[0] === 0 && words[1] === 0 && words[2] === MAPPED_PREFIX;
  return isMapped ? fromIPv4(bytesOf(3, 4)) : { text: ip.split("%", 1)[0] ?? "", bytes: bytesOf(0, 4) };
}

function bytesOf(from: number, to: number): Buffer {
  const bytes = Buffer.allocUnsafe((to - from) * WORD_BYTES);
  for (let i = from; i < to; i++) bytes.writeUInt32BE(words[i] ?? 0, (i - from) * WORD_BYTES);
  return bytes;
}

/**
 * The IPv4 address of the tunnel's end, which alone says where the client is. Only 6to4 and Teredo count, because answers go to the address that
 * they contain. In other forms, such as ISATAP (RFC 5214), clients choose it freely, and could pretend to be anywhere.
 */
export function tunnelEnd({ bytes }: TableAddress): TableAddress | null {
  if (bytes.length !== 16) return null;
  if (bytes.readUInt16BE(0) === SIX_TO_FOUR) return fromIPv4(bytes.subarray(2, 6));
  if (bytes.readUInt32BE(0) === TEREDO) return fromIPv4(bytes.subarray(12).map((byte) => byte ^ 0xff));
  return null;
}

function fromIPv4(part: Uint8Array): TableAddress {
  const bytes = Buffer.from(part);
  return { text: bytes.join("."), bytes };
}

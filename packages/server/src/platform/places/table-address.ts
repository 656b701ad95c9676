/** Parses an address for the tables of places. */
import { isIP } from "node:net";
import type { TableAddress } from "./client-place.ts";

/** ::ffff:0:0/96: RFC 4291, section 2.5.5.2. */
const MAPPED = Buffer.from("00000000000000000000ffff", "hex");
/** 2002::/16: RFC 3056. */
const SIX_TO_FOUR = 0x2002;
/** 2001::/32: RFC 4380. */
const TEREDO = 0x20010000;

/** @param ip in text, with or without a zone. Null for anything that is no address. */
export function parseAddress(ip: string): TableAddress | null {
  const family = isIP(ip);
  if (family === 0) return null;
  const text = ip.split("%", 1)[0] ?? "";
  if (family === 4) return { text, bytes: Buffer.from(text.split(".").map(Number)) };
  const bytes = bytesOfIPv6(text);
  return bytes.subarray(0, 12).equals(MAPPED) ? fromIPv4(bytes.subarray(12)) : { text, bytes };
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

/** @param text a valid IPv6 address, which may end with an IPv4 address */
function bytesOfIPv6(text: string): Buffer {
  const [head = "", tail] = text.split("::");
  const before = groupsOf(head);
  const after = groupsOf(tail ?? "");
  const bytes = Buffer.alloc(16);
  for (const [i, group] of before.entries()) bytes.writeUInt16BE(group, i * 2);
  for (const [i, group] of after.entries()) bytes.writeUInt16BE(group, 16 - (after.length - i) * 2);
  return bytes;
}

function groupsOf(part: string): number[] {
  if (part === "") return [];
  return part.split(":").flatMap((group) => {
    if (!group.includes(".")) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split(".").map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}

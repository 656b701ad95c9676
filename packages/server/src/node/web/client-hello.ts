/** Tells when the first message of a TLS client is whole: RFC 8446 sections 4 and 5.1. What a handshake costs the server is due at that message. */

/** Types of records and of handshake messages: RFC 8446 sections 5.1 and 4. */
const HANDSHAKE_RECORD = 22;
const CLIENT_HELLO = 1;
const RECORD_HEADER = 5;
const MESSAGE_HEADER = 4;
/** RFC 8446 section 5.1. */
const MAX_RECORD = 2 ** 14;
/** That of Chrome with keys for quantum computers has 2 KB. */
const MAX_HELLO = 2 ** 14;

/**
 * What the bytes are that a client has sent first.
 * @returns whole: all of the message is there. part: more has to come. other: it is none, or a longer one than a client needs
 */
export function clientHello(bytes: Buffer): "whole" | "part" | "other" {
  let length: number | null = null;
  let have = 0;
  let first = Buffer.alloc(0);
  for (let at = 0; at < bytes.length; ) {
    if (bytes[at] !== HANDSHAKE_RECORD) return "other";
    if (bytes.length - at < RECORD_HEADER) return "part";
    const size = bytes.readUInt16BE(at + 3);
    if (size === 0 || size > MAX_RECORD) return "other";
    const piece = bytes.subarray(at + RECORD_HEADER, at + RECORD_HEADER + size);
    have += piece.length;
    if (length === null) {
      // The header of the message may be divided over records, too.
      first = Buffer.concat([first, piece.subarray(0, MESSAGE_HEADER)]);
      if (first.length > 0 && first[0] !== CLIENT_HELLO) return "other";
      if (first.length >= MESSAGE_HEADER) length = MESSAGE_HEADER + first.readUIntBE(1, 3);
      if (length !== null && length > MAX_HELLO) return "other";
    }
    if (length !== null && have >= length) return "whole";
    at += RECORD_HEADER + size;
  }
  return "part";
}

/** Writes binary WebSocket frames as a server sends them: RFC 6455 section 5.2. */

const FINAL_BINARY = 0x82;

/** One complete, unmasked binary message. */
export function binaryFrame(payload: Uint8Array): Uint8Array {
  const { length } = payload;
  const header = length < 126 ? 2 : length <= 0xffff ? 4 : 10;
  const frame = Buffer.allocUnsafeSlow(header + length);
  frame[0] = FINAL_BINARY;
  if (header === 2) {
    frame[1] = length;
  } else if (header === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeUInt32BE(Math.floor(length / 2 ** 32), 2);
    frame.writeUInt32BE(length >>> 0, 6);
  }
  frame.set(payload, header);
  return frame;
}

/** Writes WebSocket frames as a server sends them, complete and unmasked: RFC 6455 section 5.2. */

const FINAL_TEXT = 0x81;
const FINAL_BINARY = 0x82;

/** One complete binary message. */
export function binaryFrame(payload: Uint8Array): Uint8Array {
  const { length } = payload;
  const header = headerLength(length);
  const frame = Buffer.allocUnsafeSlow(header + length);
  writeHeader(frame, FINAL_BINARY, length);
  frame.set(payload, header);
  return frame;
}

/** One complete text message. */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const header = headerLength(length);
  const frame = Buffer.allocUnsafeSlow(header + length);
  writeHeader(frame, FINAL_TEXT, length);
  frame.write(text, header);
  return frame;
}

/** The beginning of a text message: everything before its last bytes, which other messages end with too. @param endLength of those bytes */
export function textFrameStart(text: string, endLength: number): Buffer {
  const length = Buffer.byteLength(text);
  const header = headerLength(length + endLength);
  const frame = Buffer.allocUnsafe(header + length);
  writeHeader(frame, FINAL_TEXT, length + endLength);
  frame.write(text, header);
  return frame;
}

function headerLength(length: number): number {
  if (length < 126) return 2;
  return length <= 0xffff ? 4 : 10;
}

function writeHeader(frame: Buffer, first: number, length: number): void {
  frame[0] = first;
  if (length < 126) {
    frame[1] = length;
  } else if (length <= 0xffff) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeUInt32BE(Math.floor(length / 2 ** 32), 2);
    frame.writeUInt32BE(length >>> 0, 6);
  }
}

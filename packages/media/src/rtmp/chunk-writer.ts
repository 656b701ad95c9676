/**
 * The RTMP chunk stream, written: Adobe RTMP 1.0 section 5.3.
 *
 * Every message starts with a format 0 header, so the bytes depend on nothing that was sent before and can be shared by all
 * players of a stream.
 */
import type { RtmpMessage } from "./message.ts";

/** Chunk streams of what this side sends. Section 5.4 reserves 2 for protocol control. */
export const CHUNK_STREAM = { control: 2, command: 3, audio: 4, data: 5, video: 6 } as const;

const EXTENDED_TIMESTAMP = 0xffffff;

/**
 * One message as chunks.
 * @param chunkStream 2 to 63
 * @param chunkSize what this side announced by Set Chunk Size
 */
export function writeChunks(message: RtmpMessage, chunkStream: number, chunkSize: number): Uint8Array {
  const { payload, timestamp } = message;
  const extended = timestamp >= EXTENDED_TIMESTAMP ? 4 : 0;
  const chunks = Math.max(1, Math.ceil(payload.length / chunkSize));
  const out = new Uint8Array(12 + extended + payload.length + (chunks - 1) * (1 + extended));
  const view = new DataView(out.buffer);
  out[0] = chunkStream;
  view.setUint32(1, (extended ? EXTENDED_TIMESTAMP : timestamp) * 256);
  view.setUint32(4, payload.length * 256 + message.type);
  view.setUint32(8, message.streamId, true);
  // setUint32(1) wrote its fourth byte over what setUint32(4) then wrote again.
  let at = 12;
  if (extended) view.setUint32(at, timestamp);
  at += extended;
  for (let from = 0; from < payload.length; from += chunkSize) {
    if (from > 0) {
      out[at++] = 0xc0 | chunkStream;
      if (extended) view.setUint32(at, timestamp);
      at += extended;
    }
    const part = payload.subarray(from, from + chunkSize);
    out.set(part, at);
    at += part.length;
  }
  return out;
}

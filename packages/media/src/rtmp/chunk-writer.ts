/**
 * Implements the RTMP chunk stream, written: Adobe RTMP 1.0 section 5.3.
 *
 * Every message starts with a format 0 header, so the bytes depend on nothing that was sent before and can be shared by all
 * players of a stream.
 */
import type { RtmpMessage } from "./message.ts";

/** Chunk streams of outgoing messages. Section 5.4 reserves 2 for protocol control. */
export const CHUNK_STREAM = { control: 2, command: 3, audio: 4, data: 5, video: 6 } as const;

const EXTENDED_TIMESTAMP = 0xffffff;
const NO_HEADER: readonly number[] = [];

/** The fields of a message in its chunk headers. */
export type MessageHead = Omit<RtmpMessage, "payload"> & {
  /** 2 to 63. */
  readonly chunkStream: number;
};

/** Bytes of a message in chunks. @param length of its payload */
export function chunkedSize(length: number, timestamp: number, chunkSize: number): number {
  const extended = timestamp >= EXTENDED_TIMESTAMP ? 4 : 0;
  const chunks = Math.max(1, Math.ceil(length / chunkSize));
  return 12 + extended + length + (chunks - 1) * (1 + extended);
}

/**
 * One message as chunks.
 * @param chunkStream 2 to 63
 * @param chunkSize announced by Set Chunk Size
 */
export function writeChunks(message: RtmpMessage, chunkStream: number, chunkSize: number): Uint8Array {
  const { type, streamId, timestamp, payload } = message;
  const out = new Uint8Array(chunkedSize(payload.length, timestamp, chunkSize));
  writeChunksInto(out, { type, streamId, timestamp, chunkStream }, NO_HEADER, payload, chunkSize);
  return out;
}

/**
 * Writes one message as chunks.
 * @param out exactly `chunkedSize` bytes
 * @param header the beginning of the message's payload, shorter than a chunk
 * @param rest the rest of the payload
 */
export function writeChunksInto(
  out: Uint8Array,
  { type, streamId, timestamp, chunkStream }: MessageHead,
  header: readonly number[],
  rest: Uint8Array,
  chunkSize: number,
): void {
  const extended = timestamp >= EXTENDED_TIMESTAMP;
  const view = new DataView(out.buffer, out.byteOffset, out.length);
  out[0] = chunkStream;
  view.setUint32(1, (extended ? EXTENDED_TIMESTAMP : timestamp) * 256);
  // The fourth byte that was written last is written again.
  view.setUint32(4, (header.length + rest.length) * 256 + type);
  view.setUint32(8, streamId, true);
  let at = 12;
  if (extended) {
    view.setUint32(at, timestamp);
    at += 4;
  }
  for (let i = 0; i < header.length; i++) out[at++] = header[i] ?? 0;
  for (let from = 0, to = chunkSize - header.length; from < rest.length; from = to, to += chunkSize) {
    if (from > 0) {
      out[at++] = 0xc0 | chunkStream;
      if (extended) {
        view.setUint32(at, timestamp);
        at += 4;
      }
    }
    const part = from === 0 && to >= rest.length ? rest : rest.subarray(from, to);
    out.set(part, at);
    at += part.length;
  }
}

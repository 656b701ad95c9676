/** Implements RTMP messages and their type ids: Adobe RTMP 1.0 sections 5.4 and 7.1. */
import { ByteReader } from "../bytes/byte-reader.ts";
import type { Malformed } from "../bytes/malformed.ts";

export const MESSAGE_TYPE = {
  setChunkSize: 1,
  abort: 2,
  acknowledgement: 3,
  userControl: 4,
  windowAcknowledgementSize: 5,
  setPeerBandwidth: 6,
  audio: 8,
  video: 9,
  dataAmf3: 15,
  commandAmf3: 17,
  data: 18,
  command: 20,
  aggregate: 22,
} as const;

/** Event types of a user control message: section 7.1.7. */
export const USER_CONTROL = {
  streamBegin: 0,
  streamEof: 1,
  streamDry: 2,
  setBufferLength: 3,
  streamIsRecorded: 4,
  pingRequest: 6,
  pingResponse: 7,
} as const;

/** One whole message, put together from its chunks. */
export type RtmpMessage = {
  readonly type: number;
  /** The message stream: 0 for the connection, else the number that `createStream` returned. */
  readonly streamId: number;
  /** Milliseconds, 32 bits, wraps. */
  readonly timestamp: number;
  readonly payload: Uint8Array;
};

/** A message whose payload lies in larger memory. No view of it is made until somebody asks for the payload. */
export class PlacedMessage implements RtmpMessage {
  type = 0;
  streamId = 0;
  timestamp = 0;
  /** Has the payload from `from` on, up to `to`. */
  bytes: Uint8Array = new Uint8Array(0);
  from = 0;
  to = 0;

  get payload(): Uint8Array {
    return this.bytes.subarray(this.from, this.to);
  }
}

/**
 * Takes an aggregate message apart (section 7.1.6): its parts look like FLV tags, and their times count from the first one's.
 */
export function splitAggregate(message: RtmpMessage): RtmpMessage[] | Malformed {
  const reader = new ByteReader(message.payload);
  const out: RtmpMessage[] = [];
  let first: number | null = null;
  while (reader.left > 0) {
    const type = reader.u8();
    const length = reader.u24();
    const time = reader.u24() + reader.u8() * 0x1000000;
    reader.skip(3);
    const payload = reader.view(length);
    reader.skip(4);
    const cut = reader.checked("aggregate message");
    if (cut) return cut;
    first ??= time;
    out.push({ type, streamId: message.streamId, timestamp: (message.timestamp + time - first) >>> 0, payload });
  }
  return out;
}

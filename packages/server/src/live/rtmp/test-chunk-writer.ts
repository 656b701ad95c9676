/**
 * For tests: writes messages as a chunk stream in all the ways that Adobe RTMP 1.0 section 5.3 allows: every format of header that fits,
 * chunks of several messages in turn, changes of the chunk size within messages, and messages that are aborted.
 */
import { MESSAGE_TYPE, type RtmpMessage } from "@lectern/media";

const EXTENDED = 0xffffff;
const CONTROL = 2;

/** What the reader knows of a chunk stream. */
type Known = { timestamp: number; delta: number; length: number; type: number; streamId: number };
/** A message that is being written. */
type Open = { readonly id: number; readonly payload: Uint8Array; at: number; extended: number | null };

export class TestChunkWriter {
  private readonly known = new Map<number, Known>();
  private readonly out: Uint8Array[] = [];
  private readonly choose: (max: number) => number;
  private chunkSize = 128;

  /** @param choose a number from 0 to `max`: which of the headers that fit */
  constructor(choose: (max: number) => number) {
    this.choose = choose;
  }

  bytes(): Buffer {
    return Buffer.concat(this.out);
  }

  /** Begins a message: its first chunk. It must be continued to its end, or aborted, before another one on the same chunk stream. */
  begin(message: RtmpMessage, id: number): Open {
    const { type, streamId, timestamp, payload } = message;
    const before = this.known.get(id);
    const difference = before ? (timestamp - before.timestamp) >>> 0 : 0;
    const formats = [0];
    // A difference of half the clock is a step back, which only an absolute time can tell.
    if (before && before.streamId === streamId && difference < 0x80000000) {
      formats.push(1);
      const isAlike = before.length === payload.length && before.type === type;
      if (isAlike) formats.push(2);
      if (isAlike && before.delta === difference) formats.push(3);
    }
    const format = formats[this.choose(formats.length - 1)] ?? 0;
    const value = format === 0 ? timestamp : format === 3 ? (before?.delta ?? 0) : difference;
    const extended = value >= EXTENDED ? value : null;
    const fields = [u24(extended === null ? value : EXTENDED), [...u24(payload.length), type], u32(streamId).toReversed()];
    const extra = extended === null ? [] : u32(extended);
    this.put([...basic(format, id), ...fields.slice(0, 3 - format).flat(), ...extra]);
    this.known.set(id, { timestamp, delta: value, length: payload.length, type, streamId });
    const open: Open = { id, payload, at: 0, extended };
    this.putChunk(open);
    return open;
  }

  /** Writes the next chunk of a message. False when there is none. */
  next(open: Open): boolean {
    if (open.at >= open.payload.length) return false;
    this.put([...basic(3, open.id), ...(open.extended === null ? [] : u32(open.extended))]);
    this.putChunk(open);
    return true;
  }

  /** Writes a whole message. */
  write(message: RtmpMessage, id: number): void {
    const open = this.begin(message, id);
    while (this.next(open));
  }

  /** Writes messages of different chunk streams, a chunk of one of them at a time. */
  writeInTurn(messages: readonly (readonly [RtmpMessage, number])[]): void {
    let open = messages.map(([message, id]) => this.begin(message, id));
    while (open.length > 0) {
      const one = open[this.choose(open.length - 1)];
      if (one && !this.next(one)) open = open.filter((other) => other !== one);
    }
  }

  setChunkSize(size: number): void {
    this.write({ type: MESSAGE_TYPE.setChunkSize, streamId: 0, timestamp: 0, payload: Uint8Array.from(u32(size)) }, CONTROL);
    this.chunkSize = size;
  }

  /** Gives up a message that was begun. */
  abort({ id }: Open): void {
    this.write({ type: MESSAGE_TYPE.abort, streamId: 0, timestamp: 0, payload: Uint8Array.from(u32(id)) }, CONTROL);
  }

  private putChunk(open: Open): void {
    const end = Math.min(open.payload.length, open.at + this.chunkSize);
    this.out.push(open.payload.slice(open.at, end));
    open.at = end;
  }

  private put(bytes: readonly number[]): void {
    this.out.push(Uint8Array.from(bytes));
  }
}

function basic(format: number, id: number): number[] {
  if (id < 64) return [(format << 6) | id];
  return id < 320 ? [format << 6, id - 64] : [(format << 6) | 1, (id - 64) & 0xff, (id - 64) >> 8];
}

function u24(value: number): number[] {
  return [(value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff];
}

function u32(value: number): number[] {
  return [value >>> 24, ...u24(value)];
}

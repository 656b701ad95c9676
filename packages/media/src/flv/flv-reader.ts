/** Implements FLV, read as it comes: Adobe Video File Format 10.1, annex E. Bytes in any pieces in, whole tags out. */
import { ByteReader } from "../bytes/byte-reader.ts";
import { Malformed } from "../bytes/malformed.ts";
import { TAG_HEADER_SIZE, TAG_TRAILER_SIZE, TAG_TYPE } from "./tag.ts";

export type FlvTag = {
  readonly type: number;
  /** Milliseconds, 32 bits. */
  readonly timestamp: number;
  readonly body: Uint8Array;
};

export type FlvReaderOptions = {
  readonly onTag: (tag: FlvTag) => void;
  /** Bytes of the largest body. */
  readonly maxTagBytes: number;
};

const FILE_HEADER_SIZE = 9;
const GROWTH_STEP = 64 * 1024;

/** Reads FLV: `push` bytes as they come, get whole tags through `onTag`. */
export class FlvReader {
  private readonly options: FlvReaderOptions;
  private state: "file-header" | "gap" | "tag-header" | "body" = "file-header";
  private buffer = new Uint8Array(GROWTH_STEP);
  private filled = 0;
  private wanted = FILE_HEADER_SIZE;
  private type = 0;
  private timestamp = 0;
  private broken: Malformed | null = null;

  constructor(options: FlvReaderOptions) {
    this.options = options;
  }

  /** Reads bytes. After `Malformed` nothing more can be read. */
  push(bytes: Uint8Array): Malformed | null {
    let at = 0;
    while (!this.broken && at < bytes.length) {
      const count = Math.min(this.wanted - this.filled, bytes.length - at);
      this.keep(bytes.subarray(at, at + count));
      at += count;
      while (!this.broken && this.filled === this.wanted) this.step();
    }
    return this.broken;
  }

  private keep(bytes: Uint8Array): void {
    const needed = this.filled + bytes.length;
    if (needed > this.buffer.length) {
      const grown = new Uint8Array(Math.max(needed, this.buffer.length + GROWTH_STEP));
      grown.set(this.buffer.subarray(0, this.filled));
      this.buffer = grown;
    }
    this.buffer.set(bytes, this.filled);
    this.filled = needed;
  }

  private step(): void {
    const reader = new ByteReader(this.buffer, 0, this.filled);
    this.filled = 0;
    switch (this.state) {
      case "file-header": {
        const magic = reader.u24();
        reader.skip(2);
        const offset = reader.u32();
        if (magic !== 0x464c56) return this.breakWith("this is not FLV");
        if (offset < FILE_HEADER_SIZE || offset > 1024) return this.breakWith(`an FLV header of ${offset} bytes`);
        return this.expect("gap", offset - FILE_HEADER_SIZE + TAG_TRAILER_SIZE);
      }
      case "gap":
        return this.expect("tag-header", TAG_HEADER_SIZE);
      case "tag-header": {
        this.type = reader.u8() & 0x1f;
        const length = reader.u24();
        this.timestamp = reader.u24() + reader.u8() * 0x1000000;
        if (length > this.options.maxTagBytes) return this.breakWith(`an FLV tag of ${length} bytes`);
        const known = this.type === TAG_TYPE.audio || this.type === TAG_TYPE.video || this.type === TAG_TYPE.script;
        if (!known) return this.breakWith(`an FLV tag of type ${this.type}`);
        return this.expect("body", length + TAG_TRAILER_SIZE);
      }
      case "body": {
        const body = reader.view(reader.left - TAG_TRAILER_SIZE).slice();
        this.expect("tag-header", TAG_HEADER_SIZE);
        return this.options.onTag({ type: this.type, timestamp: this.timestamp, body });
      }
    }
  }

  private expect(state: typeof this.state, bytes: number): void {
    this.state = state;
    this.wanted = bytes;
  }

  private breakWith(rule: string): void {
    this.broken = new Malformed(rule);
  }
}

/** Writes the fields of an entry, big-endian, and reads them back. */
import type { ByteReader } from "@lectern/media";
import type { LogPosition, SegmentHead, Targets } from "./log-entry.ts";

/** Collects fields, and puts them into one buffer. */
export class EntryWriter {
  /** Enough for every entry's fields but its data. */
  private readonly fields = Buffer.allocUnsafe(512);
  private at = 0;
  private pieces: Uint8Array[] = [];
  private from = 0;

  u8(value: number): void {
    this.at = this.fields.writeUInt8(value, this.at);
  }

  u32(value: number): void {
    this.at = this.fields.writeUInt32BE(value, this.at);
  }

  f64(value: number): void {
    this.at = this.fields.writeDoubleBE(value, this.at);
  }

  /** At most 255 bytes. */
  text(value: string): void {
    const bytes = Buffer.from(value).subarray(0, 255);
    this.u8(bytes.length);
    this.flush();
    this.pieces.push(bytes);
  }

  data(value: Uint8Array): void {
    this.u32(value.length);
    this.flush();
    this.pieces.push(value);
  }

  position({ term, sequence }: LogPosition): void {
    this.u32(term);
    this.u32(Math.floor(sequence / 0x10000));
    this.at = this.fields.writeUInt16BE(sequence % 0x10000, this.at);
  }

  optional<T>(value: T | null, write: (value: T) => void): void {
    this.u8(value === null ? 0 : 1);
    if (value !== null) write(value);
  }

  trackPositions({ video, audio }: SegmentHead["start"]): void {
    this.optional(video, (value) => this.f64(value));
    this.optional(audio, (value) => this.f64(value));
  }

  targets(targets: Targets | null): void {
    this.optional(targets, ({ partMs, segmentSeconds }) => {
      this.f64(partMs);
      this.f64(segmentSeconds);
    });
  }

  /** All fields. @param room bytes that are left free behind them */
  bytes(room: number): Buffer {
    this.flush();
    const length = this.pieces.reduce((sum, piece) => sum + piece.length, 0);
    const out = Buffer.allocUnsafe(length + room);
    let at = 0;
    for (const piece of this.pieces) {
      out.set(piece, at);
      at += piece.length;
    }
    return out;
  }

  private flush(): void {
    if (this.at > this.from) this.pieces.push(this.fields.subarray(this.from, this.at));
    this.from = this.at;
  }
}

export function readPosition(reader: ByteReader): LogPosition {
  return { term: reader.u32(), sequence: reader.u32() * 0x10000 + reader.u16() };
}

export function readOptional<T>(reader: ByteReader, read: () => T): T | null {
  return reader.u8() === 1 ? read() : null;
}

export function readTrackPositions(reader: ByteReader): SegmentHead["start"] {
  return { video: readOptional(reader, () => reader.f64()), audio: readOptional(reader, () => reader.f64()) };
}

export function readTargets(reader: ByteReader): Targets | null {
  return readOptional(reader, () => ({ partMs: reader.f64(), segmentSeconds: reader.f64() }));
}

export function readText(reader: ByteReader): string {
  return Buffer.from(reader.view(reader.u8())).toString();
}

export function readData(reader: ByteReader): Uint8Array {
  return reader.view(reader.u32());
}

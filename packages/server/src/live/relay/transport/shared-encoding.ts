/**
 * Encodes the entries of one stream once for all of its relay followers in this process. An encoded entry is kept only while another
 * follower has yet to send it, and at most so many bytes of them.
 */
import { encodeEntry, type LogEntry } from "../../streams/index.ts";
import { frame, MESSAGE } from "./messages.ts";

/** One reader of the stream's log, which may need an entry that another one has encoded. */
export type EncodingReader = { readonly needs: (sequence: number) => boolean };

export type EncodeEntry = (epoch: string, entry: LogEntry) => Buffer;

/** Per stream. A follower that is further behind than this encodes for itself, so that it cannot hold memory. */
const MAX_KEPT_BYTES = 1024 * 1024;

type EncodedEntry = { readonly term: number; readonly bytes: Buffer };

export class SharedEncoding {
  private readonly epoch: string;
  private readonly encode: EncodeEntry;
  private readonly readers = new Set<EncodingReader>();
  private readonly kept = new Map<number, EncodedEntry>();
  private bytes = 0;

  /** @param encode replaced by tests, which count calls */
  constructor(epoch: string, encode: EncodeEntry = encodeEntry) {
    this.epoch = epoch;
    this.encode = encode;
  }

  /** Bytes of encoded entries that are kept for other followers. */
  get keptBytes(): number {
    return this.bytes;
  }

  /** Adds a reader. Returns a function that removes it. */
  add(reader: EncodingReader): () => void {
    this.readers.add(reader);
    return () => {
      this.readers.delete(reader);
      this.dropUnneeded();
    };
  }

  /** An entry as a whole relay message of the type `entry`. @param reader the one that sends it now; null for a repair */
  entryMessage(entry: LogEntry, reader: EncodingReader | null): Buffer {
    const { sequence, term } = entry;
    // A gap takes the sequence number of an entry that is missing at one follower only.
    if (entry.kind === "gap") return frame(MESSAGE.entry, this.encode(this.epoch, entry));
    const kept = this.kept.get(sequence);
    if (kept?.term === term) return kept.bytes;
    const bytes = frame(MESSAGE.entry, this.encode(this.epoch, entry));
    if (this.isNeeded(sequence, reader)) this.keep(sequence, { term, bytes });
    return bytes;
  }

  private keep(sequence: number, kept: EncodedEntry): void {
    this.dropUnneeded();
    this.drop(sequence);
    this.kept.set(sequence, kept);
    this.bytes += kept.bytes.length;
    for (const oldest of this.kept.keys()) {
      if (this.bytes <= MAX_KEPT_BYTES) break;
      this.drop(oldest);
    }
  }

  private dropUnneeded(): void {
    for (const sequence of this.kept.keys()) {
      if (this.isNeeded(sequence, null)) return;
      this.drop(sequence);
    }
  }

  private isNeeded(sequence: number, besides: EncodingReader | null): boolean {
    for (const reader of this.readers) if (reader !== besides && reader.needs(sequence)) return true;
    return false;
  }

  private drop(sequence: number): void {
    this.bytes -= this.kept.get(sequence)?.bytes.length ?? 0;
    this.kept.delete(sequence);
  }
}

/** Defines a wire format: how a protocol writes the entries of a log as bytes. */
import type { LogContext } from "../log/log.ts";
import type { Configuration, MediaEntry } from "../log/log-entry.ts";

/** Gives memory to write into, of exactly so many bytes. */
export type Reserve = (bytes: number) => Uint8Array;

/** A pure function of the entries. */
export type WireFormat = {
  /** Names the protocol and all options that change its bytes. */
  readonly id: string;
  /** Tracks that it carries. */
  readonly video: boolean;
  readonly audio: boolean;
  /** Bytes that a viewer gets before its first frame. @param context applies at that frame */
  readonly initBytes: (context: LogContext) => Uint8Array;
  /** Bytes for a viewer that was moved past a change of the configuration. @param time milliseconds of the epoch */
  readonly configurations: (context: LogContext, time: number) => Uint8Array;
  /** Writes a configuration that changes, or a frame: reserves its bytes once, or not at all for an entry that the format does not carry. */
  readonly write: (entry: Configuration | MediaEntry, reserve: Reserve) => void;
};

/** The bytes that are written, in memory of their own. */
export function collect(write: (reserve: Reserve) => void): Buffer {
  const pieces: Buffer[] = [];
  write((bytes) => {
    const piece = Buffer.alloc(bytes);
    pieces.push(piece);
    return piece;
  });
  return Buffer.concat(pieces);
}

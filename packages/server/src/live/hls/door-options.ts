/** Defines what HLS needs of the rest of a worker, and what it tells for log and metrics. */
import type { Variant } from "@lectern/media";
import type { Ask, Recheck } from "../../access/access.ts";
import type { ViewerSessions } from "../../access/credentials/viewer-sessions.ts";
import type { ContentKey, ContentKeys } from "../../access/encryption/content-keys.ts";
import type { EncryptedFiles } from "../../access/encryption/encrypted-files.ts";
import type { Encryption } from "../../access/policies/content-protection.ts";
import type { Rate } from "../../platform/rate-limit.ts";
import type { Refusal } from "../../platform/refusal.ts";
import type { Serve, ServedNow } from "../served-rendition.ts";
import type { Stream, Streams } from "../streams/index.ts";
import type { HlsAddress } from "./hls-address.ts";
import type { LiveCaptionsOptions } from "./live-captions.ts";

export type HlsDoorOptions = {
  readonly streams: Streams;
  readonly ask: Ask;
  /** Whether an admitted viewer may continue. */
  readonly recheck: Recheck;
  readonly apps: () => readonly string[];
  /** Segments that a playlist lists. */
  readonly windowSegments: () => number;
  /** Whether each file of a stream asks for permission. */
  readonly isStrict: (app: string, name: string) => boolean;
  /** The limit of viewers, and of requests held at once. */
  readonly maxViewers: () => number;
  /** Playlists that one viewer may ask for. */
  readonly playlists: () => Rate;
  /** True at the end of a drain, when viewers have to go to another node. */
  readonly isDrained: () => boolean;
  /** Null when a viewer can have a stream now, which is made where it is made on demand. */
  readonly present: (app: string, name: string) => Promise<Refusal | null>;
  /** The stream in the rendition that a client takes; null when it is not live. */
  readonly served: Serve;
  /** The rendition of now for who takes no Opus; null while it is being made. */
  readonly servedNow: ServedNow;
  /** A live stream, or a rung, which is made for its first viewer. */
  readonly find: (app: string, name: string) => Promise<Stream | Refusal>;
  /** The rungs of a stream, by their names `NAME@RUNG`. */
  readonly rungVariants: (stream: Stream) => readonly (Omit<Variant, "uri"> & { readonly name: string })[];
  /** The stream that a rung is made from, or the stream itself; null when it is not live. */
  readonly sourceOf: (app: string, name: string) => StreamIdentity | null;
  /** Reads a file that is no longer in memory from where it is recorded, and encrypts it where there is a key; null when it is not recorded. */
  readonly stored: (of: HlsFile, key: ContentKey | null) => Promise<Buffer | null>;
  /** How the files of a stream are encrypted; null: not at all; undefined: it is not known. */
  readonly encryptionOf: (app: string, name: string) => Encryption | null | undefined;
  readonly keys: ContentKeys;
  readonly encrypted: EncryptedFiles;
  readonly sessions: ViewerSessions;
  readonly captions: LiveCaptionsOptions;
  readonly events: HlsDoorEvents;
};

/** Events for log and metrics. */
export type HlsDoorEvents = {
  readonly refused: (what: "play", protocol: string, stream: string, ip: string, refusal: Refusal) => void;
  readonly joined: (protocol: string, seconds: number) => void;
  readonly sent: (protocol: string, bytes: number) => void;
};

export type StreamIdentity = Pick<Stream, "app" | "name" | "epoch">;

/** A file below the epoch. `key` of media: the name of the key that it is encrypted with. */
export type HlsFile = HlsAddress & { kind: "media" | "initialisation" };

/** Defines how ways out ask for a stream in the rendition that their client takes. `transcode/served-streams.ts` answers. */
import type { Stream } from "./streams/index.ts";

/** What a client can play besides H.264 and AAC. */
export type ClientTakes = {
  readonly opus: boolean;
  /** False: it takes the picture alone, which is the same in every form. Default true. */
  readonly sound?: boolean;
};

/** withdrawable: the viewer cannot play the stream if that changes its codec, and has to ask again then. */
export type Served = { readonly stream: Stream; readonly withdrawable: boolean };

/** The stream in the rendition that a client takes, made where it has to be; null when the stream is not live. */
export type Serve = (app: string, name: string, takes: ClientTakes) => Promise<Served | null>;

/** The rendition of now for who takes no Opus and cannot wait: null while it is being made; the stream itself where that takes too long. */
export type ServedNow = (app: string, name: string) => Stream | null;

/** What a door hands to the ingest: a publisher's messages, whatever protocol they came by. */
import type { AmfObject, FourCc } from "@lectern/media";

export type SourceMessage =
  | {
      readonly kind: "configuration";
      readonly track: "video" | "audio";
      readonly codec: FourCc;
      readonly data: Uint8Array;
    }
  | SourceFrame
  | { readonly kind: "metadata"; readonly properties: AmfObject }
  | {
      readonly kind: "data";
      /** Milliseconds of the publisher's clock, 32 bits. */
      readonly timestamp: number;
      /** AMF0: a name and its values. */
      readonly data: Uint8Array;
    };

export type SourceFrame = {
  readonly kind: "frame";
  readonly track: "video" | "audio";
  readonly codec: FourCc;
  /** Milliseconds of the publisher's clock, 32 bits, at which it is decoded. It may wrap, jump and go backward. */
  readonly timestamp: number;
  /** Milliseconds from decode to presentation. */
  readonly compositionOffset: number;
  readonly key: boolean;
  readonly disposable: boolean;
  /** What the decoder gets. */
  readonly data: Uint8Array;
  /** Rate, size and channels, for classic audio codecs without a configuration: FLV E.4.2.1. */
  readonly flags: number;
  /**
   * The tag that `data` lies in, where the door has left room for its header and trailer: the tag is then made in place. Null
   * where it has not.
   */
  readonly envelope: Uint8Array | null;
};

/** Defines the messages of a publisher, independent of its protocol. */
import type { AmfObject, FourCc, Frame } from "@lectern/media";

export type SourceMessage =
  | {
      readonly kind: "configuration";
      readonly track: "video" | "audio";
      readonly codec: FourCc;
      readonly data: Uint8Array;
    }
  | SourceFrame
  | { readonly kind: "metadata"; readonly properties: AmfObject }
  /** The publisher has sent something that cannot be read, and that was left out. */
  | { readonly kind: "fault"; readonly fault: SourceFault }
  | {
      readonly kind: "data";
      /** Milliseconds of the publisher's clock, 32 bits. */
      readonly timestamp: number;
      /** AMF0: a name and its values. */
      readonly data: Uint8Array;
    };

export type SourceFault = {
  readonly track: "video" | "audio" | "data";
  /** The rule that was broken, in words. */
  readonly rule: string;
};

/** A frame as its publisher sent it, whose time is not repaired yet. */
export type SourceFrame = Omit<Frame, "track" | "decodeTime"> & {
  readonly kind: "frame";
  readonly track: "video" | "audio";
  /** Milliseconds of the publisher's clock, 32 bits, at which it is decoded. It may wrap, jump and go backward. */
  readonly timestamp: number;
};

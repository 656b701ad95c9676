/** Defines what one node has of a recording. */
export type RecordingPart = {
  readonly files: readonly string[];
  readonly seconds: number;
  readonly bytes: number;
  readonly whole: boolean;
  readonly epochs: readonly string[];
  /** What its files have, from and to, milliseconds since 1970. */
  readonly spans: readonly (readonly [number, number])[];
};

/** By node. */
export type RecordingParts = { readonly [node: string]: RecordingPart };

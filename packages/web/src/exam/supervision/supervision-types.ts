/** Defines what a candidate's page knows of the supervision of an examination. Times are milliseconds since 1970, by the server's clock. */

export type StreamKind = "camera" | "screen" | "phone";

type StreamKey = {
  readonly kind: StreamKind;
  readonly app: string;
  readonly name: string;
  /** Begins to publish within two minutes. */
  readonly key: string;
  readonly limits: StreamLimits;
};

export type StreamLimits = {
  readonly height: number;
  readonly framesPerSecond: number;
  readonly bitsPerSecond: number;
};

export type Streams = {
  readonly streams: readonly StreamKey[];
  /** For the phone's address; null: no phone is wanted. */
  readonly phone: {
    readonly token: string;
    /** Whether its picture arrives, where the server says it. */
    readonly live?: boolean | undefined;
  } | null;
};

/** @throws ApiError */
export type StreamsDoor = () => Promise<Streams>;

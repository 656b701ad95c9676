/** What the school needs from recorded files. The node supplies it; school/ never imports library/. */

/** The state of a recording's files, sent by the library whenever they change. */
export type RecordingUpdate = {
  readonly id: string;
  readonly app: string;
  readonly name: string;
  readonly epoch: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly seconds: number;
  readonly bytes: number;
  /** False while the recording is being written. */
  readonly whole: boolean;
  /** Relative to the recordings' directory, in order. */
  readonly files: readonly string[];
};

/** How many seconds of a recording are cached, and on which nodes. */
export type PrefetchResult = { readonly seconds: number; readonly nodes: readonly string[] };

export type RecordingLibrary = {
  /** Starts or stops recording a stream by hand. False when it is not live. @throws RefusalError quota-reached */
  readonly record: (app: string, name: string, action: "start" | "stop") => Promise<boolean>;
  /** Caches the beginning of a recording on this node, and on the given ones. */
  readonly prefetch: (id: string, nodes: readonly string[] | "all") => Promise<PrefetchResult>;
  /** A recording was published, deleted or restored: media workers fetch its rule again. */
  readonly ruleChanged: (id: string) => void;
  /** Cuts a new recording from another; null when the range holds nothing. Times in seconds. */
  readonly clip: (files: readonly string[], from: number, to: number) => Promise<RecordingUpdate | null>;
  /** Deletes files permanently. */
  readonly remove: (files: readonly string[]) => Promise<void>;
};

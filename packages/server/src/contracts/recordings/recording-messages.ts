/** Messages about recorded files: recorders report them, and the control process cuts and deletes them at the node that has them. */
/** The state of a recording's files, whenever they change. */
export type RecordingUpdate = {
  readonly id: string;
  readonly app: string;
  readonly name: string;
  /** The epoch of its first file. A lesson whose teacher reconnected late has several. */
  readonly epoch: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly seconds: number;
  readonly bytes: number;
  /** The recording is complete. */
  readonly whole: boolean;
  /** Paths relative to the recordings' directory, in order. */
  readonly files: readonly string[];
};

/** A recorder began a file, or closed it. */
export type RecordedFile = { readonly recording: string; readonly path: string; readonly whole: boolean };
/** Between nodes a file is called `NODE:PATH`. Times are seconds. */
export type ClipRequest = { readonly files: readonly string[]; readonly from: number; readonly to: number };
export type RecordRequest = { readonly app: string; readonly name: string; readonly action: "start" | "stop" };

/** Answered by the process that maintains a node's files; the first two also between nodes. */
export type FileMessages = {
  readonly clip: (of: ClipRequest) => Promise<RecordingUpdate | null>;
  readonly removeFiles: (of: { readonly files: readonly string[] }) => Promise<void>;
};
export type RecordedMessages = { readonly recorded: (file: RecordedFile) => void };

/** Between nodes: names and fields are on the wire. */
export type RecordingNodeMessages = FileMessages & {
  readonly record: (request: RecordRequest) => Promise<boolean>;
  /** Has every worker fetch the beginning of a recording. Returns the seconds that are cached. */
  readonly prefetchRecording: (of: { readonly id: string }) => Promise<number>;
};

/** The seconds that the beginning of a recording has in the caches of nodes. */
export type Prefetched = { readonly seconds: number; readonly nodes: readonly string[] };
/** Answered by the supervisor. */
export type RecordingCallMessages = {
  /** Starts or stops a recording at the worker that writes the stream, of any node; false: no node has it. */
  readonly record: (request: RecordRequest) => Promise<boolean>;
  /** Has nodes fetch the beginning of a recording. */
  readonly prefetch: (of: { readonly id: string; readonly nodes: readonly string[] | "all" }) => Promise<Prefetched>;
};

/** Answered by a worker. */
export type RecordingWorkerMessages = {
  /** Starts or stops the recording of a live stream. False: this worker does not record it, and only remembers the decision. */
  readonly record: (request: RecordRequest) => boolean;
  readonly prefetch: (of: { readonly id: string }) => Promise<number>;
};

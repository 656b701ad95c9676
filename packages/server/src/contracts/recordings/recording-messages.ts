/** Lists the messages about recorded files: recorders report them, and the control process cuts and deletes them at the node that has them. */

/** The state of a recording's files at one node, whenever they change. */
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
  /** The node that has these files: other nodes may have others. */
  readonly node: string;
  /** The epochs of all its files. */
  readonly epochs: readonly string[];
  /** What these files have, from and to, milliseconds since 1970. */
  readonly spans: readonly (readonly [number, number])[];
};

/** As its node finds the files: they are named for other nodes when they are reported (`withNode`). */
export type FoundRecording = Omit<RecordingUpdate, "node">;

/** A recorder began a file, or closed it. */
export type RecordedFile = { readonly recording: string; readonly path: string; readonly whole: boolean };
/** Between nodes a file is called `NODE:PATH`. Times are seconds. */
export type ClipRequest = { readonly files: readonly string[]; readonly from: number; readonly to: number };
export type RecordRequest = { readonly app: string; readonly name: string; readonly action: "start" | "stop" };

/** Answered by the process that maintains a node's files; the first two also between nodes. */
export type FileMessages = {
  readonly clip: (of: ClipRequest) => Promise<FoundRecording | null>;
  readonly removeFiles: (of: { readonly files: readonly string[] }) => Promise<void>;
};
/** Gives a range of a recorded file of this node in base64; null: there is no such file. @param address of `recordedFileAddress` */
export type RecordedFileMessages = { readonly recordedFile: (of: { readonly address: string }) => Promise<string | null> };
export type RecordedMessages = { readonly recorded: (file: RecordedFile) => void };

/** Between nodes: names and fields are on the wire. */
export type RecordingNodeMessages = Omit<FileMessages, "clip"> &
  RecordedFileMessages & {
    readonly clip: (of: ClipRequest) => Promise<RecordingUpdate | null>;
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

/** A recording that is being written. */
export type GrowingRecording = {
  readonly id: string;
  /** How many files it has. */
  readonly files: number;
  /** What is recorded for certain, milliseconds since 1970: nodes report now and then. */
  readonly until: number;
};

/** Answered by the control process. */
export type GrowingRecordingMessages = {
  /** The recording of a live stream that another node has begun. Null: there is none, or it was stopped. */
  readonly growingRecording: (of: {
    readonly app: string;
    readonly name: string;
    readonly epoch: string;
  }) => Promise<GrowingRecording | null>;
};

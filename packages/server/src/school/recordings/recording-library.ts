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

/** Why there is no file. no-mark: no machine can draw the text. no-picture: the recording has sound only, or nothing that can be decoded. */
export const DOWNLOAD_PROBLEMS = ["no-mark", "no-picture", "not-in-mp4", "disk-full", "storage-away", "failed"] as const;

/** A file with a watermark that is made for a person, the owner. `share` is 0 to 1. */
export type DownloadOrder = {
  readonly recording: string;
  readonly owner: string;
  /** Whose share of the machine it counts in. */
  readonly school: string;
  readonly mark: { readonly text: string; readonly opacity: number; readonly id: string } | null;
  readonly seconds: number;
  readonly bytes: number;
  /** The picture of a lesson, whose id `recording` is. It becomes the recording `result`. */
  readonly picture?: {
    readonly id: string;
    readonly app: string;
    readonly name: string;
    readonly result: string;
    readonly epoch: string;
    /** The files of each recording of each person. */
    readonly people: readonly {
      readonly person: string;
      /** Shown while their camera is off. */
      readonly title?: string;
      readonly recordings: readonly (readonly string[])[];
    }[];
  };
  /** The recording with the board that the room of a lesson showed. */
  readonly film?: { readonly id: string; readonly lesson: string };
};
export type DownloadName = { readonly id: string; readonly recording: string };
export type Download = DownloadName & { readonly owner: string } & (
    | { readonly state: "waiting"; readonly ahead: number }
    | { readonly state: "running"; readonly share: number; readonly remainingSeconds: number | null }
    | { readonly state: "done"; readonly bytes: number; readonly keptSeconds: number }
    | { readonly state: "failed"; readonly problem: (typeof DOWNLOAD_PROBLEMS)[number] }
  );
export type DownloadRefused = { readonly refused: "disk-full" | "too-large" | "too-many" };

export type RecordingLibrary = {
  /** Starts or stops recording a stream by hand. False when it is not live. @throws RefusalError quota-reached */
  readonly record: (app: string, name: string, action: "start" | "stop") => Promise<boolean>;
  /** Caches the beginning of a recording on this node, and on the given ones. */
  readonly prefetch: (id: string, nodes: readonly string[] | "all") => Promise<PrefetchResult>;
  /** A recording was published, deleted or restored: media workers fetch its rule again. */
  readonly ruleChanged: (id: string) => void;
  /** Cuts a new recording from another; null when the range holds nothing. Times in seconds. */
  readonly clip: (files: readonly string[], from: number, to: number) => Promise<RecordingUpdate | null>;
  /** Has a download made where the files are. The three fail when that node is gone. */
  readonly orderDownload: (files: readonly string[], order: DownloadOrder) => Promise<Download | DownloadRefused>;
  /** Null: there is none, or not any more. */
  readonly findDownload: (files: readonly string[], of: DownloadName) => Promise<Download | null>;
  readonly cancelDownload: (files: readonly string[], of: DownloadName) => Promise<void>;
  /** Deletes files permanently. */
  readonly remove: (files: readonly string[]) => Promise<void>;
};

/** Defines what the school needs of recorded files. The node supplies it; `school/` never imports `library/`. */
import type {
  DownloadAnswer,
  DownloadName,
  DownloadOrder,
  DownloadState,
} from "../../../contracts/recordings/download-messages.ts";
import type { Prefetched, RecordingUpdate } from "../../../contracts/recordings/recording-messages.ts";

export type RecordingLibrary = {
  /** Starts or stops recording a stream by hand. False when it is not live. @throws RefusalError quota-reached */
  readonly record: (app: string, name: string, action: "start" | "stop") => Promise<boolean>;
  /** Caches the beginning of a recording on this node, and on the given ones. */
  readonly prefetch: (id: string, nodes: readonly string[] | "all") => Promise<Prefetched>;
  /** A recording was published, deleted or restored: media workers fetch its rule again. */
  readonly ruleChanged: (id: string) => void;
  /** Cuts a new recording from another; null when the range holds nothing. Times in seconds. */
  readonly clip: (files: readonly string[], from: number, to: number) => Promise<RecordingUpdate | null>;
  /** Has a download made where the files are. The three fail when that node is gone. */
  readonly orderDownload: (files: readonly string[], order: DownloadOrder) => Promise<DownloadAnswer>;
  /** Null: there is none, or not any more. */
  readonly findDownload: (files: readonly string[], of: DownloadName) => Promise<DownloadState | null>;
  readonly cancelDownload: (files: readonly string[], of: DownloadName) => Promise<void>;
  /** Deletes files permanently. */
  readonly remove: (files: readonly string[]) => Promise<void>;
};

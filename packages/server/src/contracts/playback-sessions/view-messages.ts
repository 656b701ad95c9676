/** Lists the messages of what viewers tell: from media workers to a control process. */
import type { ViewBatch } from "./view-batch.ts";

/** Answered by the control process, by the supervisor, and between nodes: names and fields are on the wire. */
export type ViewMessages = {
  /** Answered when the batch is counted; it may be sent again, also to another control process. */
  readonly views: (batch: ViewBatch) => Promise<null>;
};

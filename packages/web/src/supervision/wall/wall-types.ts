/** Names what the wall shows, as the API gives it. Times are ISO 8601. */
import type { ExamTalkRequested, ExamWall, SupervisedCandidate } from "@lectern/client";

export const STREAM_KINDS = ["camera", "screen", "phone"] as const;
export type StreamKind = (typeof STREAM_KINDS)[number];

export const STATES = ["waiting", "sitting", "paused", "handed-in"] as const;
type WallState = (typeof STATES)[number];

export type Wall = ExamWall;
export type WallItem = ExamWall["items"][number];
export type WallDetail = SupervisedCandidate;
export type TalkRequested = ExamTalkRequested;
export type WallRecording = SupervisedCandidate["recordings"][number];

/** What of the examination is shown. */
export type WallView = {
  /** Null: all that the person may see. `none`: those in no group. */
  readonly groupId: string | null;
  /** `attention`: those that need attention. */
  readonly state: WallState | "attention" | null;
  readonly q: string;
  readonly offset: number;
  /** Which stream the tiles show, where there is one. */
  readonly kind: StreamKind;
};

/** Which form of a candidate gets the focus; null: none. Another object asks for it again. */
export type Writes = { readonly kind: "message" | "note" } | null;

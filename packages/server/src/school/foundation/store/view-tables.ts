/** Defines types of the tables of viewer experience, for Kysely: a row for each session of a player, and each minute's figures. */
import type { Selectable } from "kysely";
import type { Buckets } from "../../../contracts/playback-sessions/log-buckets.ts";
import type { ViewMoment } from "../../../contracts/playback-sessions/view-batch.ts";
import type { Instant, Json, MaybeInstant } from "./column-types.ts";
import type { PrivacyOf } from "./privacy.ts";

/** What a school keeps of its viewers: who watched, only that somebody watched, or figures without sessions. */
export const VIEW_DETAILS = ["names", "anonymous", "none"] as const;
export type ViewDetails = (typeof VIEW_DETAILS)[number];

/** Durations in milliseconds. */
type SumColumns = {
  watched_ms: number;
  heard_ms: number;
  stalls: number;
  stall_ms: number;
  frames: number;
  dropped_frames: number;
  bytes: number;
  switches: number;
  reconnects: number;
  errors: number;
};

type ViewSessionTable = SumColumns & {
  /** The player's own session id. */
  readonly id: string;
  /** APP/NAME, or vod/ID. */
  readonly cid: string;
  /** The lesson of the stream or recording, and its school; null: it belongs to none. */
  readonly lesson_id: string | null;
  readonly school_id: string | null;
  /** Null where the school keeps no names with views, or the link named nobody. */
  readonly participant_id: string | null;
  readonly trace: string;
  /** Where the latest beacon came in. */
  node: string;
  /** Host and port that media came from last. */
  edge: string;
  engine: string;
  readonly device: string;
  os: string;
  browser: string;
  readonly line: string;
  /** /24 of IPv4, /48 of IPv6; empty where the school keeps no addresses. */
  network: string;
  readonly carrier: string;
  readonly region: string;
  readonly started_at: Instant;
  last_at: Instant;
  ended_at: MaybeInstant;
  end_reason: string | null;
  first_frame_ms: number | null;
  /** The session's strip, the oldest first; older moments are thinned out when there are too many. */
  moments: Json<readonly ViewMoment[]>;
  /** The number of the viewer's first report of a problem. */
  complaint: string | null;
};

type ViewComplaintTable = {
  readonly number: string;
  /** Its row in `view_sessions` may come later, or never. */
  readonly view_id: string;
  readonly lesson_id: string;
  readonly at: Instant;
};

type ViewMinuteTable = SumColumns & {
  readonly cid: string;
  readonly minute: Instant;
  readonly node: string;
  readonly carrier: string;
  readonly region: string;
  readonly engine: string;
  readonly device: string;
  readonly lesson_id: string | null;
  readonly school_id: string | null;
  beacons: number;
  sessions: number;
  first_frames: Json<Buckets>;
  stall_lengths: Json<Buckets>;
};

/** The last batch of each media worker that was counted. */
type ViewSenderTable = { readonly id: string; latest: number; at: Instant };

export type ViewTables = {
  view_senders: ViewSenderTable;
  view_sessions: ViewSessionTable;
  view_minutes: ViewMinuteTable;
  view_complaints: ViewComplaintTable;
};
export type ViewSessionRow = Selectable<ViewSessionTable>;

export const VIEW_PRIVACY = {
  view_senders: { erasure: "erased", atRest: "figures" },
  view_sessions: {
    erasure: {
      cid: "figures",
      trace: "figures",
      node: "figures",
      edge: "figures",
      engine: "figures",
      device: "figures",
      os: "erased",
      browser: "erased",
      line: "figures",
      network: "erased",
      carrier: "figures",
      region: "figures",
      end_reason: "figures",
      moments: "figures",
      complaint: "figures",
    },
    atRest: "figures",
  },
  view_minutes: { erasure: "figures", atRest: "figures" },
  view_complaints: { erasure: "figures", atRest: "figures" },
} as const satisfies PrivacyOf<ViewTables>;

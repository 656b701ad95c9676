/** Defines types of the tables of rooms, for Kysely. */
import type { Operation } from "@lectern/board";
import type { RoomRole } from "@lectern/room";
import type { Instant, Json, MaybeInstant } from "./column-types.ts";
import type { PrivacyOf } from "./privacy.ts";
import type { SearchTables } from "./search-tables.ts";

export type RoomTable = {
  readonly lesson_id: string;
  epoch: string;
  /** A new owner takes the next one. */
  term: number;
  /** The control process that stamps entries, `NODE/INSTANCE`; empty: none. */
  owner: string;
  /** The newest entry. */
  head: number;
  /** Since when entries are not in what the lesson is searched by (`classroom/search/`); null: all are. */
  search_at: MaybeInstant;
};

export type RoomEntryTable = {
  readonly lesson_id: string;
  readonly epoch: string;
  readonly seq: number;
  readonly at: Instant;
  readonly media_time: number | null;
  readonly id: string;
  /** The participant; empty: the server. */
  from_id: string;
  from_name: string;
  from_role: RoomRole | "";
  readonly kind: string;
  /** `all`, `staff`, a participant, or `members:` and the participants who were in a group, with commas between. */
  readonly audience: string;
  readonly key: string | null;
  readonly gone: boolean;
  readonly sampled: boolean;
  body: Json<Readonly<Record<string, unknown>>>;
  /** What the sender was told with the acknowledgement, for one that repeats the action; null: nothing. */
  answer: Json<Readonly<Record<string, unknown>>> | null;
};

/** Who may publish a stream of their own in a class. */
export type StagePersonTable = { readonly lesson_id: string; readonly participant_id: string };

/** A page of the board as it was at a place in the log; the entries after that place make it what it is now. */
export type BoardPageTable = {
  readonly lesson_id: string;
  /** `SET.NUMBER`. */
  readonly page: string;
  readonly epoch: string;
  /** The last entry that is a part of it, and when that was stored. Below 0: what the page began with, taken from an earlier lesson. */
  readonly seq: number;
  readonly at: Instant;
  /** The fewest operations that make the page. */
  operations: Json<readonly Operation[]>;
};

/** Who draws items whose ids begin with a tag. */
export type BoardTagTable = { readonly lesson_id: string; readonly tag: string; readonly person_id: string };

export type RoomTables = SearchTables & {
  readonly board_pages: BoardPageTable;
  readonly board_tags: BoardTagTable;
  readonly rooms: RoomTable;
  readonly room_entries: RoomEntryTable;
  readonly stage_people: StagePersonTable;
};

export const ROOM_PRIVACY = {
  board_pages: {
    erasure: { page: "acts", epoch: "acts", operations: "erased" },
    atRest: { page: "figures", epoch: "figures", operations: "encrypted" },
  },
  board_tags: { erasure: "erased", atRest: "figures" },
  rooms: { erasure: "figures", atRest: "figures" },
  room_entries: {
    erasure: {
      epoch: "acts",
      id: "acts",
      from_name: "erased",
      from_role: "acts",
      kind: "acts",
      audience: "acts",
      key: "acts",
      body: "erased",
      answer: "erased",
    },
    atRest: {
      epoch: "figures",
      from_id: "figures",
      from_name: "encrypted",
      from_role: "figures",
      kind: "figures",
      audience: "figures",
      key: "figures",
      body: "encrypted",
      answer: "encrypted",
    },
  },
  search_blocks: {
    erasure: "erased",
    atRest: { kind: "figures", words: "figures", lines: "encrypted", data_key: "figures" },
  },
  stage_people: { erasure: "erased", atRest: "figures" },
} as const satisfies PrivacyOf<RoomTables>;

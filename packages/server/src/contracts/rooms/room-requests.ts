/** Defines what a media worker asks the owner of a room, and what the owner tells workers. Names and fields are on the wire between nodes. */

import type { Caption, RoomAction, RoomEntry, RoomPerson, RoomPosition, RoomSignal } from "@lectern/room";
import type { RefusalCode } from "../../platform/refusal.ts";

/** A person who is in a room at a worker, or has left. */
export type RoomVisit = {
  readonly participant: string;
  /** Milliseconds since 1970. */
  readonly from: number;
  /** Null: still there. */
  readonly to: number | null;
  /** Of the browser, truncated. */
  readonly agent: string;
};

export type RoomRequest =
  /** Who people are. Those who may not enter are null. */
  | { readonly kind: "enter"; readonly room: string; readonly participants: readonly string[] }
  /** Does what a person wants; answered in the same order. */
  | { readonly kind: "send"; readonly room: string; readonly actions: readonly SentAction[] }
  /** Does what a person wants who is known to the asking control process. */
  | { readonly kind: "action"; readonly room: string; readonly person: RoomPerson; readonly action: RoomAction }
  /** Writes down what was heard, as the server; answered in the same order. */
  | { readonly kind: "captions"; readonly room: string; readonly captions: readonly HeardCaption[] }
  /** The entries after a position, or all that are held; then with so many of the newest ones, for members who return. */
  | { readonly kind: "read"; readonly room: string; readonly after: RoomPosition | null; readonly recent?: number }
  /** A page of what newcomers do not get: of each key the newest entry, before a number, the newest first. */
  | { readonly kind: "older"; readonly room: string; readonly epoch: string; readonly before: number }
  /** A page of the board. */
  | { readonly kind: "page"; readonly room: string; readonly page: string }
  /** All people of the room at a worker (`NODE/WORKER`), and those who have left since the last report that was answered. */
  | { readonly kind: "visits"; readonly room: string; readonly worker: string; readonly visits: readonly RoomVisit[] };

/** A caption of `@lectern/room`, and the id by which it is written once, however often it is sent. */
export type HeardCaption = { readonly id: string; readonly caption: Caption };

export type SentAction = RoomAction & {
  readonly participant: string;
  /** Seconds. The person has sent more than is allowed: the action is acknowledged where it was done before, and refused for so long otherwise. */
  readonly wait?: number;
};

export type ActionResult =
  | { readonly seq: number; readonly body?: Readonly<Record<string, unknown>> }
  | {
      readonly refused: RefusalCode;
      readonly detail: string | null;
      readonly retryAfter: number | null;
      /** Milliseconds. The person need not do it again: the worker sends it once more after that time. */
      readonly laterMs?: number;
    };

export type RoomContent = {
  readonly epoch: string;
  readonly term: number;
  /** The newest entry. */
  readonly head: number;
  /** Whether the entries follow the position that was asked for; false: they are all that newcomers get. */
  readonly isNext: boolean;
  readonly entries: readonly RoomEntry[];
  /** Where the entries are all that newcomers get: the newest entries in their order, up to `head`. */
  readonly recent?: readonly RoomEntry[];
  readonly signals: readonly RoomSignal[];
};

/** A page of the board at a place in the log. */
export type PageFile = RoomPosition & {
  /** `PageState` of `@lectern/board` as JSON, compressed with gzip, in base64. */
  readonly gzip: string;
};

export type RoomAnswer =
  | { readonly kind: "enter"; readonly people: readonly (RoomPerson | null)[] }
  | { readonly kind: "send"; readonly results: readonly ActionResult[] }
  | { readonly kind: "read"; readonly content: RoomContent }
  | { readonly kind: "older"; readonly entries: readonly RoomEntry[] }
  | ({ readonly kind: "page" } & PageFile)
  | { readonly kind: "visits" }
  /** Another node's control process owns the room. */
  | { readonly kind: "elsewhere"; readonly node: string }
  | { readonly kind: "refused"; readonly code: RefusalCode };

/** What has happened in a room, for all its followers. */
export type RoomUpdate = {
  readonly room: string;
  readonly epoch: string;
  readonly term: number;
  readonly entries: readonly RoomEntry[];
  readonly signals: readonly RoomSignal[];
};

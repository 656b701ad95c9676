/** Defines what a room tells the class page about the lesson, and the places of the page that the room fills. */
import { type Body, numberOf, textOf } from "@lectern/room";

export type RoomReport = {
  /** While it is, the page polls rarely. */
  readonly isConnected: boolean;
  /** Null: the room has not said. */
  readonly state: "scheduled" | "live" | "ended" | null;
  readonly startedAt: string | null;
  /** Since when nobody publishes to the live lesson. */
  readonly publisherLeftAt: string | null;
};

/** Elements that the room fills once it is loaded; null while they are not there. */
export type RoomSlots = {
  readonly dock: HTMLElement | null;
  readonly more: HTMLElement | null;
  readonly count: HTMLElement | null;
  /** Over the stage of a class; the whole stage of a small lesson. */
  readonly stage: HTMLElement | null;
};

export const NO_REPORT: RoomReport = { isConnected: false, state: null, startedAt: null, publisherLeftAt: null };

/** @param body of the signal `state` */
export function reportOf(isConnected: boolean, body: Body | null): RoomReport {
  const state = body?.["state"];
  if (state !== "scheduled" && state !== "live" && state !== "ended") return { ...NO_REPORT, isConnected };
  return { isConnected, state, startedAt: timeOf(body, "startedAt"), publisherLeftAt: timeOf(body, "publisherLeftAt") };
}

/** Messages have milliseconds since 1970, entries of the replay ISO 8601. */
function timeOf(body: Body | null, name: string): string | null {
  const milliseconds = body && numberOf(body, name);
  return milliseconds === null ? body && textOf(body, name) : new Date(milliseconds).toISOString();
}

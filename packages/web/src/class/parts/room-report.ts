/** What a room tells the class page about the lesson, and the places of the page that the room fills. */
import { type Body, numberOf, textOf } from "../../room/wire.ts";

export type RoomReport = {
  /** While it is, the page polls rarely. */
  readonly isConnected: boolean;
  /** Null: the room has not said. */
  readonly state: "scheduled" | "live" | "ended" | null;
  readonly startedAt: string | null;
};

/** Elements that the room fills once it is loaded; null while they are not there. */
export type RoomSlots = {
  readonly dock: HTMLElement | null;
  readonly more: HTMLElement | null;
  readonly count: HTMLElement | null;
  /** Over the stage of a class; the whole stage of a small lesson. */
  readonly stage: HTMLElement | null;
};

export const NO_REPORT: RoomReport = { isConnected: false, state: null, startedAt: null };

/** @param body of the signal `state` */
export function reportOf(isConnected: boolean, body: Body | null): RoomReport {
  const state = body?.["state"];
  if (state !== "scheduled" && state !== "live" && state !== "ended") return { ...NO_REPORT, isConnected };
  const startedAt = body ? numberOf(body, "startedAt") : null;
  return {
    isConnected,
    state,
    startedAt: startedAt === null ? body && textOf(body, "startedAt") : new Date(startedAt).toISOString(),
  };
}

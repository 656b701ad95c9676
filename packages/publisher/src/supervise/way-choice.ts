/** Chooses how picture and sound travel, and remembers for the session where UDP does not pass. */
import type { Way } from "./publisher-types.ts";

/** What is known of the network: WHIP did not pass. */
export type Blocked = {
  /** Milliseconds since 1970. */
  readonly at: number;
};

export type WayFacts = {
  readonly prefer: "auto" | Way;
  /** What the browser can do. */
  readonly can: Readonly<Record<Way, boolean>>;
  /** Null: WHIP has not failed here. */
  readonly blocked: Blocked | null;
  /** The network has changed since WHIP failed. */
  readonly hasNetworkChanged: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
};

/** Firewalls do not change while a lesson lasts; a quarter of an hour later it costs little to look again. */
const FORGET_MS = 15 * 60_000;

/** The way of the next attempt; null: this browser has none. */
export function chooseWay({ prefer, can, blocked, hasNetworkChanged, now }: WayFacts): Way | null {
  if (prefer !== "auto") return can[prefer] ? prefer : null;
  const isBlocked = blocked !== null && !hasNetworkChanged && Math.abs(now - blocked.at) < FORGET_MS;
  if (can.whip && !(isBlocked && can.websocket)) return "whip";
  return can.websocket ? "websocket" : null;
}

/** Where it is remembered: `sessionStorage`, which some browsers and frames deny. */
export type WayMemory = {
  readonly blocked: () => Blocked | null;
  readonly note: (blocked: Blocked | null) => void;
};

/** @param host of the server: another one may be on the near side of the firewall */
export function sessionWayMemory(host: string): WayMemory {
  const key = `lectern.whip-blocked.${host}`;
  let known: Blocked | null = null;
  return {
    blocked: () => {
      try {
        const at = Number(sessionStorage.getItem(key) ?? Number.NaN);
        return Number.isFinite(at) ? { at } : known;
      } catch {
        return known;
      }
    },
    note: (blocked) => {
      known = blocked;
      try {
        if (blocked) sessionStorage.setItem(key, String(blocked.at));
        else sessionStorage.removeItem(key);
      } catch {
        // Only this publisher remembers it.
      }
    },
  };
}

/** Determines what the tools of a room show at a time: it follows from the entries and the time alone, live, after a late arrival and in a replay. */
import {
  countedAt,
  groupsOf,
  leftAt,
  type PickedPerson,
  pickedOf,
  type SpeakingOrder,
  type Stars,
  speakingOrderOf,
  starsOf,
  type ThrownDice,
  type Timer,
  thrownDiceOf,
  timerOf,
} from "@lectern/room";
import type { Room } from "../room/use-room.ts";

/** So long a timer says that the time is up. */
const OVER_MS = 60_000;
const PICKED_MS = 60_000;
const STARS_MS = 15_000;
const DICE_MS = 20_000;
/** Of stars that are given at once, the newest are shown. */
const MAX_STARS = 3;

export type ShownTimer = {
  /** What is left, or what a stopwatch has counted, in whole seconds. */
  readonly seconds: number;
  readonly isStopwatch: boolean;
  readonly isPaused: boolean;
  readonly isOver: boolean;
};

export type ShownTools = {
  readonly timer: ShownTimer | null;
  readonly picked: PickedPerson | null;
  readonly dice: ThrownDice | null;
  readonly order: SpeakingOrder | null;
  /** How many groups the lesson is divided into; null: into none. */
  readonly groups: number | null;
  /** The newest first. */
  readonly stars: readonly Stars[];
  /** It looks otherwise after a while, also without another entry. */
  readonly isPassing: boolean;
};

/** @param now milliseconds since 1970, of the server's clock */
export function shownTools({ one, held }: Pick<Room, "one" | "held">, now: number): ShownTools {
  const running = timerOf(one("timer"));
  const timer = running && shownTimer(running, now);
  const lastPicked = pickedOf(one("pick"));
  const picked = lastPicked !== null && now - lastPicked.at < PICKED_MS ? lastPicked : null;
  const fresh = starsOf(held("star")).filter(({ at, given }) => given > 0 && now - at < STARS_MS);
  const stars = fresh.toSorted((a, b) => b.seq - a.seq).slice(0, MAX_STARS);
  const lastDice = thrownDiceOf(one("dice"));
  const dice = lastDice !== null && now - lastDice.at < DICE_MS ? lastDice : null;
  const order = speakingOrderOf(one("order"));
  const isCounting = timer !== null && running?.since !== null;
  const isPassing = isCounting || picked !== null || dice !== null || stars.length > 0;
  const groups = groupsOf(one("groups"))?.count ?? null;
  return { timer, picked, dice, order, groups, stars, isPassing };
}

/** Null: it has been over for a while. */
export function shownTimer(timer: Timer, now: number): ShownTimer | null {
  const left = leftAt(timer, now);
  const isPaused = timer.since === null;
  if (left === null) return { seconds: Math.floor(countedAt(timer, now) / 1000), isStopwatch: true, isPaused, isOver: false };
  if (left < -OVER_MS) return null;
  return { seconds: Math.max(0, Math.ceil(left / 1000)), isStopwatch: false, isPaused, isOver: left <= 0 };
}

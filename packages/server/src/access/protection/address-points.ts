/**
 * Counts points against addresses and decides on measures. Points halve each minute, and so does the count of what an address did well. A measure
 * needs many points and that they are a considerable share of all that the address does: a thousand students behind one address who mistype
 * passwords and reload do much more well than badly; a program that guesses does not.
 *
 * A measure lasts for a time that depends on it, is prolonged while signs go on, and ends by itself.
 */
import { RecentMap } from "../../platform/recent-map.ts";
import {
  ABUSE_SIGNALS,
  type AbuseSignal,
  type AddressAbuseSignals,
  type BlockedAddress,
  COUNTERMEASURES,
  type Countermeasure,
  type Release,
} from "./protection-messages.ts";

/** Points of one sign. One good request or admission counts as one against them. */
export const WEIGHTS: Readonly<Record<AbuseSignal, number>> = {
  "new-name": 1,
  "wrong-credential": 2,
  // Browsers open connections ahead of time and close them unused; so do health checks.
  "empty-connection": 0.1,
  malformed: 4,
  slow: 2,
  // What is over a limit is refused anyway, and comes in thousands.
  "too-many": 0.05,
  "attack-tool": 20,
  "new-referer": 0.5,
  "false-crawler": 10,
};

/** From these points on. One point each second for a long time is 87 points: 60 s ÷ ln 2. */
export const THRESHOLDS: Readonly<Record<Countermeasure, number>> = { slow: 60, challenge: 150, refuse: 400 };
/** What points must be of all that an address does. */
export const MIN_SHARE = 0.25;
/** Milliseconds. */
export const DURATIONS: Readonly<Record<Countermeasure, number>> = { slow: 60_000, challenge: 300_000, refuse: 600_000 };

const HALF_LIFE_MS = 60_000;
/** So many points of a measure's threshold prolong it: what it refuses are fewer signs than before. */
const PROLONG = 0.5;
/** More well-done requests than a school has in a minute excuse nothing more, so that a flood of valid requests excuses no attack. */
const MAX_GOOD = 40_000;
/** Of one sign. A flood is over each threshold; points beyond this would only make its measure last for hours. */
const MAX_POINTS = 30_000;
/** Addresses that were heard of longest ago are forgotten beyond that. */
const MAX_ACCOUNTS = 50_000;
/** Beyond that, no further address is held. */
const MAX_BLOCKED = 5000;
/** Ended measures that are remembered; at times twice as many. */
const MAX_ENDED = 500;
const ENDED_MS = 3_600_000;
const MAX_FREE = 10_000;
const MAX_ABOUT = 200;

type Account = { good: number; readonly points: Map<AbuseSignal, number>; at: number; about: string | null };
export type ProtectionMode = "enforce" | "watch" | "off";

export type AddressPointsOptions = {
  /** This node's name. */
  readonly node: string;
  readonly mode: () => ProtectionMode;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A measure began, became another one, or was prolonged. */
  readonly onBlocked: (held: BlockedAddress, before: BlockedAddress | null) => void;
  readonly onEnded: (held: BlockedAddress) => void;
};

export class AddressPoints {
  private readonly options: AddressPointsOptions;
  private readonly accounts = new RecentMap<string, Account>(MAX_ACCOUNTS);
  private readonly blockedByOwner = new Map<string, BlockedAddress>();
  private readonly free = new Map<string, number>();
  /** The oldest first. */
  private readonly endedCountermeasures: BlockedAddress[] = [];

  constructor(options: AddressPointsOptions) {
    this.options = options;
  }

  get held(): readonly BlockedAddress[] {
    return [...this.blockedByOwner.values()];
  }

  blockOf(owner: string): BlockedAddress | null {
    return this.blockedByOwner.get(owner) ?? null;
  }

  /** The newest first. */
  get ended(): readonly BlockedAddress[] {
    const since = this.options.now() - ENDED_MS;
    return this.endedCountermeasures.filter(({ until }) => until > since).reverse();
  }

  /** Adds what a worker has seen. */
  add(report: readonly AddressAbuseSignals[]): void {
    if (this.options.mode() === "off") return;
    for (const signs of report) this.addOne(signs);
  }

  /** Ends measures whose time is over. To be called each second. */
  sweep(): void {
    const now = this.options.now();
    const isOff = this.options.mode() === "off";
    for (const held of this.blockedByOwner.values()) if (isOff || held.until <= now) this.end(held);
    for (const [owner, until] of this.free) if (until <= now) this.free.delete(owner);
  }

  /** The points of an address are forgotten, and no measure is taken for a time. */
  release({ owner, until }: Release): void {
    this.accounts.delete(owner);
    if (this.free.size < MAX_FREE) this.free.set(owner, until);
    const held = this.blockedByOwner.get(owner);
    if (held) this.end(held);
  }

  private addOne({ owner, good, signs, about, isExempt }: AddressAbuseSignals): void {
    const account = this.account(owner);
    account.good = Math.min(MAX_GOOD, account.good + good);
    for (const sign of ABUSE_SIGNALS) {
      const times = signs[sign];
      if (times) account.points.set(sign, Math.min(MAX_POINTS, (account.points.get(sign) ?? 0) + times * WEIGHTS[sign]));
    }
    account.about = about?.slice(0, MAX_ABOUT) ?? account.about;
    const isQuiet = Object.keys(signs).length === 0 || this.free.has(owner);
    if (!isQuiet) this.judge(owner, account, isExempt || this.options.mode() === "watch");
  }

  private judge(owner: string, account: Account, isTrial: boolean): void {
    const points = sum(account.points.values());
    if (points < MIN_SHARE * (points + account.good)) return;
    const before = this.blockedByOwner.get(owner) ?? null;
    const reached = COUNTERMEASURES.findLast((measure) => points >= THRESHOLDS[measure]) ?? null;
    const measure = stronger(reached, before?.measure ?? null);
    if (measure === null || points < THRESHOLDS[measure] * PROLONG) return;
    if (!before && this.blockedByOwner.size >= MAX_BLOCKED) return;
    const now = this.options.now();
    const isSame = before?.measure === measure && before.isTrial === isTrial;
    // A prolongation is worth telling others of when a good part of the time has gone by.
    if (isSame && before.until - now > DURATIONS[measure] * 0.75) return;
    const because = [...account.points]
      .map(([sign, of]) => ({ sign, points: Math.round(of) }))
      .filter((reason) => reason.points > 0)
      .sort((a, b) => b.points - a.points);
    const held: BlockedAddress = {
      owner,
      measure,
      points: Math.round(points),
      because,
      about: account.about,
      isTrial,
      node: this.options.node,
      since: before?.since ?? now,
      until: now + DURATIONS[measure],
    };
    this.blockedByOwner.set(owner, held);
    this.options.onBlocked(held, before);
  }

  private end(held: BlockedAddress): void {
    const ended = { ...held, until: Math.min(held.until, this.options.now()) };
    this.blockedByOwner.delete(held.owner);
    this.endedCountermeasures.push(ended);
    if (this.endedCountermeasures.length > 2 * MAX_ENDED) this.endedCountermeasures.splice(0, MAX_ENDED);
    this.options.onEnded(ended);
  }

  private account(owner: string): Account {
    const now = this.options.now();
    const known = this.accounts.get(owner);
    const account: Account = known ?? { good: 0, points: new Map(), at: now, about: null };
    if (!known) this.accounts.set(owner, account);
    decay(account, now);
    return account;
  }
}

function decay(account: Account, now: number): void {
  const left = 0.5 ** (Math.max(0, now - account.at) / HALF_LIFE_MS);
  account.at = now;
  account.good *= left;
  for (const [sign, points] of account.points) {
    if (points * left < 0.01) account.points.delete(sign);
    else account.points.set(sign, points * left);
  }
}

function stronger(a: Countermeasure | null, b: Countermeasure | null): Countermeasure | null {
  if (a === null || b === null) return a ?? b;
  return COUNTERMEASURES.indexOf(a) > COUNTERMEASURES.indexOf(b) ? a : b;
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

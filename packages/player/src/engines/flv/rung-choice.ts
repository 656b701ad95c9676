/**
 * Decides which rung a viewer of FLV receives. It goes down at once when media arrive more slowly than they are shown, or when nothing
 * arrives any more; it goes up by trying: the next rung is received besides, and shown when both arrive in time. A pure state machine: it
 * is told how the stream arrives, some times a second, and says what to do. All times are milliseconds of one monotonic clock.
 * Long because every decision goes by the same state: when something was changed, tried in vain, full or quiet last.
 */
import { DryMeter, PATIENCE_MS } from "../dry-meter.ts";
import type { LadderStep, Reception, RungDecision } from "./reception.ts";
import { newPlan, type Plan } from "./rung-plan.ts";
import { Steps } from "./steps.ts";

/** Media that come more slowly than this fall behind. */
const SLOW_PACE = 0.75;
const GOOD_PACE = 0.9;
/** Shares of the usual buffer below which a slow stream, or a silent one, is left, and the trial of a larger one is over. */
const LEAVE_BELOW = { slow: 0.75, silent: 0.65, trial: 0.6 } as const;
/** A stream is silent after so many of its usual gaps, and no earlier than this. */
const SILENT = { gaps: 2, ms: 350 } as const;
/** Two answers to one question: what a server sends at once arrives within this on a connection that is not full. */
const FIRST_FRAMES_MS = 150;
/** A newer frame than the other stream has, by more than rounding. */
const NEWER_MS = 100;
/** After a silence of the publisher, the larger stream needs this time to arrive too. */
const NEWER_FOR_MS = 200;
/** Seconds of media that the next stream needs to be shown, and of the shown one at which it is left for it. */
const SWAP = { next: 0.3, shown: 0.3 } as const;
/** A rung that cannot be shown so long after it is received alone is too much as well. */
const TOO_MUCH_AFTER_MS = 4000;
/**
 * Seconds of media that the next stream needs after the shown frame, all the time between two batches, so that it takes over without a stop.
 * It comes later than the stream itself by what its encoder needs.
 */
const READY = { ahead: 0.25, forMs: 300 } as const;
/** A viewer who wants another rung waits for that no longer. */
const READY_WITHIN_MS = 7000;
/** A rung may have to be made first. */
const OPEN_WITHIN_MS = 15_000;
/**
 * Where the server does not answer within this, the stream that is shown fills the queue in front of the connection, and lets nothing else through. It comes
 * too slowly anyway: without it the queue is empty soon.
 */
const ANSWER_WITHIN_MS = 500;
/** The first packets of a connection that were lost are sent again after one second, three and seven: another connection is faster. */
const ASK_AGAIN_MS = 2500;
/** A stream that was silent is back when it has come in time for so long: what was lost comes in bursts. */
const BACK_FOR_MS = 700;
/** The next key frame, at the latest; a viewer who has chosen waits less, and sees the picture stop for a moment then. */
const JOIN_WITHIN_MS = { chosen: 8000, other: 25_000 } as const;
/** The smallest picture stands still because of the connection, if that was full so lately. */
const FULL_FOR_MS = 2000;
/** A change settles. */
const SETTLE_MS = 2000;
/** A trial lasts this long. */
const TRIAL_MS = { least: 1500, most: 4000 } as const;
const CLIMB_WAIT_MS = { first: 10_000, carried: 3000, most: 120_000, afterFaults: 60_000 } as const;
/** What batches tell of the connection is not believed for so long after a trial in vain that they led to, at least. */
const DOUBT_BATCHES_MS = 60_000;
/** A climb that holds for so long was right; one that does not hold for so long was wrong. */
const PROVEN_MS = 60_000;
const REGRET_MS = 30_000;
/** A server that has no room for a rung, or does not answer, is asked again after so long. */
const RETRY_MS = 5000;
/** A false alarm is not repeated for so long. */
const ALARM_PAUSE_MS = 10_000;
/** But a picture that has stood still for so long is. */
const ALARM_ANYWAY_MS = 1000;
/** A viewer who makes the player smaller for a moment changes nothing. */
const SIZE_SETTLE_MS = 3000;
const AVERAGE_WEIGHT = 0.05;

export class RungChoice {
  private readonly steps: Steps;
  private at: number;
  private chosen: number | null = null;
  /** The largest step that the player's size needs. */
  private largest = 0;
  private plan: Plan | null = null;
  /** The sound goes on alone, because no picture arrives in time. */
  private isRefuge: boolean;
  private usualAhead = 0;
  private changedAt: number;
  private climbedAt: number | null = null;
  private climbWaitMs: number;
  private climbFrom: number;
  private quietUntil = 0;
  private retryAt = 0;
  private tooLargeSince: number | null = null;
  private readonly dry: DryMeter;
  private linkKbps = 0;
  /** What batches promise; 0 while nothing. */
  private batchKbps = 0;
  private batchesFrom = 0;
  /** When the connection was full last. */
  private fullAt = Number.NEGATIVE_INFINITY;

  /**
   * @param steps from the largest to the smallest, sound alone last
   * @param at the step that is received
   * @param isRefuge it is the sound alone, because the picture fails
   */
  constructor(steps: readonly LadderStep[], at: number, now: number, isRefuge = false) {
    this.steps = new Steps(steps);
    this.at = at;
    this.changedAt = now;
    this.dry = new DryMeter(now);
    this.isRefuge = isRefuge;
    this.climbWaitMs = isRefuge ? CLIMB_WAIT_MS.afterFaults : CLIMB_WAIT_MS.first;
    this.climbFrom = now + this.climbWaitMs;
  }

  /** The bits of the steps were measured again. */
  measured(steps: readonly LadderStep[]): void {
    this.steps.measured(steps);
  }

  /** The step that the viewer has chosen; null for automatic. */
  get wanted(): number | null {
    return this.chosen;
  }

  /** The step that is shown. */
  get current(): number {
    return this.at;
  }

  /** Whether the viewer should fall behind a little, so that the next step has enough media when it takes over. */
  get needsTime(): boolean {
    return this.plan?.needsTime ?? false;
  }

  /** Whether the sound goes on alone because no picture arrives in time. */
  get isSoundForNow(): boolean {
    return this.isRefuge;
  }

  /** Shows one step; null for automatic, which begins to try larger ones at once. */
  choose(step: number | null, now: number): void {
    this.chosen = step;
    this.isRefuge = false;
    this.climbFrom = now;
    this.climbWaitMs = CLIMB_WAIT_MS.first;
  }

  /** The largest step that automatic quality may show. */
  limit(largest: number, now: number): void {
    if (largest < this.largest) this.climbFrom = Math.min(this.climbFrom, now);
    this.largest = largest;
  }

  /** The upcoming step has become the shown one. */
  arrived(now: number): void {
    if (!this.plan) return;
    const { to, why } = this.plan;
    const isDown = to > this.at;
    const isRegretted = isDown && this.climbedAt !== null && now - this.climbedAt < REGRET_MS;
    if (why === "climb") this.climbedAt = now;
    else if (why !== "choice") this.penalise(isRegretted);
    this.isRefuge = this.steps.isSound(to) && why !== "choice" && why !== "size";
    this.at = to;
    this.plan = null;
    this.changedAt = now;
    // One step up was right, so the next one may be soon, the sooner where its first frames have shown that the connection carries that one too.
    this.climbFrom = now + (why === "climb" ? this.nextClimbMs(now) : this.climbWaitMs);
    this.dry.reset();
    this.usualAhead = 0;
  }

  /**
   * The upcoming step cannot be had.
   * @param isRefused by the server: it is not asked for again
   */
  failed(now: number, isRefused: boolean): void {
    if (!this.plan) return;
    if (isRefused) this.steps.refuse(this.plan.to);
    this.retryAt = now + RETRY_MS;
    this.giveUp(now);
  }

  /** The server has given up the rung that is shown. Returns what to do; null when there is no other picture. */
  gone(now: number): RungDecision | null {
    this.steps.refuse(this.at);
    if (this.chosen === this.at) this.chosen = null;
    const to = this.steps.instead(this.at);
    if (to === null) return null;
    const decision = this.begin(to, "slow", now);
    if (this.plan) this.plan = { ...this.plan, cutAt: now };
    return decision;
  }

  decide(reception: Reception): RungDecision | null {
    const { now, isStill, pace } = reception;
    this.observe(reception);
    if (this.plan) return this.pursue(this.plan, reception);
    if (this.chosen !== null && this.chosen !== this.at && !this.isRefuge) return this.begin(this.chosen, "choice", now);
    if (now < this.retryAt) return null;
    const isSettled = now - this.changedAt > SETTLE_MS;
    const isAutomatic = this.chosen === null || this.isRefuge;
    const isLeast = this.at === this.steps.smallestVideo;
    if (isSettled && isAutomatic && !this.steps.isSound(this.at) && !isLeast) {
      const to = this.fallFrom(reception);
      if (to) return this.begin(to.step, to.why, now);
    }
    if ((isLeast || (isAutomatic && !this.steps.isSound(this.at))) && this.dry.ms > PATIENCE_MS)
      return this.rescue(reception, isLeast);
    if (!isAutomatic) return null;
    if (this.isTooLarge(now)) return this.begin(this.largest, "size", now);
    const isSmooth = pace > SLOW_PACE && !isStill && this.dry.ms === 0;
    this.hearBatches(reception);
    const up = this.stepUp(now);
    return isSmooth && up !== null && now >= this.climbFrom && isSettled ? this.begin(up, "climb", now) : null;
  }

  private observe({ now, ahead, isStill, pace, kbps, isSteady, next }: Reception): void {
    this.dry.look(now, isStill);
    if (pace > SLOW_PACE && !isStill)
      this.usualAhead = this.usualAhead === 0 ? ahead : this.usualAhead + (ahead - this.usualAhead) * AVERAGE_WEIGHT;
    if (isSteady && pace < SLOW_PACE) {
      this.linkKbps = kbps;
      this.fullAt = now;
    } else if (next?.burstKbps) this.linkKbps = next.burstKbps;
    const isProven = this.climbedAt !== null && now - this.climbedAt > PROVEN_MS && this.changedAt === this.climbedAt;
    if (!isProven) return;
    this.climbWaitMs = CLIMB_WAIT_MS.first;
    this.climbedAt = null;
  }

  /** Batches that come faster than a larger rung needs say that the connection has become fast: the wait after trials in vain is over. */
  private hearBatches({ now, batchKbps }: Reception): void {
    this.batchKbps = now < this.batchesFrom ? 0 : (batchKbps ?? 0);
    if (!this.stepsUp(now).some((step) => this.steps.isCarriedBy(this.batchKbps, step))) return;
    this.climbFrom = Math.min(this.climbFrom, this.changedAt + CLIMB_WAIT_MS.carried);
  }

  /** The step to fall to, where the one that is shown does not arrive in time. */
  private fallFrom(reception: Reception): { step: number; why: "slow" | "silent" } | null {
    const { now, ahead, isStill, pace, longPace, kbps, isSteady, silentMs, usualGapMs } = reception;
    const isShort = (share: number) => isStill || ahead < this.usualAhead * share;
    if (isSteady && pace < SLOW_PACE && isShort(LEAVE_BELOW.slow))
      return { step: this.steps.carriedBy(kbps, this.at), why: "slow" };
    // What is lost on the way holds up what follows: then it comes neither steadily nor in time.
    const isSilent = silentMs > Math.max(SILENT.ms, SILENT.gaps * usualGapMs) || longPace < SLOW_PACE;
    const isQuiet = now <= this.quietUntil && this.dry.ms < ALARM_ANYWAY_MS;
    if (isSilent && isShort(LEAVE_BELOW.silent) && !isQuiet) return { step: this.steps.smallestVideo, why: "silent" };
    return null;
  }

  /**
   * The picture stands still too often, and smaller ones would not help: a larger one does, where the encoder is the reason, and the sound
   * alone, where the connection is.
   */
  private rescue({ now, silentMs }: Reception, isLeast: boolean): RungDecision | null {
    const isFull = now - this.fullAt < FULL_FOR_MS;
    // An encoder that cannot keep up is late with all rungs, but not with the stream itself.
    const other = this.chosen === null && !isFull ? (this.stepsUp(now)[0] ?? null) : null;
    const isCarried = other !== null && (this.linkKbps === 0 || this.steps.isCarriedBy(this.linkKbps, other));
    if (isCarried) return this.begin(other, "rescue", now);
    if (!isLeast || this.steps.sound === null || now < this.quietUntil) return null;
    if (isFull) return this.begin(this.steps.sound, "slow", now);
    return silentMs > SILENT.ms ? this.begin(this.steps.sound, "silent", now) : null;
  }

  private pursue(plan: Plan, reception: Reception): RungDecision | null {
    const { now, next } = reception;
    const isLate = next?.openMs == null && now - plan.since > OPEN_WITHIN_MS;
    if (isLate || (plan.why !== "choice" && plan.to === this.at)) return this.drop(now);
    switch (plan.why) {
      case "slow":
        return this.pursueDown(plan, reception);
      case "silent":
        return this.pursueAlarm(plan, reception);
      default:
        return this.pursueBesides(plan, reception);
    }
  }

  private pursueDown(plan: Plan, { now, ahead, isStill, pace, next }: Reception): RungDecision | null {
    const openMs = next?.openMs ?? null;
    if (plan.cutAt === null) {
      const hasRecovered = pace > GOOD_PACE && ahead > this.usualAhead * GOOD_PACE;
      if (openMs === null && hasRecovered) return this.drop(now);
      if (openMs === null && now - plan.requestedAt < ANSWER_WITHIN_MS) return null;
      this.plan = { ...plan, cutAt: now };
      return { kind: "cut" };
    }
    if (next && next.ahead >= SWAP.next && (isStill || ahead < SWAP.shown)) return { kind: "swap" };
    if (openMs === null) return now - Math.max(plan.requestedAt, plan.cutAt) < ASK_AGAIN_MS ? null : this.askAgain(plan, now);
    if (Math.min(now - plan.cutAt, openMs) < TOO_MUCH_AFTER_MS) return null;
    const lower = this.steps.below(plan.to);
    if (lower === null) return null;
    if (plan.isChosen) this.chosen = null;
    this.plan = { ...plan, to: lower, since: now, cutAt: now, requestedAt: now };
    return { kind: "open", step: lower };
  }

  private askAgain(plan: Plan, now: number): RungDecision {
    this.plan = { ...plan, requestedAt: now };
    return { kind: "open", step: plan.to };
  }

  /** Nothing arrives. The next stream tells whether the connection stands still, or the publisher does. */
  private pursueAlarm(plan: Plan, reception: Reception): RungDecision | null {
    const { now, ahead, isStill, silentMs, usualGapMs, pace, next } = reception;
    const isBack = silentMs < SILENT.gaps * usualGapMs && pace > SLOW_PACE;
    const backSince = isBack ? (plan.backSince ?? now) : null;
    if (backSince !== null && (now - backSince >= BACK_FOR_MS || ahead > this.usualAhead * GOOD_PACE)) {
      this.quietUntil = now + ALARM_PAUSE_MS;
      return this.drop(now);
    }
    if (next?.openMs == null) {
      const isFull = silentMs < now - plan.since && !isBack && (isStill || ahead < this.usualAhead * LEAVE_BELOW.silent);
      const fullSince = isFull ? (plan.fullSince ?? now) : null;
      this.plan = { ...plan, backSince, fullSince };
      if (fullSince === null || now - fullSince < ANSWER_WITHIN_MS) return null;
      this.plan = { ...plan, why: "slow", cutAt: now, needsTime: false };
      return { kind: "cut" };
    }
    const isNewer = !isBack && next.leadMs !== null && next.leadMs > NEWER_MS;
    const newerSince = isNewer ? (plan.newerSince ?? now) : null;
    this.plan = { ...plan, backSince, newerSince };
    const isFull = next.leadMs === null && next.openMs > FIRST_FRAMES_MS;
    if (!isFull && (newerSince === null || now - newerSince < NEWER_FOR_MS)) return null;
    this.plan = { ...plan, why: "slow", cutAt: now, needsTime: false };
    return { kind: "cut" };
  }

  private pursueBesides(plan: Plan, reception: Reception): RungDecision | null {
    const { now, isStill, next } = reception;
    if (plan.why === "climb" && this.isTooMuch(reception)) return this.drop(now);
    if (next?.openMs == null) return null;
    const isInVain = plan.why === "climb" && plan.joinedAt === null && next.openMs > TRIAL_MS.most;
    if (isInVain) return this.steps.isCarriedBy(this.linkKbps, plan.to) ? this.passOver(plan.to, now) : this.drop(now);
    const isStarving = isStill && this.dry.ms > SETTLE_MS / 2;
    const isUrgent = plan.why === "choice" || plan.why === "rescue";
    const isOverdue = plan.joinedAt !== null && now - plan.joinedAt > JOIN_WITHIN_MS[isUrgent ? "chosen" : "other"];
    // What the viewer has chosen is shown, even if the picture has to stop for it.
    if (isUrgent && (isStarving || isOverdue)) {
      this.plan = { ...plan, why: "slow", cutAt: now, needsTime: false };
      return { kind: "cut" };
    }
    if (isOverdue) return this.drop(now);
    if (plan.joinedAt !== null) return null;
    const readySince = next.ahead >= READY.ahead ? (plan.readySince ?? now) : null;
    const isReady =
      plan.why === "climb"
        ? next.openMs >= TRIAL_MS.least && next.pace >= GOOD_PACE
        : (readySince !== null && now - readySince >= READY.forMs) || next.openMs > READY_WITHIN_MS;
    const needsTime = !isReady && plan.why !== "climb" && next.leadMs !== null && next.leadMs < 0;
    this.plan = { ...plan, readySince, needsTime, joinedAt: isReady ? now : null };
    return this.plan.joinedAt === null ? null : { kind: "join" };
  }

  /** Whether a connection does not carry a larger rung besides the one that is shown. */
  private isTooMuch({ ahead, isStill, isHolding, pace }: Reception): boolean {
    const isShort = !isHolding && ahead < this.usualAhead * LEAVE_BELOW.trial;
    return isStill || (isShort && pace < GOOD_PACE);
  }

  /** A rung is late though the connection carries it: its encoder cannot keep up. Another one is tried soon. */
  private passOver(step: number, now: number): RungDecision {
    this.steps.passOver(step, now);
    this.plan = null;
    this.climbFrom = now + SETTLE_MS;
    return { kind: "drop" };
  }

  private begin(to: number, why: Plan["why"], now: number): RungDecision {
    this.plan = newPlan(to, why, now);
    return { kind: "open", step: to };
  }

  private drop(now: number): RungDecision {
    this.giveUp(now);
    return { kind: "drop" };
  }

  private giveUp(now: number): void {
    if (this.plan?.isChosen) this.chosen = null;
    if (this.plan?.why === "climb") {
      this.penalise(true);
      if (this.steps.isCarriedBy(this.batchKbps, this.plan.to))
        this.batchesFrom = now + Math.max(DOUBT_BATCHES_MS, this.climbWaitMs);
      this.climbedAt = null;
    }
    this.plan = null;
    this.climbFrom = now + this.climbWaitMs;
  }

  private penalise(isRegretted: boolean): void {
    this.climbWaitMs = isRegretted ? Math.min(CLIMB_WAIT_MS.most, this.climbWaitMs * 2) : this.climbWaitMs;
  }

  private isTooLarge(now: number): boolean {
    if (this.steps.isSound(this.at) || this.at >= this.largest) this.tooLargeSince = null;
    else this.tooLargeSince ??= now;
    return this.tooLargeSince !== null && now - this.tooLargeSince > SIZE_SETTLE_MS && !this.steps.isRefused(this.largest);
  }

  /** The step to try: as large as the connection's speed promises, and one larger at least. */
  private stepUp(now: number): number | null {
    const steps = this.stepsUp(now);
    return steps.find((step) => this.steps.isCarriedBy(Math.max(this.linkKbps, this.batchKbps), step)) ?? steps.at(-1) ?? null;
  }

  private nextClimbMs(now: number): number {
    const isCarried = this.stepsUp(now).some((step) => this.steps.isCarriedBy(this.linkKbps, step));
    return isCarried ? CLIMB_WAIT_MS.carried : CLIMB_WAIT_MS.first;
  }

  private stepsUp(now: number): readonly number[] {
    const highest = this.isRefuge && this.chosen !== null ? this.chosen : this.largest;
    return this.steps.above(this.at, highest, now);
  }
}

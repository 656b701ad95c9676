/**
 * Takes seats for the viewers of a media worker where a rule limits viewers (`viewers` in `policies/access-policy.ts`), and withdraws the
 * admissions whose seats are lost. The supervisor decides, because a viewer may use several workers and nodes.
 */
import { isDeepStrictEqual } from "node:util";
import { newId } from "../../platform/id.ts";
import { Refusal } from "../../platform/refusal.ts";
import { type SharedFacts, sharedBy } from "../back-end/back-end-question.ts";
import { type EffectiveRule, nameOfTarget } from "../policies/access-policy.ts";
import { plainName } from "../policies/stream-policy.ts";
import { linkIdentity } from "../rules/link-identity.ts";
import type { AccessSubject } from "../rules/rule.ts";
import { deviceKeyOf, viewerKeyOf } from "./seat-keys.ts";
import { denyingRule, isLimited, limitsOf, NO_LIMITS, type ViewersRuleOf, viewersRules } from "./seat-limits.ts";
import type { SeatAnswer, SeatLoss, SeatMessages, SeatRequest } from "./seat-messages.ts";
import { refuseFull, refuseOtherDevice } from "./seat-refusals.ts";

/** Calls to the supervisor. */
export type SeatCalls = {
  /** Fails where the supervisor does not answer in time. */
  readonly takeSeat: (request: SeatRequest) => Promise<SeatAnswer>;
} & Omit<SeatMessages, "takeSeat">;

export type ViewerSeatsOptions = SeatCalls & {
  /** An HLS session stands for a viewer from here on. @param told what the viewer said before */
  readonly onSession?: (session: number, told: SharedFacts) => void;
  /** A client was let in because the supervisor did not answer. */
  readonly onUnanswered: () => void;
};

/** A connection whose device has come again has this long to end by itself: a player opens the next one before it closes the last. */
const HANDOVER_MS = 10_000;

/** take: as viewers do. probe: asks only whether there is a seat. none: it needs none. */
export type SeatUse = "take" | "probe" | "none";

/** What a seat is for. */
type SeatOf = Pick<AccessSubject, "app" | "name" | "client" | "lesson" | "now"> & {
  /** Asked only where a rule limits viewers, because it verifies a signature. */
  readonly identity: () => string | null;
  readonly told: () => SharedFacts;
};

export class ViewerSeats {
  private readonly options: ViewerSeatsOptions;
  private readonly taken = new Map<string, ViewerSeat>();

  constructor(options: ViewerSeatsOptions) {
    this.options = options;
  }

  /** For an admission to come; no seat is taken yet. */
  open(subject: AccessSubject): ViewerSeat {
    const { app, name, client, lesson, now } = subject;
    const asked = { identity: () => linkIdentity(subject), told: () => sharedBy(subject) };
    return new ViewerSeat({ app, name, client, lesson, now, ...asked }, this.options, this.taken);
  }

  /** The supervisor has taken a seat away. */
  readonly lost = ({ id, because }: SeatLoss): void => this.taken.get(id)?.lose(because);
}

/** The seat of one admission; none where no rule limits viewers. */
export class ViewerSeat {
  private readonly id = newId();
  private readonly of: SeatOf;
  private readonly options: ViewerSeatsOptions;
  private readonly taken: Map<string, ViewerSeat>;
  private rules: readonly ViewersRuleOf[] = [];
  private limits = NO_LIMITS;
  private trial = NO_LIMITS;
  private listener: (refusal: Refusal) => void = () => {};
  private loss: Refusal | null = null;
  private session: { readonly session: number; readonly isAttended: boolean } | null = null;
  private isResting = false;
  private handover: NodeJS.Timeout | undefined;

  constructor(of: SeatOf, options: ViewerSeatsOptions, taken: Map<string, ViewerSeat>) {
    this.of = of;
    this.options = options;
    this.taken = taken;
  }

  /** Whether a rule limits the viewers here. */
  get isTaken(): boolean {
    return this.taken.has(this.id);
  }

  /**
   * Takes the seat. Refuses with `too-many`, `lesson-full` and `full`.
   * @param use default: take
   */
  async take({ rules, onDryRun }: Pick<AccessSubject, "rules" | "onDryRun">, use: SeatUse = "take"): Promise<Refusal | null> {
    if (use === "none" || !this.apply(rules) || !this.isLimited) return null;
    const isProbe = use === "probe";
    if (!isProbe) this.taken.set(this.id, this);
    const answer = await this.call(null, isProbe);
    const tried = answer?.trial && this.denial("dry-run", answer.trial);
    if (tried?.of) onDryRun(tried.of, tried.refusal);
    if (!answer?.denied) return this.loss;
    this.taken.delete(this.id);
    return this.denial("enforce", answer.denied).refusal;
  }

  /** Rules have changed while the admission is open. */
  review(rules: AccessSubject["rules"]): void {
    if (this.loss || !this.apply(rules)) return;
    if (!this.isLimited) return this.leave();
    this.taken.set(this.id, this);
    void this.call(this.of.now, false);
    if (this.session) this.options.nameSeat({ id: this.id, ...this.session });
  }

  /** @param listener called once when the seat is lost, at once where that has happened */
  onLost(listener: (refusal: Refusal) => void): void {
    this.listener = listener;
    if (this.loss) listener(this.loss);
  }

  /** The HLS session that the seat is for. @param isAttended the caller tells when it rests; else workers report that they see it */
  name(session: number, isAttended: boolean): void {
    this.session = { session, isAttended };
    this.options.onSession?.(session, this.of.told());
    if (this.isTaken) this.options.nameSeat({ id: this.id, ...this.session });
    if (!isAttended) this.taken.delete(this.id);
  }

  /** The session asks for nothing at present, or asks again. */
  rest(isResting: boolean): void {
    this.isResting = isResting;
    if (this.isTaken) this.options.restSeat({ id: this.id, isResting });
  }

  /** The admission is over; a seat that rests is kept. May be called twice. */
  leave(): void {
    clearTimeout(this.handover);
    if (this.isResting) return;
    if (this.taken.delete(this.id)) this.options.leaveSeat({ id: this.id });
  }

  lose(because: SeatLoss["because"]): void {
    this.taken.delete(this.id);
    const { refusal } = this.denial("enforce", "perViewer");
    const end = (): void => {
      this.loss = refusal;
      this.listener(refusal);
    };
    if (because === "ended") return end();
    this.handover = setTimeout(end, HANDOVER_MS).unref();
  }

  private get isLimited(): boolean {
    return isLimited(this.limits) || isLimited(this.trial);
  }

  /** Whether the limits are others than before. */
  private apply(rules: AccessSubject["rules"]): boolean {
    if (rules instanceof Refusal) return false;
    this.rules = viewersRules(rules);
    if (this.rules.length === 0 && !this.isLimited) return false;
    const [limits, trial] = [limitsOf(this.rules, "enforce"), limitsOf(this.rules, "dry-run")];
    const isSame = isDeepStrictEqual([limits, trial], [this.limits, this.trial]);
    this.limits = limits;
    this.trial = trial;
    return !isSame;
  }

  /** Null where the supervisor does not answer: a viewer is let in rather than kept out. */
  private async call(since: number | null, isProbe: boolean): Promise<SeatAnswer | null> {
    const { id, limits, trial, of } = this;
    const viewer = viewerKeyOf(of.identity());
    const request = {
      id,
      of: `${of.app}/${plainName(of.name)}`,
      viewer,
      device: deviceKeyOf(of.client),
      limits,
      trial,
      since,
      isProbe,
    };
    try {
      return await this.options.takeSeat(request);
    } catch {
      this.options.onUnanswered();
      return null;
    }
  }

  private denial(
    mode: "enforce" | "dry-run",
    limit: "most" | "perViewer",
  ): { readonly of: EffectiveRule | null; readonly refusal: Refusal } {
    const of = denyingRule(this.rules, mode, limit);
    const source = of && nameOfTarget(of.source);
    return { of, refusal: limit === "most" ? refuseFull(this.of.lesson !== null, source) : refuseOtherDevice(source) };
  }
}

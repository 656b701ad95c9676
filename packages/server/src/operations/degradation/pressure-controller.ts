/**
 * Decides how many entries of the list of what can be shed a node does without, by measured pressure: one more after two pressed seconds in a row, one
 * less, in the reverse order, after ten relieved ones. What lies between changes nothing, so that what comes back does not bring the pressure back.
 */
import { type AutomaticDegradation, NOT_AUTOMATIC, PRESSURES, type Pressure } from "../../contracts/degradation/degradation.ts";
import { SHEDDABLE_NAMES } from "../../contracts/degradation/sheddable.ts";

/** From which value on a node is pressed; 0: never by this. */
export type PressureLimits = Readonly<Record<Pressure, number>>;

/** What was measured in a second, in the units of the limits. */
export type PressureSample = Readonly<Record<Pressure, number>>;

/**
 * The node is relieved where all pressures are below this share of their limits. Delays grow steeply where a process is full: far below it, nothing is wrong. Processors and memory are
 * own: a machine that is meant to be used well is never empty.
 */
const RELIEVED_SHARE: Readonly<Record<Pressure, number>> = { "loop-delay": 0.4, database: 0.4, processor: 0.85, memory: 0.93 };
const PRESSED_SECONDS = 2;
const RELIEVED_SECONDS = 10;
/**
 * Busy processors alone keep nobody out: encoders use what is free, at a low priority, and the server may be as quick as ever. It goes up to the entry before.
 */
const LAST_BY_PROCESSOR = SHEDDABLE_NAMES.indexOf("joins");

export class PressureController {
  private state = NOT_AUTOMATIC;
  private pressed = 0;
  private relieved = 0;

  get automatic(): AutomaticDegradation {
    return this.state;
  }

  /** Decides by a second's sample. @param now milliseconds since 1970. @returns whether the level has changed */
  decide(sample: PressureSample, limits: PressureLimits, now: number): boolean {
    const shares = PRESSURES.map((of) => ({ of, share: limits[of] > 0 ? sample[of] / limits[of] : 0 }));
    const worst = shares.reduce((most, one) => (one.share > most.share ? one : most));
    if (worst.share >= 1) return this.pressedBy(shares, worst.of, now);
    this.pressed = 0;
    this.relieved = shares.every(({ of, share }) => share < RELIEVED_SHARE[of]) ? this.relieved + 1 : 0;
    if (this.relieved < RELIEVED_SECONDS || this.state.level === 0) return false;
    this.relieved = 0;
    const level = this.state.level - 1;
    this.state = { level, pressure: level === 0 ? null : this.state.pressure, since: now };
    return true;
  }

  private pressedBy(shares: readonly { readonly of: Pressure; readonly share: number }[], worst: Pressure, now: number): boolean {
    this.relieved = 0;
    this.pressed++;
    if (this.pressed < PRESSED_SECONDS) return false;
    this.pressed = 0;
    const isByProcessorAlone = shares.every(({ of, share }) => of === "processor" || share < 1);
    const { level } = this.state;
    if (level >= (isByProcessorAlone ? LAST_BY_PROCESSOR : SHEDDABLE_NAMES.length)) return false;
    this.state = { level: level + 1, pressure: worst, since: now };
    return true;
  }
}

/** Holds the measures against addresses in a media worker: all that are in force, at all nodes. */
import { addressOwner } from "../../platform/address.ts";
import type { Countermeasure, CountermeasureInForce } from "./protection-messages.ts";

export type CountermeasuresInForceOptions = {
  readonly isExempt: (ip: string) => boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

export class CountermeasuresInForce {
  private readonly options: CountermeasuresInForceOptions;
  private readonly byOwner = new Map<string, CountermeasureInForce>();

  constructor(options: CountermeasuresInForceOptions) {
    this.options = options;
  }

  /** @param replaces whether all earlier ones are over */
  take(held: readonly CountermeasureInForce[], replaces: boolean): void {
    if (replaces) this.byOwner.clear();
    const now = this.options.now();
    for (const one of held) {
      if (one.until > now) this.byOwner.set(one.owner, one);
      else this.byOwner.delete(one.owner);
    }
  }

  /** The measure against an address; null for nearly all. */
  of(ip: string): Countermeasure | null {
    // Runs for every request of a client, and mostly no address is held at all.
    if (this.byOwner.size === 0) return null;
    const measure = this.ofOwner(addressOwner(ip));
    return measure === null || this.options.isExempt(ip) ? null : measure;
  }

  ofOwner(owner: string): Countermeasure | null {
    const found = this.byOwner.get(owner);
    return found !== undefined && found.until > this.options.now() ? found.measure : null;
  }

  /** Drops those that are over. To be called now and then. */
  sweep(): void {
    const now = this.options.now();
    for (const [owner, { until }] of this.byOwner) if (until <= now) this.byOwner.delete(owner);
  }
}

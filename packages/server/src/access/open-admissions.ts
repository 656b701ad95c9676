/**
 * Keeps the open admissions of a media worker, by what they are to, and reviews them when something has changed that rules look at. A review of
 * thousands takes turns with the worker's other work.
 */
import type { Refusal } from "../platform/refusal.ts";
import { type Admitted, OpenAdmission } from "./admission.ts";

/** Reviewed at once; some hundred microseconds. */
const AT_ONCE = 50;

export class OpenAdmissions {
  private readonly open = new Map<string, Set<OpenAdmission>>();
  private readonly review: (key: string, admission: OpenAdmission) => Refusal | null;
  private running = false;
  private again = false;

  /** @param review null: the admitted client may go on */
  constructor(review: (key: string, admission: OpenAdmission) => Refusal | null) {
    this.review = review;
  }

  /** @param onClose called once when the client has left */
  add(key: string, name: string, admitted: Admitted, onClose: () => void): OpenAdmission {
    const admission: OpenAdmission = new OpenAdmission(name, admitted, () => {
      const others = this.open.get(key);
      others?.delete(admission);
      if (others?.size === 0) this.open.delete(key);
      onClose();
    });
    this.open.set(key, (this.open.get(key) ?? new Set()).add(admission));
    return admission;
  }

  /** Withdraws those admissions to one stream or recording that rules refuse now. */
  reviewOf(key: string): void {
    for (const admission of [...(this.open.get(key) ?? [])]) this.reviewOne(key, admission);
  }

  /** Withdraws all admissions to one stream or recording. */
  withdrawOf(key: string, refusal: Refusal): void {
    for (const admission of [...(this.open.get(key) ?? [])]) admission.withdraw(refusal);
  }

  has(key: string): boolean {
    return this.open.has(key);
  }

  /** Withdraws all admissions that rules refuse now. */
  reviewAll(): void {
    this.again = true;
    if (!this.running) void this.run();
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.again) {
      this.again = false;
      let left = AT_ONCE;
      for (const [key, admissions] of [...this.open])
        for (const admission of [...admissions]) {
          this.reviewOne(key, admission);
          if (--left > 0) continue;
          left = AT_ONCE;
          await new Promise((resolve) => setImmediate(resolve));
        }
    }
    this.running = false;
  }

  /** Withdraws one admission if rules refuse it now. */
  reviewOne(key: string, admission: OpenAdmission): void {
    const refusal = this.review(key, admission);
    if (refusal) admission.withdraw(refusal);
  }
}

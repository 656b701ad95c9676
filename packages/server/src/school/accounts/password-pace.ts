/**
 * Slows down addresses whose passwords are wrong again and again. Each check costs a core 30 ms, and the limits of an address are those of a
 * school that shares it, so one client could keep a core busy for minutes. Checks of such an address start one after the other, at the pace
 * below.
 */

/** Wrong passwords of an address in a row that cost no time: a class that mistypes. */
const FREE_FAILURES = 30;
/** Failures that are forgotten, and checks of a slowed address that start. */
const PER_SECOND = 2;
/** Beyond that, addresses without failures are dropped. */
const MAX_ADDRESSES = 10_000;

type Address = { failures: number; countedAt: number; nextStart: number };

export class PasswordPace {
  private readonly now: () => number;
  private readonly addresses = new Map<string, Address>();

  /** @param now monotonic milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.now = now;
  }

  /** Takes the next start of an address. @returns milliseconds until then; 0: at once */
  start(owner: string): number {
    const address = this.counted(owner);
    if (!address || address.failures < FREE_FAILURES) return 0;
    const now = this.now();
    const at = Math.max(now, address.nextStart);
    address.nextStart = at + 1000 / PER_SECOND;
    return at - now;
  }

  /** A password was wrong. */
  failed(owner: string): void {
    const address = this.counted(owner);
    if (address) {
      address.failures++;
      return;
    }
    if (this.addresses.size >= MAX_ADDRESSES) this.dropForgotten();
    this.addresses.set(owner, { failures: 1, countedAt: this.now(), nextStart: 0 });
  }

  private counted(owner: string): Address | null {
    const address = this.addresses.get(owner);
    if (!address) return null;
    const now = this.now();
    address.failures = Math.max(0, address.failures - ((now - address.countedAt) / 1000) * PER_SECOND);
    address.countedAt = now;
    return address;
  }

  private dropForgotten(): void {
    for (const owner of [...this.addresses.keys()]) if (this.counted(owner)?.failures === 0) this.addresses.delete(owner);
  }
}

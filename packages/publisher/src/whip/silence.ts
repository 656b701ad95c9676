/**
 * Notices that nothing comes from the server any more, seconds before ICE does: browsers take six to call a connection disconnected. What comes are
 * reports (RTCP) and answers to the checks of ICE.
 */

const LEAST_MS = 1600;
const MOST_MS = 4000;
/** A server that is heard less often is waited for longer. */
const GAPS_OF_SILENCE = 2.2;
/** Gaps of the last so many milliseconds are the usual ones. */
const REMEMBERED_MS = 20_000;

export class Silence {
  private received = -1;
  private heardAt = 0;
  private gaps: { readonly at: number; readonly ms: number }[] = [];

  /** @param received a count of all that came, which grows @param now milliseconds. True: it has been silent for too long. */
  look(received: number, now: number): boolean {
    if (received !== this.received) {
      if (this.received >= 0) this.gaps.push({ at: now, ms: now - this.heardAt });
      this.gaps = this.gaps.filter(({ at }) => now - at < REMEMBERED_MS);
      this.received = received;
      this.heardAt = now;
      return false;
    }
    const usual = Math.max(0, ...this.gaps.map(({ ms }) => ms));
    return now - this.heardAt > Math.min(MOST_MS, Math.max(LEAST_MS, usual * GAPS_OF_SILENCE));
  }

  /** Another connection begins. */
  forget(): void {
    this.received = -1;
    this.gaps = [];
  }
}

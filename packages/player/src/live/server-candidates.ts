/**
 * Provides the servers at which a stream can be watched, as dispatch orders them: the best first, the others for failover. Without dispatch there is
 * one server, that of `src`.
 */

export type Server = {
  readonly node: string;
  /** `https://edge1.school.example` */
  readonly base: string;
  /** Dispatch's cost of the path; the lowest is best. */
  readonly cost: number;
};

type DispatchAnswer = { readonly candidates: readonly { readonly node: string; readonly url: string; readonly cost: number }[] };

/** Dispatch answers from memory; a slower answer is not waited for. */
const ANSWER_TIMEOUT_MS = 1500;
/** The player asks again for a better server after a random time within these, so that a class does not ask at once. */
const RECHECK_MS = { min: 45_000, max: 90_000 } as const;
/** A failed server counts for this long. */
const FAILURE_MEMORY_MS = 60_000;
const MAX_DOUBLINGS = 6;
const STREAM = /\/([A-Za-z0-9_-]+\/[A-Za-z0-9_~-]+)\.(?:flv|m3u8)(?=\?|$)/;

export class ServerCandidates {
  private readonly dispatch: string;
  private readonly stream: string | null;
  private readonly random: () => number;
  private list: readonly Server[] = [];
  private index = 0;
  private isLookedUp = false;
  private recheckAt = 0;
  private failedAt: readonly number[] = [];

  /**
   * @param dispatch the address that names the servers, `/api/v1/dispatch/play`; empty for none
   * @param src the stream's address
   */
  constructor(dispatch: string, src: string, random: () => number = Math.random) {
    this.dispatch = dispatch;
    this.stream = dispatch === "" ? null : (STREAM.exec(src)?.[1] ?? null);
    this.random = random;
  }

  /** Whether dispatch has to be asked before the stream is opened. */
  get needsLookup(): boolean {
    return this.stream !== null && !this.isLookedUp;
  }

  /** Origin of the server to use; null for that of `src`. */
  get base(): string | null {
    return this.list[this.index]?.base ?? null;
  }

  get hasOther(): boolean {
    return this.index + 1 < this.list.length;
  }

  /** Asks dispatch. When it does not answer, the servers that are known stay. */
  async lookUp(now: number): Promise<void> {
    const found = await this.ask();
    this.isLookedUp = true;
    this.scheduleRecheck(now);
    if (found.length === 0) return;
    this.list = found;
    this.index = 0;
  }

  /**
   * Doubles a timeout with every second failure of the last minute: a slow access line stays slow at every server.
   * @param milliseconds the timeout without failures
   */
  timeoutMs(milliseconds: number, now: number): number {
    this.failedAt = this.failedAt.filter((at) => now - at < FAILURE_MEMORY_MS);
    return milliseconds * 2 ** Math.min(MAX_DOUBLINGS, Math.floor(this.failedAt.length / 2));
  }

  /** Goes on to the next server. False when there is none; dispatch is asked again then. */
  reportFailure(now: number): boolean {
    this.failedAt = [...this.failedAt, now];
    if (this.hasOther) {
      this.index++;
      return true;
    }
    this.isLookedUp = false;
    return false;
  }

  /** Whether it is time to look for a better server. */
  isRecheckDue(now: number): boolean {
    return this.stream !== null && this.isLookedUp && now > this.recheckAt;
  }

  /** Asks dispatch, and changes to a server of lower cost. True when the server has changed. */
  async chooseBetter(now: number): Promise<boolean> {
    this.scheduleRecheck(now);
    const current = this.list[this.index];
    const [best, ...others] = await this.ask();
    if (!best || !current || best.node === current.node || best.cost >= current.cost) return false;
    this.list = [best, ...others];
    this.index = 0;
    return true;
  }

  private scheduleRecheck(now: number): void {
    const { min, max } = RECHECK_MS;
    this.recheckAt = now + min + this.random() * (max - min);
  }

  private async ask(): Promise<Server[]> {
    try {
      const url = new URL(this.dispatch, document.baseURI);
      url.searchParams.set("stream", this.stream ?? "");
      const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
      if (!answer.ok) return [];
      const { candidates } = (await answer.json()) as DispatchAnswer;
      const all = candidates.map(({ node, url: address, cost }) => ({ node, cost, base: new URL(address).origin }));
      // Browsers block plain HTTP on a page of HTTPS.
      return all.filter(({ base }) => location.protocol !== "https:" || base.startsWith("https:"));
    } catch {
      return [];
    }
  }
}

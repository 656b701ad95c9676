/**
 * The servers at which a stream can be watched, as dispatch names them: the best first, the others for when that one fails. Without dispatch
 * there is one, that of the address.
 */

export type Server = {
  readonly node: string;
  /** `https://edge1.school.example` */
  readonly base: string;
  /** What the way to it is worse by; the least is best. */
  readonly cost: number;
};

type Candidates = { readonly candidates: readonly { readonly node: string; readonly url: string; readonly cost: number }[] };

/** Dispatch answers from memory: what takes longer is not waited for. */
const ANSWER_WITHIN_MS = 1500;
/** One looks so often whether there is a better server again; not all at once. */
const LOOK_EVERY_MS = { least: 45_000, most: 90_000 } as const;
/** A server that was left is remembered for so long. */
const TURNS_MS = 60_000;
const STREAM = /\/([A-Za-z0-9_-]+\/[A-Za-z0-9_-]+)\.(?:flv|m3u8)(?=\?|$)/;

export class ServerCandidates {
  private readonly dispatch: string;
  private readonly stream: string | null;
  private readonly random: () => number;
  private list: readonly Server[] = [];
  private at = 0;
  private isAsked = false;
  private lookAt = 0;
  /** When one was left for another, lately. */
  private turns: number[] = [];

  /**
   * @param dispatch the address that names them, `/api/v1/dispatch/play`; empty: there is none
   * @param src the stream's address
   */
  constructor(dispatch: string, src: string, random: () => number = Math.random) {
    this.dispatch = dispatch;
    this.stream = dispatch === "" ? null : (STREAM.exec(src)?.[1] ?? null);
    this.random = random;
  }

  /** Whether dispatch is to be asked before anything is watched. */
  get needsLookup(): boolean {
    return this.stream !== null && !this.isAsked;
  }

  /** Where to watch; null: at the address that was given. */
  get base(): string | null {
    return this.list[this.at]?.base ?? null;
  }

  /** Asks which there are. When nobody answers, those that were known stay. */
  async find(now: number): Promise<void> {
    const found = await this.ask();
    this.isAsked = true;
    this.plan(now);
    if (found.length === 0) return;
    this.list = found;
    this.at = 0;
  }

  /** How long to wait for a server, of which one usually waits so long. A line that is slow itself is not made faster by another server. */
  patience(milliseconds: number, now: number): number {
    this.turns = this.turns.filter((at) => now - at < TURNS_MS);
    return milliseconds * 2 ** Math.min(6, Math.floor(this.turns.length / 2));
  }

  /** The one that is used has failed. True when there is another, which is used from now on; otherwise they are asked for anew. */
  failed(now: number): boolean {
    this.turns.push(now);
    if (this.at + 1 < this.list.length) {
      this.at++;
      return true;
    }
    this.isAsked = false;
    return false;
  }

  get hasOther(): boolean {
    return this.at + 1 < this.list.length;
  }

  /** Whether it is time to look for a better one. */
  isTime(now: number): boolean {
    return this.stream !== null && this.isAsked && now > this.lookAt;
  }

  /** True when there is a better one than the one that is used; it is used from now on. */
  async better(now: number): Promise<boolean> {
    this.plan(now);
    const current = this.list[this.at];
    const [best, ...others] = await this.ask();
    if (!best || !current || best.node === current.node || best.cost >= current.cost) return false;
    this.list = [best, ...others];
    this.at = 0;
    return true;
  }

  private plan(now: number): void {
    const { least, most } = LOOK_EVERY_MS;
    this.lookAt = now + least + this.random() * (most - least);
  }

  private async ask(): Promise<Server[]> {
    try {
      const url = new URL(this.dispatch, document.baseURI);
      url.searchParams.set("stream", this.stream ?? "");
      const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
      if (!answer.ok) return [];
      const { candidates } = (await answer.json()) as Candidates;
      const all = candidates.map(({ node, url: address, cost }) => ({ node, cost, base: new URL(address).origin }));
      // A page that came by HTTPS may not watch by HTTP.
      return all.filter(({ base }) => location.protocol !== "https:" || base.startsWith("https:"));
    } catch {
      return [];
    }
  }
}

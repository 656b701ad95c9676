/** Loads the encrypted package of a paper while the candidate waits, and again when it is needed and did not come. */
type Bytes = Uint8Array<ArrayBuffer>;

export type LoadHooks = {
  readonly isWanted: () => boolean;
  readonly onState: (state: "ready" | "failed") => void;
  /** Before the next try. */
  readonly rest: (tries: number) => Promise<void>;
};

export class PackageLoader {
  private readonly fetch: () => Promise<Bytes>;
  private loading: Promise<Bytes> | null = null;

  constructor(fetch: () => Promise<Bytes>) {
    this.fetch = fetch;
  }

  async load({ isWanted, onState, rest }: LoadHooks): Promise<void> {
    for (let tries = 0; isWanted(); tries++) {
      this.loading = this.fetch();
      try {
        await this.loading;
        return onState("ready");
      } catch {
        onState("failed");
        await rest(tries);
      }
    }
  }

  async bytes(): Promise<Bytes> {
    try {
      if (this.loading) return await this.loading;
    } catch {
      // The next try is the candidate's.
    }
    this.loading = this.fetch();
    return await this.loading;
  }
}

/**
 * Does work for many who ask at the same time as one: who asks while it runs waits for the next turn, which all of them share. Nothing is remembered, and nobody gets
 * what began before they asked; a single one does not wait.
 */
export type GatheringOptions = {
  /** Of one turn. Default: no bound. */
  readonly most?: number;
};

type Waiting<Item, Result> = {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
};

export class Gathering<Item, Result> {
  private readonly run: (key: string, items: readonly Item[]) => Promise<readonly Result[]>;
  private readonly most: number;
  /** By key, where a turn runs: who waits for the next. */
  private readonly waiting = new Map<string, Waiting<Item, Result>[]>();

  /** @param run gives a result for each item, in their order. Where it fails, it fails for all of them. */
  constructor(
    run: (key: string, items: readonly Item[]) => Promise<readonly Result[]>,
    { most = Number.POSITIVE_INFINITY }: GatheringOptions = {},
  ) {
    this.run = run;
    this.most = most;
  }

  /** @param key only items with the same one share turns */
  add(key: string, item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      const one = { item, resolve, reject };
      const next = this.waiting.get(key);
      if (next) next.push(one);
      else {
        this.waiting.set(key, []);
        void this.turns(key, [one]);
      }
    });
  }

  private async turns(key: string, first: readonly Waiting<Item, Result>[]): Promise<void> {
    for (let turn = first; turn.length > 0; turn = this.waiting.get(key)?.splice(0, this.most) ?? []) await this.turn(key, turn);
    this.waiting.delete(key);
  }

  private async turn(key: string, turn: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.run(
        key,
        turn.map(({ item }) => item),
      );
      if (results.length !== turn.length) throw new Error(`${results.length} results for ${turn.length} items`);
      for (const [i, { resolve }] of turn.entries()) resolve(results[i] as Result);
    } catch (error) {
      for (const { reject } of turn) reject(error);
    }
  }
}

/** A read that all share who ask before it begins. */
export function sharedReads<Value>(read: (key: string) => Promise<Value>): (key: string) => Promise<Value> {
  const reads = new Gathering<null, Value>(async (key, asking) => {
    const value = await read(key);
    return asking.map(() => value);
  });
  return (key) => reads.add(key, null);
}

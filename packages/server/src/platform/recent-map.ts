/**
 * Provides a map that forgets what was not used for longest, in two generations: when the younger one is full, the older one is dropped whole. A
 * `Map` that loses its first entry for each new one looks through the holes of all that it has lost.
 */
export class RecentMap<Key, Value> {
  private readonly most: number;
  private younger = new Map<Key, Value>();
  private older = new Map<Key, Value>();

  /** @param most entries; of those that were used last, at least half as many are there */
  constructor(most: number) {
    this.most = most;
  }

  /** Counts as a use. */
  get(key: Key): Value | undefined {
    const young = this.younger.get(key);
    if (young !== undefined) return young;
    const old = this.older.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: Key, value: Value): void {
    this.older.delete(key);
    this.younger.set(key, value);
    if (this.younger.size < this.most / 2) return;
    this.older = this.younger;
    this.younger = new Map();
  }

  delete(key: Key): void {
    this.younger.delete(key);
    this.older.delete(key);
  }

  get size(): number {
    return this.younger.size + this.older.size;
  }
}

/**
 * Shares a limited number of bytes of memory among clients. One client gets no more than its own limit, and no more than is free beside what it
 * holds, so a client that fills its part leaves room for the others.
 */

export type ByteBudgetOptions = { readonly total: number; readonly perKey: number };

export class ByteBudget {
  private readonly options: ByteBudgetOptions;
  private readonly held = new Map<string, number>();
  private free: number;

  constructor(options: ByteBudgetOptions) {
    this.options = options;
    this.free = options.total;
  }

  /** Bytes that all keys hold. */
  get used(): number {
    return this.options.total - this.free;
  }

  /** False: the key has its part, or too little is free. */
  take(key: string, bytes: number): boolean {
    const next = (this.held.get(key) ?? 0) + bytes;
    if (next > this.options.perKey || next > this.free) return false;
    this.held.set(key, next);
    this.free -= bytes;
    return true;
  }

  giveBack(key: string, bytes: number): void {
    const next = (this.held.get(key) ?? 0) - bytes;
    if (next > 0) this.held.set(key, next);
    else this.held.delete(key);
    this.free += bytes;
  }
}

/** Provides the bus of a single machine, within this process. It is always connected. */
import type { Bus, Row, Table, TableWatcher } from "./bus.ts";

/** What a key may have in NATS: what would fail there fails on a single machine too. */
const KEY = /^[-/=.\w]+$/;

export class LocalBus implements Bus {
  readonly connected = true;
  private readonly listeners = new Map<string, ((text: string) => void)[]>();
  private readonly tables = new Map<string, LocalTable>();

  onState(): void {}

  publish(subject: string, text: string): void {
    queueMicrotask(() => {
      for (const listener of this.listeners.get(subject) ?? []) listener(text);
    });
  }

  subscribe(subject: string, listener: (text: string) => void): void {
    this.listeners.set(subject, [...(this.listeners.get(subject) ?? []), listener]);
  }

  table(name: string, watcher: TableWatcher): Table {
    const table = this.tables.get(name) ?? new LocalTable();
    this.tables.set(name, table);
    table.watch(watcher);
    return table;
  }

  async close(): Promise<void> {}
}

class LocalTable implements Table {
  private readonly rows = new Map<string, Row>();
  private readonly watchers: TableWatcher[] = [];
  private revision = 0;

  watch(watcher: TableWatcher): void {
    this.watchers.push(watcher);
    watcher.all(this.rows);
  }

  async get(key: string): Promise<Row | null> {
    return this.rows.get(key) ?? null;
  }

  async create(key: string, value: string): Promise<number | null> {
    if (!KEY.test(key)) throw new Error(`a table cannot have the key ${key}`);
    return this.rows.has(key) ? null : this.put(key, value);
  }

  async update(key: string, value: string, revision: number): Promise<number | null> {
    return this.rows.get(key)?.revision === revision ? this.put(key, value) : null;
  }

  async remove(key: string, revision: number): Promise<boolean> {
    if (this.rows.get(key)?.revision !== revision) return false;
    this.rows.delete(key);
    this.tell(key, null);
    return true;
  }

  private put(key: string, value: string): number {
    this.rows.set(key, { value, revision: this.revision + 1 });
    this.tell(key, value);
    return this.revision;
  }

  private tell(key: string, value: string | null): void {
    this.revision++;
    for (const watcher of this.watchers) watcher.changed(key, value, this.revision);
  }
}

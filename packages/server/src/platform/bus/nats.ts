/**
 * The bus between machines: NATS, with JetStream's key-value buckets as tables. It is looked for for as long as the node runs; whoever
 * needs an answer while it is away is told so.
 */
import { jetstream } from "@nats-io/jetstream";
import { type KV, Kvm } from "@nats-io/kv";
import { connect, type NatsConnection, type Subscription } from "@nats-io/transport-node";
import type { Logger } from "../log.ts";
import { type Bus, BusUnavailable, type Row, type Table, type TableWatcher } from "./bus.ts";

const AGAIN_MS = 500;
/** A connection on which nothing is heard for twice this is given up. */
const PING_MS = 2000;
const ANSWER_WITHIN_MS = 2000;
/** Marks of rows that were removed are cleared away so often, when they are older than that. */
const CLEAR_EVERY_MS = 600_000;
/** JetStream's "wrong last sequence": the row is not what it was. */
const CONFLICT = 10071;

export type NatsOptions = {
  /** `nats://user:password@host:4222`, or `tls://…`; any of them will do. */
  readonly servers: readonly string[];
  /** How this client is called in the server's list. */
  readonly name: string;
  /** Copies that the cluster of NATS servers keeps of a table, as far as it has so many servers. */
  readonly replicas: number;
};

/** Opens the bus without waiting for it. */
export function openNats(options: NatsOptions, log: Logger): Bus {
  return new NatsBus(options, log);
}

class NatsBus implements Bus {
  private readonly options: NatsOptions;
  private readonly log: Logger;
  private readonly states: ((connected: boolean) => void)[] = [];
  private readonly subscriptions: { readonly subject: string; readonly listener: (text: string) => void }[] = [];
  private readonly tables: NatsTable[] = [];
  private connection: NatsConnection | null = null;
  private reached = false;
  private closed = false;

  constructor(options: NatsOptions, log: Logger) {
    this.options = options;
    this.log = log;
    void this.reach();
  }

  get connected(): boolean {
    return this.reached;
  }

  onState(listener: (connected: boolean) => void): void {
    this.states.push(listener);
  }

  publish(subject: string, text: string): void {
    // What is said while it is away is not said later: it would be old.
    if (this.reached) this.connection?.publish(subject, text);
  }

  subscribe(subject: string, listener: (text: string) => void): void {
    this.subscriptions.push({ subject, listener });
    if (this.connection) void hear(this.connection.subscribe(subject), listener);
  }

  table(name: string, watcher: TableWatcher): Table {
    const table = new NatsTable(name, watcher, this.options.replicas, this.log);
    this.tables.push(table);
    if (this.connection && this.reached) void table.open(this.connection);
    return table;
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.connection?.close().catch(() => {});
  }

  private async reach(): Promise<void> {
    while (!this.closed) {
      try {
        const connection = await connect({
          servers: [...this.options.servers],
          name: this.options.name,
          maxReconnectAttempts: -1,
          reconnectTimeWait: AGAIN_MS,
          reconnectJitter: AGAIN_MS / 2,
          pingInterval: PING_MS,
          maxPingOut: 2,
          timeout: ANSWER_WITHIN_MS,
        });
        if (this.closed) return void connection.close();
        this.connection = connection;
        for (const { subject, listener } of this.subscriptions) void hear(connection.subscribe(subject), listener);
        this.turn(true);
        for await (const { type } of connection.status()) {
          if (type === "reconnect") this.turn(true);
          else if (type === "disconnect" || type === "close") this.turn(false);
        }
      } catch (error) {
        this.log.debug({ reason: String(error) }, "the bus cannot be reached");
      }
      this.turn(false);
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS).unref());
    }
  }

  private turn(reached: boolean): void {
    if (reached === this.reached) return;
    this.reached = reached;
    if (reached) this.log.info("the bus is reached");
    else if (!this.closed) this.log.warn("the bus is away; what is known holds");
    for (const table of this.tables) {
      if (reached && this.connection) void table.open(this.connection);
      else table.shut();
    }
    for (const listener of this.states) listener(reached);
  }
}

async function hear(subscription: Subscription, listener: (text: string) => void): Promise<void> {
  for await (const message of subscription) listener(message.string());
}

class NatsTable implements Table {
  private readonly name: string;
  private readonly watcher: TableWatcher;
  private readonly replicas: number;
  private readonly log: Logger;
  private kv: KV | null = null;
  /** Counts connections, so that what belongs to an older one is known. */
  private generation = 0;
  private clearing: NodeJS.Timeout | null = null;

  constructor(name: string, watcher: TableWatcher, replicas: number, log: Logger) {
    this.name = name;
    this.watcher = watcher;
    this.replicas = replicas;
    this.log = log;
  }

  /** The bus is there: reads everything, and then what changes. */
  async open(connection: NatsConnection): Promise<void> {
    const generation = ++this.generation;
    while (generation === this.generation && !connection.isClosed()) {
      try {
        const kv = await this.bucket(connection);
        if (generation !== this.generation) return;
        await this.watch(kv, generation);
      } catch (error) {
        if (generation === this.generation) this.log.warn({ table: this.name, reason: String(error) }, "the bus has trouble");
      }
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS).unref());
    }
  }

  shut(): void {
    this.generation++;
    this.kv = null;
    if (this.clearing) clearInterval(this.clearing);
  }

  get(key: string): Promise<Row | null> {
    return this.ask(async (kv) => {
      const entry = await kv.get(key);
      return entry?.operation === "PUT" ? { value: entry.string(), revision: entry.revision } : null;
    });
  }

  create(key: string, value: string): Promise<number | null> {
    return this.ask((kv) => unlessConflict(kv.create(key, value)));
  }

  update(key: string, value: string, revision: number): Promise<number | null> {
    return this.ask((kv) => unlessConflict(kv.update(key, value, revision)));
  }

  remove(key: string, revision: number): Promise<boolean> {
    return this.ask(async (kv) => (await unlessConflict(kv.delete(key, { previousSeq: revision }).then(() => 1))) !== null);
  }

  private async bucket(connection: NatsConnection): Promise<KV> {
    const kvm = new Kvm(jetstream(connection, { timeout: ANSWER_WITHIN_MS }));
    try {
      return await kvm.create(this.name, { history: 1, replicas: this.replicas });
    } catch (error) {
      if (this.replicas === 1) throw error;
      // A single server, or fewer of them than copies.
      return await kvm.create(this.name, { history: 1, replicas: 1 });
    }
  }

  private async watch(kv: KV, generation: number): Promise<void> {
    const { values } = await kv.status();
    const rows = new Map<string, Row>();
    let complete = values === 0;
    const begin = () => {
      this.kv = kv;
      this.watcher.all(rows);
      if (this.clearing) clearInterval(this.clearing);
      this.clearing = setInterval(() => void clearMarks(kv), CLEAR_EVERY_MS);
      this.clearing.unref();
    };
    if (complete) begin();
    for await (const entry of await kv.watch()) {
      if (generation !== this.generation) return;
      const value = entry.operation === "PUT" ? entry.string() : null;
      if (complete) {
        this.watcher.changed(entry.key, value, entry.revision);
        continue;
      }
      if (value === null) rows.delete(entry.key);
      else rows.set(entry.key, { value, revision: entry.revision });
      if (entry.delta !== 0) continue;
      complete = true;
      begin();
    }
  }

  private async ask<T>(question: (kv: KV) => Promise<T>): Promise<T> {
    const { kv, generation } = this;
    if (!kv) throw new BusUnavailable("the bus is away");
    try {
      return await question(kv);
    } catch (cause) {
      throw new BusUnavailable(generation === this.generation ? "the bus does not answer" : "the bus went away", { cause });
    }
  }
}

async function unlessConflict<T>(change: Promise<T>): Promise<T | null> {
  try {
    return await change;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === CONFLICT) return null;
    throw error;
  }
}

async function clearMarks(kv: KV): Promise<void> {
  try {
    if ("purgeDeletes" in kv && typeof kv.purgeDeletes === "function") await kv.purgeDeletes(CLEAR_EVERY_MS);
  } catch {
    // Tried again the next time.
  }
}

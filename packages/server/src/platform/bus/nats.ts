/**
 * Provides the bus between machines: NATS, with JetStream's key-value buckets as tables. It reconnects for as long as the node runs; calls fail while
 * it is unreachable.
 */
import type { KV } from "@nats-io/kv";
import type { ConnectionOptions, NatsConnection, Subscription } from "@nats-io/transport-node";
import type { Logger } from "../log.ts";
import { type Bus, BusUnavailable, type Row, type Table, type TableWatcher } from "./bus.ts";

const RETRY_MS = 500;
/** A connection without an answer to two pings is closed. */
const PING_INTERVAL_MS = 2000;
const ANSWER_TIMEOUT_MS = 2000;
/** Markers of removed rows are purged in this interval, when they are older than it. */
const PURGE_INTERVAL_MS = 600_000;
/** JetStream's error "wrong last sequence": the row has changed. */
const CONFLICT = 10071;

export type NatsOptions = {
  /** `nats://user:password@host:4222`, or `tls://…`. The client uses any of them. */
  readonly servers: readonly string[];
  /** This client's name in the server's list. */
  readonly name: string;
  /** Copies of a table among the NATS servers, at most one for each server. */
  readonly replicas: number;
};

const UNREACHABLE = "bus cannot be reached, trying again; until then this node knows no other";

/** Opens the bus without waiting for the connection. */
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
  private isConnected = false;
  private closed = false;

  constructor(options: NatsOptions, log: Logger) {
    this.options = options;
    this.log = log;
    void this.connectForever();
  }

  get connected(): boolean {
    return this.isConnected;
  }

  onState(listener: (connected: boolean) => void): void {
    this.states.push(listener);
  }

  publish(subject: string, text: string): void {
    // A message is not queued while the bus is unreachable: it would be stale.
    if (this.isConnected) this.connection?.publish(subject, text);
  }

  subscribe(subject: string, listener: (text: string) => void): void {
    this.subscriptions.push({ subject, listener });
    if (this.connection) void deliver(this.connection.subscribe(subject), listener);
  }

  table(name: string, watcher: TableWatcher): Table {
    const table = new NatsTable(name, watcher, this.options.replicas, this.log);
    this.tables.push(table);
    if (this.connection && this.isConnected) void table.open(this.connection);
    return table;
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.connection?.close().catch(() => {});
  }

  private async connectForever(): Promise<void> {
    for (let first = true; !this.closed; first = false) {
      try {
        // A server on its own never needs the client.
        const { connect } = await import("@nats-io/transport-node");
        const connection = await connect({
          ...natsServers(this.options.servers),
          name: this.options.name,
          maxReconnectAttempts: -1,
          reconnectTimeWait: RETRY_MS,
          reconnectJitter: RETRY_MS / 2,
          pingInterval: PING_INTERVAL_MS,
          maxPingOut: 2,
          timeout: ANSWER_TIMEOUT_MS,
        });
        if (this.closed) return void connection.close();
        this.connection = connection;
        for (const { subject, listener } of this.subscriptions) void deliver(connection.subscribe(subject), listener);
        this.setConnected(true);
        for await (const { type } of connection.status()) {
          if (type === "reconnect") this.setConnected(true);
          else if (type === "disconnect" || type === "close") this.setConnected(false);
        }
      } catch (error) {
        if (first) this.log.warn({ servers: this.options.servers.map(withoutCredentials), reason: String(error) }, UNREACHABLE);
      }
      this.setConnected(false);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
    }
  }

  private setConnected(connected: boolean): void {
    if (connected === this.isConnected) return;
    this.isConnected = connected;
    if (connected) this.log.info("bus connected");
    else if (!this.closed) this.log.warn("bus disconnected, using cached state");
    for (const table of this.tables) {
      if (connected && this.connection) void table.open(this.connection);
      else table.suspend();
    }
    for (const listener of this.states) listener(connected);
  }
}

async function deliver(subscription: Subscription, listener: (text: string) => void): Promise<void> {
  for await (const message of subscription) listener(message.string());
}

class NatsTable implements Table {
  private readonly name: string;
  private readonly watcher: TableWatcher;
  private readonly replicas: number;
  private readonly log: Logger;
  private kv: KV | null = null;
  /** Counts connections, so that work for an older one can be told. */
  private generation = 0;
  private purging: NodeJS.Timeout | null = null;

  constructor(name: string, watcher: TableWatcher, replicas: number, log: Logger) {
    this.name = name;
    this.watcher = watcher;
    this.replicas = replicas;
    this.log = log;
  }

  /** Reads all rows, then follows the changes. Called when the bus is connected. */
  async open(connection: NatsConnection): Promise<void> {
    const generation = ++this.generation;
    while (generation === this.generation && !connection.isClosed()) {
      try {
        const kv = await this.bucket(connection);
        if (generation !== this.generation) return;
        await this.watch(kv, generation);
      } catch (error) {
        if (generation === this.generation)
          this.log.warn({ table: this.name, reason: String(error) }, "bus table failed, retrying");
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
    }
  }

  suspend(): void {
    this.generation++;
    this.kv = null;
    if (this.purging) clearInterval(this.purging);
  }

  get(key: string): Promise<Row | null> {
    return this.run(async (kv) => {
      const entry = await kv.get(key);
      return entry?.operation === "PUT" ? { value: entry.string(), revision: entry.revision } : null;
    });
  }

  create(key: string, value: string): Promise<number | null> {
    return this.run((kv) => unlessConflict(kv.create(key, value)));
  }

  update(key: string, value: string, revision: number): Promise<number | null> {
    return this.run((kv) => unlessConflict(kv.update(key, value, revision)));
  }

  remove(key: string, revision: number): Promise<boolean> {
    return this.run(async (kv) => (await unlessConflict(kv.delete(key, { previousSeq: revision }).then(() => 1))) !== null);
  }

  private async bucket(connection: NatsConnection): Promise<KV> {
    const [{ jetstream }, { Kvm }] = await Promise.all([import("@nats-io/jetstream"), import("@nats-io/kv")]);
    const kvm = new Kvm(jetstream(connection, { timeout: ANSWER_TIMEOUT_MS }));
    try {
      return await kvm.create(this.name, { history: 1, replicas: this.replicas });
    } catch (error) {
      if (this.replicas === 1) throw error;
      // There are fewer servers than copies.
      return await kvm.create(this.name, { history: 1, replicas: 1 });
    }
  }

  private async watch(kv: KV, generation: number): Promise<void> {
    const { values } = await kv.status();
    const rows = new Map<string, Row>();
    let complete = values === 0;
    const start = () => {
      this.kv = kv;
      this.watcher.all(rows);
      if (this.purging) clearInterval(this.purging);
      this.purging = setInterval(() => void purgeMarkers(kv), PURGE_INTERVAL_MS);
      this.purging.unref();
    };
    if (complete) start();
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
      start();
    }
  }

  private async run<T>(operation: (kv: KV) => Promise<T>): Promise<T> {
    const { kv, generation } = this;
    if (!kv) throw new BusUnavailable("the bus is unreachable");
    try {
      return await operation(kv);
    } catch (cause) {
      throw new BusUnavailable(generation === this.generation ? "the bus does not answer" : "the bus connection was lost", {
        cause,
      });
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

async function purgeMarkers(kv: KV): Promise<void> {
  try {
    if ("purgeDeletes" in kv && typeof kv.purgeDeletes === "function") await kv.purgeDeletes(PURGE_INTERVAL_MS);
  } catch {
    // The next interval tries again.
  }
}

/**
 * What the client takes of `nats://user:password@host:4222` or `nats://token@host:4222`: it does not read credentials from addresses itself. All
 * servers of a cluster have the same.
 */
export function natsServers(addresses: readonly string[]): Pick<ConnectionOptions, "servers" | "user" | "pass" | "token"> {
  const servers = addresses.map(withoutCredentials);
  const [found] = addresses
    .flatMap((address) => (URL.canParse(address) ? [new URL(address)] : []))
    .filter(({ username }) => username !== "");
  if (!found) return { servers };
  const [name, password] = [decodeURIComponent(found.username), decodeURIComponent(found.password)];
  return password === "" ? { servers, token: name } : { servers, user: name, pass: password };
}

/** `nats://user:password@host:4222` as nats://host:4222, for the log. */
function withoutCredentials(server: string): string {
  return server.replace(/\/\/[^@/]*@/, "//");
}

/** For tests: a bus that several nodes reach by lines that can fall silent, as NATS does that hangs, or whose packets are dropped. */
import { type Bus, BusUnavailable, type Row, type Table, type TableWatcher } from "../../platform/bus/bus.ts";
import type { LocalBus } from "../../platform/bus/local.ts";
import type { Clock } from "../../platform/clock.ts";

/** NATS's pings notice a silent server within this. */
const NOTICED_MS = { least: 4000, most: 6000 } as const;
/** A client that was disconnected is back within this. */
const BACK_MS = 2500;
/** A request to a table without an answer fails after this. */
const ANSWER_MS = 2000;

export class BusLine implements Bus {
  private readonly bus: LocalBus;
  private readonly clock: Clock;
  private readonly random: () => number;
  private readonly listeners: ((connected: boolean) => void)[] = [];
  private readonly reopen: (() => void)[] = [];
  /** What the line carries once it speaks again. */
  private waiting: (() => void)[] = [];
  private isSilent = false;
  private isConnected = true;
  private closed = false;

  constructor(bus: LocalBus, clock: Clock, random: () => number) {
    this.bus = bus;
    this.clock = clock;
    this.random = random;
  }

  get connected(): boolean {
    return this.isConnected;
  }

  onState(listener: (connected: boolean) => void): void {
    this.listeners.push(listener);
  }

  publish(subject: string, text: string): void {
    if (this.isConnected) this.carry(() => this.bus.publish(subject, text));
  }

  subscribe(subject: string, listener: (text: string) => void): void {
    this.bus.subscribe(subject, (text) => {
      if (this.isConnected) this.carry(() => listener(text));
    });
  }

  table(name: string, watcher: TableWatcher): Table {
    const rows = new Map<string, Row>();
    const table = this.bus.table(name, {
      all: (all) => {
        for (const [key, row] of all) rows.set(key, row);
        this.clock.after(1, () => watcher.all(new Map(rows)));
      },
      changed: (key, value, revision) => {
        if (value === null) rows.delete(key);
        else rows.set(key, { value, revision });
        if (this.isConnected) this.carry(() => watcher.changed(key, value, revision));
      },
    });
    this.reopen.push(() => watcher.all(new Map(rows)));
    return {
      get: (key) => this.ask(() => table.get(key)),
      create: (key, value) => this.ask(() => table.create(key, value)),
      update: (key, value, revision) => this.ask(() => table.update(key, value, revision)),
      remove: (key, revision) => this.ask(() => table.remove(key, revision)),
    };
  }

  async close(): Promise<void> {
    this.closed = true;
    this.isConnected = false;
  }

  /** Nothing comes or goes, and nobody says so. */
  fallSilent(): void {
    if (this.isSilent || this.closed) return;
    this.isSilent = true;
    this.clock.after(NOTICED_MS.least + this.random() * (NOTICED_MS.most - NOTICED_MS.least), () => {
      if (!this.isSilent || this.closed) return;
      this.isConnected = false;
      this.waiting = [];
      for (const tell of this.listeners) tell(false);
    });
  }

  /** What waited comes at once; a client that was disconnected comes back a little later. */
  speak(): void {
    if (!this.isSilent || this.closed) return;
    this.isSilent = false;
    for (const call of this.waiting.splice(0)) call();
    if (!this.isConnected) this.clock.after(this.random() * BACK_MS, () => this.comeBack());
  }

  private comeBack(): void {
    if (this.isConnected || this.isSilent || this.closed) return;
    this.isConnected = true;
    for (const open of this.reopen) open();
    for (const tell of this.listeners) tell(true);
  }

  private carry(call: () => void): void {
    if (this.closed) return;
    if (this.isSilent) this.waiting.push(call);
    else call();
  }

  /** A request that waits may be carried out though its answer came too late. */
  private ask<T>(request: () => Promise<T>): Promise<T> {
    if (!this.isConnected) return Promise.reject(new BusUnavailable("the bus is unreachable"));
    return new Promise((resolve, reject) => {
      const cancel = this.clock.after(ANSWER_MS, () => reject(new BusUnavailable("the bus does not answer")));
      this.carry(() => {
        void request().then((value) => {
          cancel();
          resolve(value);
        }, reject);
      });
    });
  }
}

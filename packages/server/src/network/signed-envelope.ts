/**
 * Wraps a bus so that every message and row is a signed envelope with a stamp: only nodes with the cluster's secret can write them, and what was
 * recorded cannot be sent again. NATS itself may be shared with others, with or without passwords. Messages and rows are JSON objects.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Bus, Row, Table, TableWatcher } from "../platform/bus/bus.ts";
import { readStamp, stamped } from "./message-stamp.ts";
import { ReplayGuard } from "./replay-guard.ts";

/**
 * @param utc milliseconds since 1970
 * @param onForeign hears of messages that are not signed with this secret
 */
export function signedBus(
  bus: Bus,
  secret: string,
  utc: () => number = Date.now,
  onForeign: (subject: string, text: string) => void = () => {},
): Bus {
  const envelopes = new Envelopes(secret, utc, onForeign);
  return {
    get connected() {
      return bus.connected;
    },
    onState: (listener) => bus.onState(listener),
    publish: (subject, text) => bus.publish(subject, envelopes.sign(subject, text, 0)),
    subscribe: (subject, listener) =>
      bus.subscribe(subject, (envelope) => {
        const text = envelopes.openMessage(subject, envelope);
        if (text !== null) listener(text);
      }),
    table: (name, watcher) => signedTable(bus, name, watcher, envelopes),
    close: () => bus.close(),
  };
}

function signedTable(bus: Bus, name: string, watcher: TableWatcher, envelopes: Envelopes): Table {
  const place = (key: string) => `${name}/${key}`;
  const opened: TableWatcher = {
    all: (rows) => watcher.all(new Map([...rows].map(([key, row]) => [key, envelopes.openRow(place(key), row)]))),
    changed: (key, value, revision) => {
      if (value === null) envelopes.guard.saw(place(key), revision);
      watcher.changed(key, value === null ? null : envelopes.openRow(place(key), { value, revision }).value, revision);
    },
  };
  const table = bus.table(name, opened);
  const written = (key: string, revision: number | null): number | null => {
    if (revision !== null) envelopes.guard.saw(place(key), revision);
    return revision;
  };
  return {
    get: async (key) => {
      const row = await table.get(key);
      return row && envelopes.openRow(place(key), row);
    },
    create: async (key, value) => written(key, await table.create(key, envelopes.sign(place(key), value, 0))),
    update: async (key, value, revision) =>
      written(key, await table.update(key, envelopes.sign(place(key), value, revision), revision)),
    remove: (key, revision) => table.remove(key, revision),
  };
}

class Envelopes {
  readonly guard: ReplayGuard;
  private readonly secret: string;
  private readonly utc: () => number;
  private readonly by = randomBytes(9).toString("base64url");
  private readonly onForeign: (subject: string, text: string) => void;
  private number = 0;

  constructor(secret: string, utc: () => number, onForeign: (subject: string, text: string) => void) {
    this.secret = secret;
    this.utc = utc;
    this.onForeign = onForeign;
    this.guard = new ReplayGuard(utc);
  }

  /** @param after the revision that a row replaces; 0: none */
  sign(place: string, text: string, after: number): string {
    const whole = stamped(text, { by: this.by, at: this.utc(), number: ++this.number, after });
    return `${signatureOf(this.secret, place, whole)} ${whole}`;
  }

  /** Null for a wrong signature, and for a message that was heard before. */
  openMessage(subject: string, envelope: string): string | null {
    const whole = this.verified(subject, envelope);
    if (whole === null) {
      const given = envelope.slice(envelope.indexOf(" ") + 1);
      this.onForeign(subject, readStamp(given)?.text ?? given);
      return null;
    }
    const read = readStamp(whole);
    return read && this.guard.isNewMessage(subject, read.stamp) ? read.text : null;
  }

  /** A row with a wrong signature, or an older text put back, counts as empty, but its revision is needed to write over it. */
  openRow(place: string, { value, revision }: Row): Row {
    const whole = this.verified(place, value);
    const read = whole === null ? null : readStamp(whole);
    const isRight = read !== null && this.guard.isOwnRevision(place, read.stamp, revision);
    return { value: isRight ? read.text : "", revision };
  }

  private verified(place: string, envelope: string): string | null {
    const at = envelope.indexOf(" ");
    const [given, text] = [Buffer.from(envelope.slice(0, Math.max(0, at))), envelope.slice(at + 1)];
    const right = Buffer.from(signatureOf(this.secret, place, text));
    return given.length === right.length && timingSafeEqual(given, right) ? text : null;
  }
}

function signatureOf(secret: string, place: string, text: string): string {
  return createHmac("sha256", secret).update(`${place}\n${text}`).digest("base64url");
}

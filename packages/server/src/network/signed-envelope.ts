/**
 * Wraps a bus so that every message and row is a signed envelope: only nodes with the cluster's secret can write them, and one with a wrong
 * signature is ignored. NATS itself may be shared with others, with or without passwords.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Bus, Row, Table, TableWatcher } from "../platform/bus/bus.ts";

export function signedBus(bus: Bus, secret: string): Bus {
  const sign = (place: string, text: string) => `${signatureOf(secret, place, text)} ${text}`;
  const open = (place: string, envelope: string): string | null => {
    const at = envelope.indexOf(" ");
    const [given, text] = [Buffer.from(envelope.slice(0, Math.max(0, at))), envelope.slice(at + 1)];
    const right = Buffer.from(signatureOf(secret, place, text));
    return given.length === right.length && timingSafeEqual(given, right) ? text : null;
  };
  const row = (table: string, key: string, { value, revision }: Row): Row => ({
    // A row with a wrong signature counts as empty, but its revision is needed to write over it.
    value: open(`${table}/${key}`, value) ?? "",
    revision,
  });
  return {
    get connected() {
      return bus.connected;
    },
    onState: (listener) => bus.onState(listener),
    publish: (subject, text) => bus.publish(subject, sign(subject, text)),
    subscribe: (subject, listener) =>
      bus.subscribe(subject, (envelope) => {
        const text = open(subject, envelope);
        if (text !== null) listener(text);
      }),
    table: (name, watcher): Table => {
      const opened: TableWatcher = {
        all: (rows) => watcher.all(new Map([...rows].map(([key, envelope]) => [key, row(name, key, envelope)]))),
        changed: (key, value, revision) =>
          watcher.changed(key, value === null ? null : row(name, key, { value, revision }).value, revision),
      };
      const table = bus.table(name, opened);
      return {
        get: async (key) => {
          const envelope = await table.get(key);
          return envelope && row(name, key, envelope);
        },
        create: (key, value) => table.create(key, sign(`${name}/${key}`, value)),
        update: (key, value, revision) => table.update(key, sign(`${name}/${key}`, value), revision),
        remove: (key, revision) => table.remove(key, revision),
      };
    },
    close: () => bus.close(),
  };
}

function signatureOf(secret: string, place: string, text: string): string {
  return createHmac("sha256", secret).update(`${place}\n${text}`).digest("base64url");
}

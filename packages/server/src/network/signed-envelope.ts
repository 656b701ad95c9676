/**
 * A bus that only nodes with the cluster's secret can speak on: everything is signed, and what is not signed rightly is not heard. NATS may
 * be shared with others, and asks for its own passwords or not.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Bus, Row, Table, TableWatcher } from "../platform/bus/bus.ts";

export function signedBus(bus: Bus, secret: string): Bus {
  const seal = (place: string, text: string) => `${sign(secret, place, text)} ${text}`;
  const open = (place: string, sealed: string): string | null => {
    const at = sealed.indexOf(" ");
    const [given, text] = [Buffer.from(sealed.slice(0, Math.max(0, at))), sealed.slice(at + 1)];
    const right = Buffer.from(sign(secret, place, text));
    return given.length === right.length && timingSafeEqual(given, right) ? text : null;
  };
  const row = (table: string, key: string, { value, revision }: Row): Row => ({
    // What was not written by a node of ours says nothing, but its revision is needed to write over it.
    value: open(`${table}/${key}`, value) ?? "",
    revision,
  });
  return {
    get connected() {
      return bus.connected;
    },
    onState: (listener) => bus.onState(listener),
    publish: (subject, text) => bus.publish(subject, seal(subject, text)),
    subscribe: (subject, listener) =>
      bus.subscribe(subject, (sealed) => {
        const text = open(subject, sealed);
        if (text !== null) listener(text);
      }),
    table: (name, watcher): Table => {
      const opened: TableWatcher = {
        all: (rows) => watcher.all(new Map([...rows].map(([key, sealed]) => [key, row(name, key, sealed)]))),
        changed: (key, value, revision) =>
          watcher.changed(key, value === null ? null : row(name, key, { value, revision }).value, revision),
      };
      const table = bus.table(name, opened);
      return {
        get: async (key) => {
          const sealed = await table.get(key);
          return sealed && row(name, key, sealed);
        },
        create: (key, value) => table.create(key, seal(`${name}/${key}`, value)),
        update: (key, value, revision) => table.update(key, seal(`${name}/${key}`, value), revision),
        remove: (key, revision) => table.remove(key, revision),
      };
    },
    close: () => bus.close(),
  };
}

function sign(secret: string, place: string, text: string): string {
  return createHmac("sha256", secret).update(`${place}\n${text}`).digest("base64url");
}

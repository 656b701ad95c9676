/** Listens to notifications of a PostgreSQL server (manual, LISTEN and NOTIFY) on a connection of its own, which is opened again when it is lost. */
import { setTimeout as pause } from "node:timers/promises";
import type { Client } from "pg";

export type NoticeListener = {
  readonly onNotice: (payload: string) => void;
  /** True: notices arrive from now on. False: notices may be missed until the next true. */
  readonly onState: (isListening: boolean) => void;
};

export type Notices = { readonly close: () => Promise<void> };

/** A connection that is lost without a word is noticed within the sum of these. */
const CHECK_MS = 2000;
export const ANSWER_WITHIN_MS = 2000;
const RETRY_MS = 1000;
/** A lost connection may not end in time. */
const END_WITHIN_MS = 1000;

/** @param connect creates a client, not yet connected, whose queries fail after `ANSWER_WITHIN_MS` */
export function listenOnServer(connect: () => Client, channel: string, listener: NoticeListener): Notices {
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = keepListening();
  return {
    close: async () => {
      stopping.abort();
      await running;
    },
  };

  async function keepListening(): Promise<void> {
    while (!signal.aborted) {
      // The pool reports that the database is unavailable.
      await listen().catch(() => {});
      listener.onState(false);
      await pause(RETRY_MS, undefined, { ref: false, signal }).catch(() => {});
    }
  }

  async function listen(): Promise<void> {
    const client = connect();
    const lost = new Promise<never>((_resolve, reject) => {
      client.on("error", reject);
      client.on("end", () => reject(new Error("the connection has ended")));
    });
    lost.catch(() => {});
    client.on("notification", ({ payload = "" }) => listener.onNotice(payload));
    try {
      await client.connect();
      await client.query(`listen ${client.escapeIdentifier(channel)}`);
      listener.onState(true);
      while (!signal.aborted) {
        await Promise.race([pause(CHECK_MS, undefined, { ref: false, signal }), lost]);
        await client.query("select 1");
      }
    } finally {
      await Promise.race([client.end().catch(() => {}), pause(END_WITHIN_MS, undefined, { ref: false })]);
    }
  }
}

/**
 * Starts the control process while PostgreSQL is unreachable: waits for it, and refuses every request meanwhile with `database-away`. The media
 * workers serve live streams without it.
 */
import { rmSync } from "node:fs";
import { sendRefusal } from "../../live/http/responses.ts";
import { listen } from "../../platform/listen.ts";
import type { Logger } from "../../platform/log.ts";
import { createServer } from "../../platform/node-http.ts";
import { Refusal } from "../../platform/refusal.ts";
import { isDatabaseUnavailable } from "../../platform/store/database-errors.ts";

const RETRY_MS = 1000;

export type DatabaseWaitOptions = {
  /** The Unix socket of the control process. */
  readonly socket: string;
  readonly log: Logger;
  /** Called once, when the database cannot be reached at first. */
  readonly onWaiting: () => void;
  readonly retryMs?: number;
};

/**
 * @param open opens the store
 * @throws what `open` throws, unless that says that the database is unreachable
 */
export async function whenDatabaseAnswers<T>(open: () => Promise<T>, options: DatabaseWaitOptions): Promise<T> {
  const { socket, log, onWaiting, retryMs = RETRY_MS } = options;
  let close: (() => Promise<void>) | null = null;
  try {
    for (;;) {
      try {
        const opened = await open();
        if (close) log.info("database reachable, starting");
        return opened;
      } catch (error) {
        if (!isUnreachable(error)) throw error;
        if (!close) {
          log.warn(
            { reason: String(error) },
            "database unreachable, waiting; live streams are served, the API answers database-away",
          );
          close = await refuseAll(socket);
          onWaiting();
        }
      }
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  } finally {
    await close?.();
  }
}

function isUnreachable(error: unknown): boolean {
  return isDatabaseUnavailable(error instanceof Error && error.cause !== undefined ? error.cause : error);
}

async function refuseAll(path: string): Promise<() => Promise<void>> {
  const server = createServer((request, response) =>
    sendRefusal({ method: request.method ?? "GET", headers: request.headers }, response, new Refusal("database-away")),
  );
  rmSync(path, { force: true });
  await listen(server, { path });
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
}

/** Starts what the test files of a run share, when the first of them asks for it, and lends it: see `pool.ts`. The runner has one. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { BrowserServer } from "playwright-core";
import { ARTEFACTS, noteStart } from "./artefacts.ts";
import { browserOptions } from "./browser.ts";
import type { Scope } from "./lectern.ts";
import { LecternPool } from "./lectern-pool.ts";
import type { PoolAnswer, PoolRequest } from "./pool.ts";
import { startPostgres } from "./postgres.ts";

export type PoolBroker = {
  /** The path of its socket. */
  readonly path: string;
  /** Starts a PostgreSQL server for the run. @returns the URL of a database without tables, for copies of databases to be made by */
  readonly startPostgres: () => Promise<string>;
  /** How many servers it has started, how often it has lent one, and how many could not be lent again. */
  readonly counts: () => LecternPool["counts"];
  /** Ends all that it has started. */
  readonly close: () => Promise<void>;
};

export async function startPoolBroker(): Promise<PoolBroker> {
  const ends: (() => unknown)[] = [];
  const directory = mkdtempSync(join(tmpdir(), "lectern-pool-"));
  const logs = join(ARTEFACTS, "pool");
  mkdirSync(logs, { recursive: true });
  const lecterns = new LecternPool(logs);
  const browsers = new LentBrowsers();

  const answer = async (request: PoolRequest, socket: Socket): Promise<PoolAnswer> => {
    return request.want === "lectern" ? await lecterns.lend(request, socket) : { endpoint: await browsers.endpoint(request.flags) };
  };

  const path = join(directory, "pool.sock");
  const listener = createServer((socket) => {
    socket.on("error", () => {});
    createInterface(socket).once("line", async (line) => {
      const said = await answer(JSON.parse(line), socket).catch((error: unknown): PoolAnswer => ({ error: String(error) }));
      socket.write(`${JSON.stringify(said)}\n`);
    });
  });
  await new Promise<void>((resolve) => listener.listen(path, resolve));
  return {
    path,
    startPostgres: async () => {
      const scope: Scope = {
        after: (end: unknown) => void (typeof end === "function" && ends.push(() => end())),
        diagnostic: () => {},
      };
      return (await startPostgres(scope)).database();
    },
    counts: () => lecterns.counts,
    close: async () => {
      listener.close();
      await Promise.all([browsers.close(), lecterns.close(), ...ends.map((end) => end())]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** One browser for each set of flags. */
class LentBrowsers {
  private readonly launched = new Map<string, Promise<BrowserServer>>();

  /** Where files connect to the browser with these flags. */
  async endpoint(flags: readonly string[]): Promise<string> {
    const key = flags.join(" ");
    const browser = this.launched.get(key) ?? this.launch(key, flags);
    this.launched.set(key, browser);
    return (await browser).wsEndpoint();
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.launched.values()].map(async (browser) => await (await browser).close()));
  }

  /** One that has crashed is started again. */
  private async launch(key: string, flags: readonly string[]): Promise<BrowserServer> {
    noteStart("browser");
    const { chromium } = await import("playwright-core");
    const browser = await chromium.launchServer(browserOptions(flags));
    browser.once("close", () => this.launched.delete(key));
    return browser;
  }
}

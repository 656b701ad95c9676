/** Starts what the test files of a run share, when the first of them asks for it, and lends it: see `pool.ts`. The runner has one. */
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type BrowserServer, chromium } from "playwright-core";
import { ARTEFACTS } from "./artefacts.ts";
import { browserOptions } from "./browser.ts";
import { type Lectern, lecternAt, type Scope, spawnLectern, until } from "./lectern.ts";
import type { LentLectern, PoolAnswer, PoolRequest } from "./pool.ts";
import { startPostgres } from "./postgres.ts";

export type PoolBroker = {
  /** The path of its socket. */
  readonly path: string;
  /** Starts a PostgreSQL server for the run. @returns the URL of a database without tables, for copies of databases to be made by */
  readonly startPostgres: () => Promise<string>;
  /** How many of each were started. */
  readonly counts: () => { readonly servers: number; readonly browsers: number };
  /** Ends all that it has started. */
  readonly close: () => Promise<void>;
};

type PooledLectern = { readonly key: string; readonly lectern: Lectern; readonly log: string; readonly end: () => Promise<void> };

type Stream = { readonly app: string; readonly name: string };

/** Streams of a file that has ended are over by then; a server that keeps one longer is not lent again. */
const CLEARED_WITHIN_MS = 5000;

/** A server at rest costs in ten minutes what a start costs. */
const MOST_IDLE = 6;

export async function startPoolBroker(): Promise<PoolBroker> {
  const ends: (() => unknown)[] = [];
  const directory = mkdtempSync(join(tmpdir(), "lectern-pool-"));
  const logs = join(ARTEFACTS, "pool");
  mkdirSync(logs, { recursive: true });
  /** Those that were lent last come last. */
  const idle: PooledLectern[] = [];
  const browsers = new LentBrowsers();
  let servers = 0;

  const start = async (key: string, { set, program }: PoolRequest & { want: "lectern" }): Promise<PooledLectern> => {
    const log = join(logs, `server-${++servers}.log`);
    writeFileSync(log, "");
    const { ready, said, hear, end } = await spawnLectern(set, program);
    hear((text) => appendFileSync(log, text));
    ends.push(end);
    return { key, lectern: lecternAt(await ready, said), log, end };
  };

  const lendLectern = async (request: PoolRequest & { want: "lectern" }, socket: Socket): Promise<LentLectern> => {
    const key = JSON.stringify([request.set, request.program]);
    const at = idle.findLastIndex((one) => one.key === key);
    const pooled = idle.splice(at, at < 0 ? 0 : 1)[0] ?? (await start(key, request));
    const { lectern, log } = pooled;
    socket.once("close", async () => {
      if (await clear(lectern)) idle.push(pooled);
      else await pooled.end();
      if (idle.length > MOST_IDLE) await idle.shift()?.end();
    });
    const {
      http,
      rtmpPort,
      directory: data,
      process: { pid },
    } = lectern;
    return { http, rtmpPort, directory: data, pid, log, saidBefore: Buffer.byteLength(lectern.said()) };
  };

  const answer = async (request: PoolRequest, socket: Socket): Promise<PoolAnswer> => {
    return request.want === "lectern" ? await lendLectern(request, socket) : { endpoint: await browsers.endpoint(request.flags) };
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
    counts: () => ({ servers, browsers: browsers.count }),
    close: async () => {
      listener.close();
      await Promise.all([browsers.close(), ...ends.map((end) => end())]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** One browser for each set of flags. */
class LentBrowsers {
  /** How many were started. */
  count = 0;
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
    this.count++;
    const browser = await chromium.launchServer(browserOptions(flags));
    browser.once("close", () => this.launched.delete(key));
    return browser;
  }
}

/**
 * Ends the streams that a file has left, and looks whether its school is as it was at the start: people and lessons of one file would be in the way of
 * the next, and only a new server has none. @returns whether the server can be lent again
 */
async function clear({ api }: Lectern): Promise<boolean> {
  const list = async (path: string): Promise<readonly Stream[]> => JSON.parse(await (await api(`/api/v1/${path}`)).text()).items;
  try {
    await until(
      async () => {
        const streams = await list("streams");
        for (const { app, name } of streams) await api(`/api/v1/streams/${app}/${name}`, { method: "DELETE" });
        return streams.length === 0;
      },
      "the end of the streams",
      CLEARED_WITHIN_MS,
    );
    // One school and its administrator.
    const counts = await Promise.all(
      ["schools", "users", "lessons", "webhooks", "policies"].map(async (of) => (await list(of)).length),
    );
    return counts.join() === "1,1,0,0,0";
  } catch {
    return false;
  }
}

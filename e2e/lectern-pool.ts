/** Lends servers: one that was given back with the same configuration, as it was after its start, or a new one. */
import { appendFileSync, writeFileSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import { type Lectern, lecternAt, spawnLectern } from "./lectern.ts";
import type { LentLectern, PoolRequest } from "./pool.ts";
import { resetLectern, type StartState, startStateOf } from "./pool-reset.ts";

type LecternRequest = PoolRequest & { readonly want: "lectern" };

type PooledLectern = {
  readonly key: string;
  readonly lectern: Lectern;
  readonly log: string;
  readonly atStart: StartState;
  readonly end: () => Promise<void>;
};

/** `isReset`: resolves with whether it can be lent again. */
type IdleLectern = { readonly pooled: PooledLectern; readonly isReset: Promise<boolean>; readonly limit: NodeJS.Timeout };

/**
 * At rest, a server uses as much of the processors in this time as its start did: 2.1 s, at 0.01 of a core. Nobody knows whether another file will want
 * it; to wait so long costs at most twice what it would cost to know.
 */
const IDLE_MS = 210_000;
/** They have 250 MB each. */
const MOST_IDLE = 10;

export class LecternPool {
  /** How many it has started, how often it has lent one, and how many could not be lent again. */
  readonly counts = { servers: 0, loans: 0, spoiled: 0 };
  /** Where what each server says is kept. */
  private readonly logs: string;
  /** Those that were lent last come last. */
  private readonly idle: IdleLectern[] = [];
  private readonly ends: (() => Promise<void>)[] = [];

  constructor(logs: string) {
    this.logs = logs;
  }

  /** @param socket the server is given back when it closes */
  async lend(request: LecternRequest, socket: Socket): Promise<LentLectern> {
    const key = JSON.stringify([request.set, request.program]);
    const usedBefore = await this.takeIdle(key);
    const pooled = usedBefore ?? (await this.start(key, request));
    this.counts.loans++;
    if (socket.destroyed) void this.takeBack(pooled);
    else socket.once("close", () => void this.takeBack(pooled));
    const { http, rtmpPort, directory, process, said } = pooled.lectern;
    const saidBefore = usedBefore ? Buffer.byteLength(said()) : 0;
    return { http, rtmpPort, directory, pid: process.pid, log: pooled.log, saidBefore };
  }

  async close(): Promise<void> {
    await Promise.all(this.ends.map((end) => end()));
  }

  private async start(key: string, { set, program }: LecternRequest): Promise<PooledLectern> {
    const log = join(this.logs, `server-${++this.counts.servers}.log`);
    writeFileSync(log, "");
    const { ready, said, hear, end } = await spawnLectern(set, program);
    hear((text) => appendFileSync(log, text));
    this.ends.push(end);
    const lectern = lecternAt(await ready, said);
    return { key, lectern, log, atStart: await startStateOf(lectern), end };
  }

  /** The server with this configuration that was given back last. */
  private async takeIdle(key: string): Promise<PooledLectern | undefined> {
    const at = this.idle.findLastIndex(({ pooled }) => pooled.key === key);
    const given = this.idle[at];
    if (!given || !this.remove(given)) return undefined;
    return (await given.isReset) ? given.pooled : await this.takeIdle(key);
  }

  private async takeBack(pooled: PooledLectern): Promise<void> {
    const limit = setTimeout(() => void this.endIdle(given), IDLE_MS).unref();
    const given: IdleLectern = { pooled, isReset: reset(pooled), limit };
    this.idle.push(given);
    const [oldest] = this.idle;
    if (oldest && this.idle.length > MOST_IDLE) void this.endIdle(oldest);
    if (await given.isReset) return;
    this.counts.spoiled++;
    this.remove(given);
    await pooled.end();
  }

  /** Ends a server that nobody wants, unless it was lent meanwhile. */
  private async endIdle(given: IdleLectern): Promise<void> {
    // One that cannot be lent again is ended for that.
    if (this.remove(given) && (await given.isReset)) await given.pooled.end();
  }

  /** @returns false where it is not at rest any more */
  private remove(given: IdleLectern): boolean {
    clearTimeout(given.limit);
    const at = this.idle.indexOf(given);
    if (at >= 0) this.idle.splice(at, 1);
    return at >= 0;
  }
}

/** Makes it as it was at its start. @returns whether it can be lent again */
async function reset({ lectern, atStart, log }: PooledLectern): Promise<boolean> {
  const attempt = () => resetLectern(lectern, atStart);
  try {
    // A request may be sent over a connection that the server closes at that moment.
    await attempt().catch(attempt);
    return true;
  } catch (error) {
    appendFileSync(log, `not lent again: ${String(error)}\n`);
    return false;
  }
}

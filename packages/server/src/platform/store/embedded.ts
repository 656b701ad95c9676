/**
 * Provides the embedded database as a pool of one connection, for Kysely's PostgreSQL dialect. The holder of the connection has the database to
 * itself, so a transaction holds it until its end.
 *
 * PGlite does not sync to the disk on commit: a commit survives a killed process, but not a power cut.
 */
import { mkdirSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import type { PostgresPool, PostgresPoolClient } from "kysely";
import { entryFile } from "../program.ts";
import { UPKEEP_EVERY_MS, vacuumAndAnalyze } from "./embedded-upkeep.ts";
import { unpackEmptyDatabase } from "./empty-database.ts";
import type { NoticeListener, Notices } from "./notices.ts";

/**
 * PostgreSQL runs as V8's baseline compiler leaves it. Of PostgreSQL's interpreter of expressions, one function of 100 kB, the optimizing compiler
 * took 0.6 s of a core and 600 MB in the first seconds of each start; statements take as long with it as without. A large budget of
 * calls only puts it off. Both flags have to be set, each by itself; on the command line they would cost V8's code of Node.js.
 */
const BASELINE_ONLY = ["--no-wasm-dynamic-tiering", "--no-wasm-tier-up"];
/** Each function of the database is validated when it is first called: a start calls a third of them, and the file is the package's own. */
const VALIDATION = "--wasm-lazy-validation";
/**
 * A statement that takes longer waits for a disk that stands still. Who wants the connection meanwhile is refused and does not wait too: nothing of
 * theirs has begun.
 */
const STUCK_MS = 10_000;
const LOOK_MS = 1000;

export type EmbeddedRequest = {
  readonly id: number;
  /** A statement; null closes the database. With `listen`, a channel. */
  readonly sql: string | null;
  readonly listen?: true;
  readonly parameters: readonly unknown[];
};

type Result = { readonly id: number; readonly rows: unknown[]; readonly command: string; readonly rowCount: number };

export type EmbeddedAnswer =
  | { readonly id: 0; readonly ready: true }
  | { readonly id: 0; readonly channel: string; readonly payload: string }
  | Result
  | { readonly id: number; readonly error: { readonly message: string; readonly code: string; readonly constraint: string } };

/** An error of PostgreSQL, with the fields of the usual driver. */
export class DatabaseError extends Error {
  /** SQLSTATE: PostgreSQL, appendix A. */
  readonly code: string;
  readonly constraint: string;

  constructor({ message, code, constraint }: { message: string; code: string; constraint: string }) {
    super(message);
    this.name = "DatabaseError";
    this.code = code;
    this.constraint = constraint;
  }
}

type Pending = { readonly resolve: (result: Result) => void; readonly reject: (error: Error) => void };
type Waiting = { readonly resolve: (client: PostgresPoolClient) => void; readonly reject: (error: Error) => void };

export class EmbeddedDatabase implements PostgresPool {
  private readonly thread: Worker;
  private readonly pending = new Map<number, Pending>();
  private readonly queue: Waiting[] = [];
  private readonly stuckMs: number;
  /** When the thread has answered last, or was asked something while it had nothing to do. */
  private heardAt = 0;
  private looking: NodeJS.Timeout | undefined;
  private busy = false;
  private nextId = 1;
  private readonly listeners = new Map<string, NoticeListener>();
  private gone: Error | null = null;
  private closing = false;
  private upkeep: NodeJS.Timeout | undefined;

  private constructor(thread: Worker, onLost: (error: Error) => void, stuckMs: number) {
    this.thread = thread;
    this.stuckMs = stuckMs;
    // An idle database keeps no process alive.
    thread.unref();
    thread.on("message", (answer: EmbeddedAnswer) => this.take(answer));
    thread.on("error", (error) => this.fail(error));
    thread.on("exit", () => {
      this.fail(new Error("the embedded database has ended"));
      if (!this.closing) onLost(this.gone ?? new Error("the embedded database has ended"));
    });
    this.scheduleUpkeep();
  }

  /**
   * Opens the database in a directory, and creates it where it is missing. Only one process may have it open.
   *
   * @param onLost called when the database has ended by itself. Default: the process ends too, and its supervisor restarts it
   * @param stuckMs a statement that takes so long has nobody wait for the connection; milliseconds
   */
  static async open(directory: string, onLost: (error: Error) => void = raise, stuckMs = STUCK_MS): Promise<EmbeddedDatabase> {
    await unpackEmptyDatabase(directory);
    return await EmbeddedDatabase.openIn(directory, onLost, stuckMs);
  }

  /** Opens the database in a directory as it is; PGlite runs `initdb` in an empty one. */
  static openIn(directory: string, onLost: (error: Error) => void = raise, stuckMs = STUCK_MS): Promise<EmbeddedDatabase> {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    // V8 reads it when it compiles.
    for (const flag of BASELINE_ONLY) setFlagsFromString(flag);
    setFlagsFromString(VALIDATION);
    const thread = new Worker(entryFile("platform/store/embedded-thread"), { workerData: directory });
    return new Promise((resolve, reject) => {
      thread.once("error", reject);
      thread.once("exit", () => reject(new Error("the embedded database could not be opened")));
      thread.once("message", () => resolve(new EmbeddedDatabase(thread, onLost, stuckMs)));
    });
  }

  connect(): Promise<PostgresPoolClient> {
    return new Promise((resolve, reject) => {
      if (this.gone) reject(this.gone);
      else if (this.busy) this.wait({ resolve, reject });
      else {
        this.busy = true;
        resolve(this.client());
      }
    });
  }

  private wait(waiting: Waiting): void {
    this.queue.push(waiting);
    this.looking ??= setInterval(() => this.refuseWhereStuck(), LOOK_MS).unref();
  }

  private refuseWhereStuck(): void {
    const isStuck = this.pending.size > 0 && performance.now() - this.heardAt > this.stuckMs;
    for (const { reject } of isStuck ? this.queue.splice(0) : [])
      reject(new Error("timeout exceeded when trying to connect: the embedded database waits for its disk"));
    if (this.queue.length > 0) return;
    clearInterval(this.looking);
    this.looking = undefined;
  }

  async end(): Promise<void> {
    this.closing = true;
    clearInterval(this.looking);
    clearTimeout(this.upkeep);
    if (!this.gone) await this.ask(null, []);
    await this.thread.terminate();
  }

  /** One listener for each channel. Notices of a commit arrive before its answer. */
  listen(channel: string, listener: NoticeListener): Notices {
    this.listeners.set(channel, listener);
    const begin = async (): Promise<void> => {
      // Within the transaction of another holder, LISTEN would be rolled back with it.
      const client = await this.connect();
      try {
        await this.ask(channel, [], true);
        if (this.listeners.get(channel) === listener) listener.onState(true);
      } finally {
        client.release();
      }
    };
    // A database that has ended ends the process.
    begin().catch(() => {});
    return { close: async () => void this.listeners.delete(channel) };
  }

  private scheduleUpkeep(): void {
    const keepUp = async (): Promise<void> => {
      // What makes upkeep fail, such as a full disk, fails the statements of others too, which are reported.
      await vacuumAndAnalyze(this).catch(() => {});
      if (!this.closing && !this.gone) this.scheduleUpkeep();
    };
    this.upkeep = setTimeout(() => void keepUp(), UPKEEP_EVERY_MS).unref();
  }

  private client(): PostgresPoolClient {
    let released = false;
    // The interface also has cursors, which only streaming queries use; there are none.
    const query: unknown = (sql: string, parameters: readonly unknown[] = []) => this.ask(sql, parameters);
    return {
      query: query as PostgresPoolClient["query"],
      release: () => {
        if (released) return;
        released = true;
        const next = this.queue.shift();
        if (next) next.resolve(this.client());
        else this.busy = false;
      },
    };
  }

  private ask(sql: string | null, parameters: readonly unknown[], listen = false): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.gone) return reject(this.gone);
      const id = this.nextId++;
      if (this.pending.size === 0) this.heardAt = performance.now();
      this.pending.set(id, { resolve, reject });
      this.thread.ref();
      this.thread.postMessage({ id, sql, parameters, ...(listen && { listen }) } satisfies EmbeddedRequest);
    });
  }

  private take(answer: EmbeddedAnswer): void {
    if ("ready" in answer) return;
    this.heardAt = performance.now();
    if ("channel" in answer) return this.listeners.get(answer.channel)?.onNotice(answer.payload);
    const pending = this.pending.get(answer.id);
    this.pending.delete(answer.id);
    if (this.pending.size === 0) this.thread.unref();
    if ("error" in answer) pending?.reject(new DatabaseError(answer.error));
    else pending?.resolve(answer);
  }

  private fail(error: Error): void {
    this.gone ??= error;
    clearTimeout(this.upkeep);
    for (const { reject } of this.pending.values()) reject(this.gone);
    this.pending.clear();
    // Waiting callers get a connection whose first query fails.
    for (const { resolve } of this.queue.splice(0)) resolve(this.client());
  }
}

function raise(error: Error): never {
  throw error;
}

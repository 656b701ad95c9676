/** Starts the server for a test, in its own process and on its own ports. */
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { migratedDirectory } from "../packages/server/src/school/foundation/store/migrated-directory.ts";
import { keepLog, noteStart } from "./artefacts.ts";
import { MAIN } from "./program.ts";

/** What is ended with a test, or with whatever else uses these. */
export type Scope = Pick<TestContext, "after" | "diagnostic">;

export const TOKEN = "test-token";

const CACHE = join(import.meta.dirname, "../.cache");
/** Most of a start is compiling: of the program's files, which is kept, and of PGlite, for which the baseline compiler is enough. */
export const childEnv = (): NodeJS.ProcessEnv => ({
  ...process.env,
  NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"] ?? join(CACHE, "compiled"),
});
export const NODE_OPTIONS = ["--liftoff-only"];
/**
 * Below the ports that the kernel gives to connections: a port of those may be a connection's by the time a server wants it. Each process of
 * a test begins at another one.
 */
const PORTS = { first: 12_000, last: 31_999, perProcess: 20 } as const;
let nextPort = PORTS.first + ((process.pid * PORTS.perProcess) % (PORTS.last - PORTS.first));

export type Lectern = {
  readonly http: string;
  readonly httpPort: number;
  readonly rtmp: string;
  readonly rtmpPort: number;
  /** The supervisor's. */
  readonly process: { readonly pid: number; readonly kill: (signal: NodeJS.Signals) => void };
  /** Where it keeps its files. */
  readonly directory: string;
  /** Everything that it has said so far. */
  readonly said: () => string;
  readonly api: (path: string, init?: RequestInit) => Promise<Response>;
  /** The stream as the API shows it, as soon as the condition holds. */
  readonly stream: (name: string, condition?: (stream: StreamReport) => boolean) => Promise<StreamReport>;
  readonly metric: (line: string) => Promise<number>;
};

/** A server that no other test uses. */
export type OwnLectern = Lectern & {
  /** Resolves with the exit code. */
  readonly exited: Promise<number | null>;
  /** Sends SIGTERM and gives the exit code. */
  readonly stop: () => Promise<number | null>;
};

/** Where a server is, as another process can be told. */
export type LecternAddress = Pick<Lectern, "http" | "rtmpPort" | "directory"> & { readonly pid: number };

export type StreamReport = {
  readonly name: string;
  readonly epoch: string;
  /** The media worker that has its publisher. */
  readonly process: string;
  readonly term: number;
  readonly publisher: { readonly protocol: string; readonly agent: string } | null;
  readonly video: {
    readonly codec: string;
    readonly width: number;
    readonly height: number;
    readonly fps: number;
    readonly gopSeconds: number | null;
  } | null;
  readonly audio: { readonly codec: string; readonly sampleRate: number; readonly channels: number } | null;
  readonly uplink: {
    readonly fps: number;
    readonly health: string;
    readonly verdict: string;
    readonly problem: string | null;
    readonly faults: number;
    readonly lossPercent: number | null;
    readonly unrecoveredPercent: number | null;
    readonly latencyMs: number | null;
  };
  readonly viewers: {
    readonly total: number;
    readonly flv: number;
    readonly rtmp: number;
    readonly ws: number;
    readonly hls: number;
    readonly whep: number;
    readonly srt: number;
  };
};

/** Which program is started, instead of the one that is here, and with which arguments besides. */
export type Program = {
  readonly main?: string;
  readonly args?: readonly string[];
  /** Variables besides those of this process. */
  readonly env?: Readonly<Record<string, string>>;
};

/** Variables with which one process of tests starts servers like another. */
export type LecternOptions = Readonly<Record<string, string>>;

/** Starts a server that anybody may publish to, and stops it when the test is over. */
export async function startLectern(t: Scope, set: LecternOptions = {}, program: Program = {}): Promise<OwnLectern> {
  const { ready, said, exited, end } = await spawnLectern(set, program);
  t.after(async () => {
    // An error that no test looked for is worth a line.
    for (const line of said().split("\n")) if (/"level":[56]0/.test(line)) t.diagnostic(line);
    keepLog(said());
    await end();
  });
  const lectern = lecternAt(await ready, said);
  return {
    ...lectern,
    exited,
    stop: () => {
      lectern.process.kill("SIGTERM");
      return exited;
    },
  };
}

type SpawnedLectern = Pick<OwnLectern, "said" | "exited"> & {
  /** Rejects with what the server said, where it ends instead. */
  readonly ready: Promise<LecternAddress>;
  /** Calls the listener with what it has said so far, and with all that it says. */
  readonly hear: (listener: (text: string) => void) => void;
  /** Kills it, and removes its directory. */
  readonly end: () => Promise<void>;
};

/** A database without rows to copy, which a run has from its beginning (`prepare.ts`): most processes have no use for what makes one. */
export async function migrated(): Promise<string> {
  const directory = migratedDirectory();
  if (existsSync(directory)) return directory;
  const { migratedDatabase } = await import("../packages/server/src/school/foundation/store/migrated-database.ts");
  return await migratedDatabase();
}

/** @param set of the configuration; `dataDir`: where its files are, instead of a folder of its own */
export async function spawnLectern(
  { dataDir, ...set }: LecternOptions,
  { main = MAIN, args = [], env = {} }: Program,
): Promise<SpawnedLectern> {
  noteStart("server");
  const directory = dataDir ?? mkdtempSync(join(tmpdir(), "lectern-test-"));
  // Another version makes its own.
  if (main === MAIN && !set["database.url"] && !existsSync(join(directory, "db")))
    cpSync(await migrated(), join(directory, "db"), { recursive: true });
  const options = {
    "publish.allow": "any",
    "http.host": "127.0.0.1",
    "rtmp.host": "127.0.0.1",
    "webrtc.port": "0",
    "ladder.rungs": "none",
    ...(process.env["TEST_AT_REST"] === "1" && { "encryption.atRest": "true" }),
    // Tests sign in as the first operator with the password alone. Another version need not know the key.
    // A machine that runs many tests at once is pressed.
    ...(main === MAIN ? { "operators.secondFactor": "false", "degradation.automatic": "false" } : {}),
    ...set,
  };
  const child = spawn(
    process.execPath,
    [
      ...NODE_OPTIONS,
      main,
      "serve",
      "--data",
      directory,
      "--http-port",
      "0",
      "--rtmp-port",
      "0",
      ...Object.entries(options).flatMap(([key, value]) => ["--set", `${key}=${value}`]),
      ...args,
    ],
    { env: { ...childEnv(), LECTERN_ADMIN_TOKEN: TOKEN, ...env }, cwd: directory, stdio: ["ignore", "pipe", "pipe"] },
  );
  let said = "";
  let isReady = false;
  const listeners: ((text: string) => void)[] = [];
  const exited = new Promise<number | null>((resolve) => child.on("exit", (code) => resolve(code)));
  const end = async (): Promise<void> => {
    child.kill("SIGKILL");
    await exited;
    // Its children notice a little later that they are alone, and may be writing until then; a browser that is still there does not see them die.
    try {
      rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    } catch {
      // What is written later still is in a temporary folder, and harms nobody.
    }
  };
  const ready = new Promise<LecternAddress>((resolve, reject) => {
    const hear = (bytes: Buffer) => {
      said += bytes;
      for (const listener of listeners) listener(String(bytes));
      // To look through all that a server says in its life, at each piece of it, costs more than the server.
      if (isReady) return;
      const http = /lectern ready (\S+)/.exec(said)?.[1];
      const rtmp = /"rtmp":(\d+)/.exec(said)?.[1];
      isReady = http !== undefined && rtmp !== undefined;
      if (http && rtmp) resolve({ http, rtmpPort: Number(rtmp), directory, pid: child.pid ?? 0 });
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    void exited.then((code) => reject(new Error(`the server ended with ${code}:\n${said}`)));
  });
  const hear = (listener: (text: string) => void): void => {
    if (said !== "") listener(said);
    listeners.push(listener);
  };
  return { ready, hear, said: () => said, exited, end };
}

/** A server that runs, as tests use it. */
export function lecternAt({ http, rtmpPort, directory, pid }: LecternAddress, said: () => string): Lectern {
  return {
    http,
    httpPort: Number(new URL(http).port),
    rtmp: `rtmp://127.0.0.1:${rtmpPort}`,
    rtmpPort,
    process: {
      pid,
      kill: (signal) => {
        try {
          process.kill(pid, signal);
        } catch {
          // It has ended.
        }
      },
    },
    directory,
    said,
    ...apiOf(http),
  };
}

/** The server's API with the operator's token, and what tests read of it. */
function apiOf(http: string): Pick<Lectern, "api" | "stream" | "metric"> {
  const api = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${http}${path}`, { ...init, headers: { authorization: `Bearer ${TOKEN}` } });
  return {
    api,
    stream: (name, condition = () => true) =>
      until(async () => {
        // A worker that a test has killed takes its connections along.
        const answer = await api("/api/v1/streams").then(
          async (response) => (response.ok ? ((await response.json()) as { items: StreamReport[] }).items : []),
          () => [],
        );
        const stream = answer.find((item) => item.name === name);
        return stream && condition(stream) ? stream : null;
      }, `the stream ${name}`),
    metric: async (line) => {
      const text = await (await api("/metrics")).text();
      const found = text.split("\n").find((other) => other.startsWith(`${line} `));
      return Number(found?.split(" ").at(-1) ?? Number.NaN);
    },
  };
}

/** Process ids of what a process has started; none where it has ended. */
export function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    return text === "" ? [] : text.split(" ").map(Number);
  } catch {
    return [];
  }
}

/** Only what never comes is waited for so long, on the busiest machine. */
export const HANG_MS = 120_000;

/**
 * Between two questions: at first short, for what is nearly there, then longer, because each question costs the server and the machine time. After some
 * seconds it is a share of what was waited for, where somebody else is asked: who has waited for ten seconds waits for half a second more at most.
 */
const PAUSE_MS = { first: 10, soon: 100, growth: 1.3, last: 500, share: 0.05 } as const;

/** Asks again and again until there is an answer. Only a hang reaches the limit. */
export async function until<T>(
  ask: () => Promise<T | null | false> | T | null | false,
  what: string,
  limitMs = HANG_MS,
): Promise<T> {
  const begun = performance.now();
  for (let pauseMs: number = PAUSE_MS.first; ; pauseMs = Math.min(PAUSE_MS.soon, pauseMs * PAUSE_MS.growth)) {
    const asked = ask();
    const answer = await asked;
    if (answer !== null && answer !== false) return answer;
    const waitedMs = performance.now() - begun;
    if (waitedMs > limitMs) throw new Error(`waited in vain for ${what}`);
    const longerMs = asked instanceof Promise ? Math.min(PAUSE_MS.last, waitedMs * PAUSE_MS.share) : 0;
    await new Promise((resolve) => setTimeout(resolve, Math.max(pauseMs, longerMs)));
  }
}

/** A port that nothing listens on, other than those of before. */
export async function freePort(): Promise<number> {
  for (;;) {
    nextPort = nextPort < PORTS.last ? nextPort + 1 : PORTS.first;
    // Another caller goes on counting meanwhile.
    const port = nextPort;
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const free = await new Promise<boolean>((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => resolve(true));
  });
  if (free) await new Promise((resolve) => server.close(resolve));
  return free;
}

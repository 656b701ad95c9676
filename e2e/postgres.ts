/** Runs a PostgreSQL server for a test, with its own data directory, that can be stopped and restarted. */
import { execFileSync } from "node:child_process";
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { noteStart } from "./artefacts.ts";
import { freePort, type Scope } from "./lectern.ts";

export type Postgres = {
  /** An empty database of its own, or a copy of one that nobody uses. */
  readonly database: (copied?: string) => string;
  /** An empty database whose owner is an ordinary role: it may create tables there, and nothing else. */
  readonly ownedDatabase: () => string;
  readonly stop: () => void;
  readonly start: () => void;
};

const VERSIONS = "/usr/lib/postgresql";
const START_SECONDS = 120;

/** Of all test processes of a run that are at it at once. */
const MOST_CONNECTIONS = 400;

/** Starts a server, and ends it when the test is over. @param fsync whether it survives a power cut: a measurement of writes needs that */
export async function startPostgres(t: Scope, { fsync = false } = {}): Promise<Postgres> {
  noteStart("postgres");
  const bin = binaries();
  const directory = mkdtempSync(join(tmpdir(), "lectern-postgres-"));
  const data = join(directory, "data");
  const port = await freePort();
  const user = asWhom();
  if (user) chownSync(directory, user.uid, user.gid);
  const run = (program: string, args: readonly string[], output: "pipe" | "ignore" = "pipe") =>
    execFileSync(join(bin, program), args, {
      ...user,
      cwd: directory,
      stdio: ["ignore", output, output],
      env: { ...process.env, LC_ALL: "C" },
    });
  execFileSync("cp", ["-a", emptyCluster(bin), data]);
  const options = `-p ${port} -k ${directory} -c listen_addresses=127.0.0.1 -c fsync=${fsync ? "on" : "off"} -c max_connections=${MOST_CONNECTIONS}`;
  const log = join(directory, "log");
  const start = () => {
    try {
      // The server inherits the output, and would keep this process waiting for its end.
      run("pg_ctl", ["-D", data, "-o", options, "-l", log, "-t", String(START_SECONDS), "-w", "start"], "ignore");
    } catch (error) {
      throw new Error(`PostgreSQL does not start: ${existsSync(log) ? readFileSync(log, "utf8") : "no log"}`, { cause: error });
    }
  };
  const stop = () => run("pg_ctl", ["-D", data, "-m", "immediate", "-w", "stop"]);
  start();
  t.after(() => {
    try {
      stop();
    } catch {
      // The test has stopped it.
    }
    rmSync(directory, { recursive: true, force: true });
  });
  let databases = 0;
  const asLectern = ["-h", "127.0.0.1", "-p", String(port), "-U", "lectern"];
  return {
    database: (copied = "") => {
      const name = `test${++databases}`;
      const template = copied === "" ? [] : ["-T", new URL(copied).pathname.slice(1)];
      run("createdb", [...asLectern, ...template, name]);
      return `postgres://lectern@127.0.0.1:${port}/${name}`;
    },
    ownedDatabase: () => {
      const name = `test${++databases}`;
      run("createuser", [...asLectern, `owner_of_${name}`]);
      run("createdb", [...asLectern, "-O", `owner_of_${name}`, name]);
      return `postgres://owner_of_${name}@127.0.0.1:${port}/${name}`;
    },
    stop,
    start,
  };
}

/** The directory of a server without databases, which is made once: `initdb` takes a second and a half. */
function emptyCluster(bin: string): string {
  const kept = join(import.meta.dirname, "../.cache", `postgres-${bin.replaceAll("/", "-")}`);
  if (existsSync(kept)) return kept;
  mkdirSync(dirname(kept), { recursive: true });
  const user = asWhom();
  const directory = mkdtempSync(join(tmpdir(), "lectern-initdb-"));
  if (user) chownSync(directory, user.uid, user.gid);
  const data = join(directory, "data");
  const options = ["-D", data, "-U", "lectern", "-A", "trust", "-E", "UTF8", "--no-sync"];
  execFileSync(join(bin, "initdb"), options, { ...user, cwd: directory, stdio: "pipe", env: { ...process.env, LC_ALL: "C" } });
  const part = `${kept}.${process.pid}`;
  execFileSync("cp", ["-a", data, part]);
  rmSync(directory, { recursive: true, force: true });
  try {
    renameSync(part, kept);
  } catch (error) {
    // Another process was faster.
    if (!existsSync(kept)) throw error;
    rmSync(part, { recursive: true, force: true });
  }
  return kept;
}

/** Where the programs of the newest version are. */
export function binaries(): string {
  const newest = existsSync(VERSIONS) ? readdirSync(VERSIONS).sort((a, b) => Number(b) - Number(a))[0] : undefined;
  if (!newest) throw new Error("PostgreSQL is not installed: apt-get install postgresql");
  return join(VERSIONS, newest, "bin");
}

/** PostgreSQL refuses to run as root. */
export function asWhom(): { uid: number; gid: number } | undefined {
  if (userInfo().uid !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

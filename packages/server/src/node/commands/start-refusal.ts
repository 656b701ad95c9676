/** Explains in words why a command failed or the server did not start, and what to do about it. */
import { closeSync, existsSync, mkdirSync, openSync, rmSync, statfsSync, statSync, writeSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname, join, resolve } from "node:path";
import { ConfigError } from "../../platform/config/load.ts";

/** A command or an option that does not exist, or is used wrongly. */
export class UsageError extends Error {}

/** The server cannot start here. The message says why, and what to do. */
export class StartRefusal extends Error {
  override readonly name = "StartRefusal";
}

export type Explanation = { readonly text: string; readonly exitCode: number };

/** A new embedded database takes 40 MB; logs and first recordings need some as well. */
const MIN_FREE_BYTES = 100e6;
const PROBE_BYTES = 4096;
/** Errors whose message is written for the reader. By name: an error from another process has lost its class. */
const IN_WORDS = ["StartRefusal", "StoreError", "InUse", "UnreadableConfig", "NotReady", "BreakGlassRefusal"];

/**
 * Creates the data directory, and checks that it can be written.
 *
 * @param needsRoom whether a database will be created in it
 * @throws StartRefusal
 */
export function prepareDataDir(dataDir: string, needsRoom: boolean): void {
  try {
    if (statSync(dataDir, { throwIfNoEntry: false })?.isDirectory() === false)
      throw new StartRefusal(`${dataDir} is a file; choose a folder for the data with --data or dataDir`);
    makeFolders(resolve(dataDir));
    const { bavail, bsize } = statfsSync(dataDir);
    if (needsRoom && bavail * bsize < MIN_FREE_BYTES)
      throw new StartRefusal(
        `${dataDir} has ${Math.floor((bavail * bsize) / 1e6)} MB of free space, and a new server needs ${MIN_FREE_BYTES / 1e6} MB; free some, or choose another folder with --data`,
      );
    const probe = join(dataDir, `.write-probe-${process.pid}`);
    const file = openSync(probe, "w", 0o600);
    try {
      writeSync(file, Buffer.alloc(PROBE_BYTES));
    } finally {
      closeSync(file);
      rmSync(probe, { force: true });
    }
  } catch (error) {
    if (error instanceof StartRefusal) throw error;
    throw new StartRefusal(dataDirProblem(dataDir, error), { cause: error });
  }
}

/** One folder after the other: `mkdir` with `recursive` never returns below /proc, where it is told that an existing parent does not exist. */
function makeFolders(path: string): void {
  if (existsSync(path)) return;
  const parent = dirname(path);
  makeFolders(parent);
  try {
    mkdirSync(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT")
      throw new StartRefusal(`${parent} is a folder of the system that takes no files; choose another folder with --data`);
    if (codeOf(error) !== "EEXIST") throw error;
  }
}

function dataDirProblem(dataDir: string, error: unknown): string {
  switch (codeOf(error)) {
    case "EACCES":
    case "EPERM":
      return `${dataDir} cannot be written by the user ${userName()}; give it that user (chown), or choose another folder with --data`;
    case "EROFS":
      return `${dataDir} is on a read-only file system; mount it for writing, or choose another folder with --data`;
    case "ENOSPC":
    case "EDQUOT":
      return `${dataDir} is full; free some space, or choose another folder with --data`;
    case "ENOTDIR":
    case "EEXIST":
      return `a part of the path ${dataDir} is a file; choose another folder with --data`;
    default:
      return `${dataDir} cannot be used for data: ${messageOf(error)}`;
  }
}

/** What to print when a command has failed. Only a fault of the program itself has its stack, where the log level asks for it. */
export function explain(error: unknown): Explanation {
  if (error instanceof UsageError) return { text: `lectern: ${error.message}\nSee lectern --help.`, exitCode: 2 };
  if (error instanceof ConfigError) return { text: error.message, exitCode: 1 };
  if (error instanceof Error && IN_WORDS.includes(error.name)) return { text: `lectern: ${error.message}`, exitCode: 1 };
  const known = systemProblem(error);
  if (known !== null) return { text: `lectern: ${known}`, exitCode: 1 };
  const isVerbose = process.env["LECTERN_LOG_LEVEL"] === "debug";
  const details = isVerbose && error instanceof Error && error.stack ? error.stack : messageOf(error);
  return { text: `lectern: unexpected error: ${details}\n${isVerbose ? "" : HINT}`.trimEnd(), exitCode: 1 };
}

const HINT = "Run it again with LECTERN_LOG_LEVEL=debug, and report what it prints.";

function systemProblem(error: unknown): string | null {
  const port = error instanceof Error && "port" in error ? String(error.port) : "";
  switch (codeOf(error)) {
    case "EADDRINUSE":
      return `port ${port} is in use by another program; choose another with --http-port or --rtmp-port`;
    case "EADDRNOTAVAIL":
      return `this machine does not have the address to listen on (${messageOf(error)}); see http.host and rtmp.host`;
    case "EACCES":
      return port === "" ? messageOf(error) : `port ${port} needs root; choose a port above 1023`;
    case "ENOENT":
      return messageOf(error);
    case "ENOSPC":
    case "EDQUOT":
      return `the disk is full (${messageOf(error)}); free some space`;
    case "EMFILE":
      return "this process may not open more files; raise the limit (ulimit -n), see lectern doctor";
    default:
      return null;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A user without an entry in the list of users has a number. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "");
  }
}

/**
 * Counts the calls of each function in a process or thread of a server, which loads this first (`--import`): V8's precise coverage. Where a file
 * `take-N` comes into the folder that `COUNT_CALLS` names, it writes what was called since the file before.
 */
import { existsSync, writeFileSync } from "node:fs";
import { type Profiler, Session } from "node:inspector";
import { join } from "node:path";
import { threadId } from "node:worker_threads";
import type { Calls } from "./called-files.ts";

const LOOK_MS = 20;
const OWN_CODE = "/packages/";

const folder = process.env["COUNT_CALLS"];
if (folder !== undefined) count(folder);

function count(into: string): void {
  const session = new Session();
  session.connect();
  session.post("Profiler.enable");
  session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  let next = firstTake(into);
  setInterval(() => {
    if (!existsSync(join(into, `take-${next}`))) return;
    const own = `${next++}.${process.pid}.${threadId}.json`;
    session.post("Profiler.takePreciseCoverage", (error, taken) => {
      if (!error) writeFileSync(join(into, own), JSON.stringify(taken.result.filter(isOwn).flatMap(callsOf)));
    });
  }, LOOK_MS).unref();
}

/** A process that starts late has nothing of the windows before. */
function firstTake(into: string): number {
  let take = 0;
  while (existsSync(join(into, `take-${take}`))) take++;
  return take;
}

function isOwn({ url }: Profiler.ScriptCoverage): boolean {
  return url.startsWith("file://") && url.includes(OWN_CODE) && !url.includes("node_modules");
}

/** Without the file itself, which runs once as it is loaded. */
function callsOf({ url, functions }: Profiler.ScriptCoverage): Calls[] {
  const file = decodeURIComponent(url.slice(url.indexOf(OWN_CODE) + 1).replace(/[?#].*/, ""));
  return functions.flatMap(({ ranges: [range] }) =>
    range !== undefined && range.count > 0 && range.startOffset > 0
      ? [{ file, start: range.startOffset, end: range.endOffset, count: range.count }]
      : [],
  );
}

/** Finds where the server starts programs by itself: one file does, which leaves them no descriptor of the server's. */
import type { Source } from "./sources.ts";

const SERVER = "packages/server/src/";
const STARTS_THEM: readonly string[] = [
  "packages/server/src/platform/jobs/process-group.ts",
  // The server's own processes, started by the supervisor, which loads no native library.
  "packages/server/src/node/ipc/child-process.ts",
  "packages/server/src/node/ipc/spare-process.ts",
  "packages/server/src/node/backups/trial-restore.ts",
];
/** Commands are processes of their own, which end. */
const COMMANDS = "packages/server/src/node/commands/";

export function findChildProcesses(sources: readonly Source[]): string[] {
  return sources
    .filter(({ path, isTest }) => !isTest && path.startsWith(SERVER) && !path.startsWith(COMMANDS) && !STARTS_THEM.includes(path))
    .filter(({ text }) => text.includes('"node:child_process"'))
    .map(({ path }) => `${path}: starts a program by itself; take runProgram or startProcessGroup of platform/jobs`);
}

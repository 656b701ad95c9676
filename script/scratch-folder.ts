/**
 * Gives the temporary files of a run of tests a folder in memory. A server of a test begins with a copy of a database, 1700 files of which it reads few:
 * on a disk this takes a second of the processors and three of waiting, in memory a twentieth.
 */
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statfsSync } from "node:fs";
import { freemem } from "node:os";
import { join } from "node:path";

/** Of Linux, for POSIX shared memory: shm_overview(7). Its path is short enough for sockets in it, which have 107 characters for theirs. */
const IN_MEMORY = "/dev/shm";
const TMPFS_MAGIC = 0x0102_1994;
/** A run has used at most 2 GB of files at once; what it needs for itself comes on top. */
const ROOM = { folder: 4 * 1024 ** 3, memory: 8 * 1024 ** 3 } as const;

/** Of the runner's process. */
const NAME = /^lectern-(\d+)-/;

/** Goes with this process. None where memory, or what may be kept there, is scarce: files are then where the system wants them. */
export function scratchFolder(): string | null {
  if (!hasRoom()) return null;
  removeLeft();
  const path = mkdtempSync(join(IN_MEMORY, `lectern-${process.pid}-`));
  // Database servers run as another user, and need the way to theirs.
  chmodSync(path, 0o1777);
  process.once("exit", () => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Those of runs that were killed. */
function removeLeft(): void {
  for (const name of readdirSync(IN_MEMORY)) {
    const [, pid] = NAME.exec(name) ?? [];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) rmSync(join(IN_MEMORY, name), { recursive: true, force: true });
  }
}

function hasRoom(): boolean {
  try {
    const { type, bavail, bsize } = statfsSync(IN_MEMORY);
    return type === TMPFS_MAGIC && bavail * bsize >= ROOM.folder && freemem() >= ROOM.memory;
  } catch {
    return false;
  }
}

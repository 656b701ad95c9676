/** Measures what runs in a sandbox: the memory of a tree of processes, and the bytes below a folder. */
import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const PAGE_BYTES = 4096;
/** A tree that is larger than this is stopped by the limit of processes. */
const MAX_PROCESSES = 2000;

/** Resident bytes of a process and of all its descendants; those in namespaces of their own too, since their parents are known here. */
export async function treeMemory(pid: number): Promise<number> {
  let bytes = 0;
  const left = [pid];
  for (let seen = 0; left.length > 0 && seen < MAX_PROCESSES; seen++) {
    const next = left.pop();
    if (next === undefined) break;
    bytes += await residentBytes(next);
    left.push(...(await childrenOf(next)));
  }
  return bytes;
}

/** Resident bytes of everything in a process group: proc(5), stat. */
export async function groupMemory(group: number): Promise<number> {
  const processes = (await readdir("/proc").catch(() => [])).map(Number).filter((pid) => pid > 0);
  const bytes = await Promise.all(
    processes.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
      // The name of the program may have spaces and brackets in it.
      const [, , of] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return Number(of) === group ? await residentBytes(pid) : 0;
    }),
  );
  return bytes.reduce((sum, each) => sum + each, 0);
}

/** Bytes of the files below a folder. Symbolic links are not followed. */
export async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        lstat(join(entry.parentPath, entry.name)).then(
          ({ blocks }) => blocks * 512,
          () => 0,
        ),
      ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Private and shared pages: proc(5), statm. */
async function residentBytes(pid: number): Promise<number> {
  const [, resident = "0"] = (await readFile(`/proc/${pid}/statm`, "utf8").catch(() => "0 0")).split(" ");
  return Number(resident) * PAGE_BYTES;
}

async function childrenOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, "utf8").catch(() => "")),
  );
  return lists.flatMap((list) => list.split(" ").map(Number)).filter((child) => child > 0);
}

/** Reads an operator's table of addresses, and again when the file is replaced. A damaged file leaves the table in force that was there before. */
import { readFile, stat } from "node:fs/promises";
import type { Logger } from "../log.ts";
import type { GeoipTable } from "./address-location.ts";
import { isMmdb, openMmdb } from "./mmdb-table.ts";
import { isXdb, openXdb } from "./xdb-table.ts";

export type TableFile = {
  readonly path: string;
  /** Null as long as no usable file was there. */
  readonly table: () => GeoipTable | null;
  /** Why the file that is there now is not used; null where it is. */
  readonly problem: () => string | null;
  /** Reads the file where it has changed. @returns whether there is another table now. Never throws. */
  readonly poll: () => Promise<boolean>;
};

const NOT_YET_READ = "it is not read yet";

export function watchTableFile(path: string, log: Logger): TableFile {
  let table: GeoipTable | null = null;
  let problem: string | null = NOT_YET_READ;
  /** Which file was read last, usable or not. */
  let known = "";
  const poll = async (): Promise<boolean> => {
    let mark = "";
    try {
      mark = await markOf(path);
      if (mark === known) return false;
      const next = await openTable(await readFile(path));
      // A file that is still being written is read at the next poll.
      if ((await markOf(path)) !== mark) return false;
      if (problem !== NOT_YET_READ) log.info({ path, table: next.kind, madeAt: next.madeAt }, "address table reloaded");
      [table, problem, known] = [next, null, mark];
      return true;
    } catch (error) {
      const reason = reasonOf(error);
      const action = table ? "keeping the current table" : "using the other tables";
      if (mark !== known || reason !== problem) log.warn({ path, reason }, `address table cannot be used, ${action}`);
      [problem, known] = [reason, mark];
      return false;
    }
  };
  return { path, table: () => table, problem: () => problem, poll };
}

/** Another mark: another file, or other content. */
async function markOf(path: string): Promise<string> {
  const found = await stat(path);
  // Reading a pipe would never end.
  if (!found.isFile()) throw new Error("it is not a file");
  const { ino, size, mtimeMs, ctimeMs } = found;
  return `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
}

/** The kind of a file shows in its content. @throws Error that says what is wrong with the file */
async function openTable(data: Buffer): Promise<GeoipTable> {
  if (isXdb(data)) return openXdb(data);
  if (isMmdb(data)) return openMmdb(data);
  throw new Error("it is neither an xdb file of ip2region nor a MaxMind database, or it is cut short");
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error && error.code === "ENOENT" ? "there is no such file" : error.message;
}

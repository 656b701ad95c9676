/**
 * Provides the file of a backup: compressed lines of JSON (RFC 1952, RFC 8259). A row is an array of its cells in PostgreSQL's text format, as in
 * COPY (PostgreSQL 18, section 54.2.6), so nothing is lost on the way through JavaScript: microseconds, 64-bit integers, a JSON null in a column.
 *
 *     {"lectern":"backup","version":2,"writtenAt":"2026-11-29T…","migrations":["0001-…"]}
 *     {"table":"users","columns":["id","name",…]}
 *     ["u1","Anna",null,…]
 *     {"end":{"rows":1,"sha256":"…"}}
 *
 * The last line counts the rows and has the SHA-256 of all lines before it.
 */
import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { StringDecoder } from "node:string_decoder";
import { createGunzip } from "node:zlib";
import { StoreError } from "./store.ts";

export const BACKUP_VERSION = 2;
const UNZIPPED_CHUNK_BYTES = 256 * 1024;

export type BackupHead = {
  readonly lectern: "backup";
  readonly version: 2;
  /** ISO 8601. */
  readonly writtenAt: string;
  /** The schema of the rows: the applied migrations, in order. */
  readonly migrations: readonly string[];
};

/** What follows the head. Rows belong to the table before them. */
export type BackupItem =
  | { readonly kind: "table"; readonly table: string; readonly columns: readonly string[] }
  /** The JSON text of an array of cells. */
  | { readonly kind: "row"; readonly cells: string };

export type BackupEnd = { readonly rows: number; readonly sha256: string };

/** Counts and hashes the lines of a backup. */
export class BackupDigest {
  rows = 0;
  private readonly hash: Hash = createHash("sha256");

  /** @param lines whole lines, each with its line feed */
  add(lines: string, rows: number): void {
    this.hash.update(lines);
    this.rows += rows;
  }

  end(): BackupEnd {
    return { rows: this.rows, sha256: this.hash.digest("hex") };
  }
}

export type OpenBackup = {
  readonly head: BackupHead;
  /** Throws a StoreError at the place where the file is damaged, or at its end when it is not complete. */
  readonly items: AsyncGenerator<BackupItem, void>;
};

/** Opens a backup and reads its head. @throws StoreError when the file is no backup that this version reads */
export async function openBackup(file: string): Promise<OpenBackup> {
  const lines = linesOf(file);
  const first = await lines.next();
  const head = first.done ? null : parsed(first.value);
  if (first.done || !isHead(head)) {
    await lines.return();
    throw new StoreError(`${file} is not a backup of Lectern`);
  }
  if (head.version !== BACKUP_VERSION) {
    await lines.return();
    throw new StoreError(`${file} was written by another Lectern (version ${head.version} of the format)`);
  }
  return { head, items: itemsOf(file, first.value, lines) };
}

export type BackupCheck = {
  readonly head: BackupHead;
  readonly rows: number;
  readonly tables: ReadonlyMap<string, number>;
};

/** Reads a whole backup, and counts the rows of each table. @param onRow takes each of them, as the JSON text of an array of cells. @throws StoreError when it is no backup, is not complete, or is damaged */
export async function checkBackup(
  file: string,
  onRow: (table: string, columns: readonly string[], cells: string) => void = () => {},
): Promise<BackupCheck> {
  const { head, items } = await openBackup(file);
  const tables = new Map<string, number>();
  let [table, columns]: [string, readonly string[]] = ["", []];
  let rows = 0;
  for await (const item of items) {
    if (item.kind === "table") [table, columns] = [item.table, item.columns];
    else {
      rows++;
      onRow(table, columns, item.cells);
    }
    tables.set(table, (tables.get(table) ?? 0) + (item.kind === "table" ? 0 : 1));
  }
  return { head, rows, tables };
}

async function* itemsOf(file: string, head: string, lines: AsyncGenerator<string, void>): AsyncGenerator<BackupItem, void> {
  const digest = new BackupDigest();
  digest.add(`${head}\n`, 0);
  let end: BackupEnd | null = null;
  for await (const line of lines) {
    if (end) throw damaged(file, "it goes on after its end");
    if (line.startsWith("[")) {
      digest.add(`${line}\n`, 1);
      yield { kind: "row", cells: line };
      continue;
    }
    const value = parsed(line);
    if (isEnd(value)) end = value.end;
    else if (isTable(value)) {
      digest.add(`${line}\n`, 0);
      yield { kind: "table", ...value };
    } else throw damaged(file, "it has a line that is no part of a backup");
  }
  if (!end) throw new StoreError(`${file} is cut short: its last line is missing`);
  const { rows, sha256 } = digest.end();
  if (rows !== end.rows) throw damaged(file, `it has ${rows} rows of ${end.rows}`);
  if (sha256 !== end.sha256) throw damaged(file, "its checksum is another");
}

/** Lines end with a line feed only: texts have other characters that `node:readline` takes for the end of a line. */
async function* linesOf(file: string): AsyncGenerator<string, void> {
  const unzipped = createGunzip({ chunkSize: UNZIPPED_CHUNK_BYTES });
  const source = createReadStream(file);
  const reading = pipeline(source, unzipped);
  // What fails it ends the loop below.
  reading.catch(() => {});
  const decoder = new StringDecoder("utf8");
  let rest = "";
  let hasBegun = false;
  try {
    for await (const chunk of unzipped) {
      const lines = (rest + decoder.write(chunk)).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        hasBegun = true;
        yield line;
      }
    }
    await reading;
  } catch (error) {
    throw fileProblem(file, hasBegun, error);
  } finally {
    source.destroy();
  }
  if (rest !== "") throw new StoreError(`${file} is cut short: its last line has no end`);
}

function fileProblem(file: string, hasBegun: boolean, error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? error.code : "";
  if (code === "ENOENT") return new StoreError(`there is no file ${file}`, { cause: error });
  if (code === "EISDIR") return new StoreError(`${file} is a folder`, { cause: error });
  if (code === "Z_BUF_ERROR") return new StoreError(`${file} is cut short: its compressed data end too early`, { cause: error });
  if (typeof code === "string" && code.startsWith("Z_"))
    return hasBegun
      ? damaged(file, "its compressed data are broken", error)
      : new StoreError(`${file} is not a backup of Lectern`, { cause: error });
  return error;
}

function damaged(file: string, what: string, cause?: unknown): StoreError {
  return new StoreError(`${file} is damaged: ${what}`, { cause });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function isHead(value: unknown): value is BackupHead {
  return isObject(value) && Reflect.get(value, "lectern") === "backup" && Array.isArray(Reflect.get(value, "migrations"));
}

function isTable(value: unknown): value is { table: string; columns: string[] } {
  return isObject(value) && typeof Reflect.get(value, "table") === "string" && Array.isArray(Reflect.get(value, "columns"));
}

function isEnd(value: unknown): value is { end: BackupEnd } {
  return isObject(value) && isObject(Reflect.get(value, "end"));
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

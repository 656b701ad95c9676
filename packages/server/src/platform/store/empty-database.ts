/**
 * Unpacks an empty database for a new data directory. It holds what `initdb` makes, which costs ten seconds of computing on each new machine.
 * The file is made by `script/empty-database.ts` for one version of PGlite; another version runs `initdb`.
 *
 * The file is Brotli (RFC 7932): four bytes with the length of the head (big endian), the head as JSON, and the bytes of the files in order.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, brotliDecompress, constants } from "node:zlib";
import { SERVER_PACKAGE } from "../program.ts";

/** The packed database of this version of the program. */
export const EMPTY_DATABASE = join(SERVER_PACKAGE, "database/empty.br");

const HEAD_LENGTH_BYTES = 4;
/** The database and its templates have the same files, 8 MB apart. */
const WINDOW_BITS = 24;
const UNFINISHED = ".unpacking-";

type Head = {
  /** The version of PGlite that made the database. */
  readonly pglite: string;
  readonly directories: readonly string[];
  readonly files: readonly (readonly [path: string, bytes: number])[];
};

/** Reads the version of the installed PGlite. */
function pgliteVersion(): string {
  const { version }: { version: string } = JSON.parse(
    readFileSync(join(dirname(fileURLToPath(import.meta.resolve("@electric-sql/pglite"))), "../package.json"), "utf8"),
  );
  return version;
}

/**
 * Creates the database in a directory that does not exist or is empty. The directory appears only when it is complete.
 * @returns false where there is something already, or no packed database of this version of PGlite
 */
export async function unpackEmptyDatabase(directory: string, file = EMPTY_DATABASE): Promise<boolean> {
  if (existsSync(directory) && readdirSync(directory).length > 0) return false;
  const packed = await readFile(file).catch(() => null);
  if (packed === null) return false;
  const bytes = await promisify(brotliDecompress)(packed);
  const begin = HEAD_LENGTH_BYTES + bytes.readUInt32BE(0);
  const head: Head = JSON.parse(bytes.toString("utf8", HEAD_LENGTH_BYTES, begin));
  if (head.pglite !== pgliteVersion()) return false;
  await removeUnfinished(directory);
  const unfinished = `${directory}${UNFINISHED}${process.pid}`;
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  for (const path of head.directories) await mkdir(join(unfinished, path), { recursive: true, mode: 0o700 });
  let at = begin;
  for (const [path, length] of head.files) {
    await writeFile(join(unfinished, path), bytes.subarray(at, at + length), { mode: 0o600 });
    at += length;
  }
  await rename(unfinished, directory);
  return true;
}

/** Packs a database that was closed. */
export async function packDatabase(directory: string, pglite = pgliteVersion()): Promise<Buffer> {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  const pathOf = (entry: (typeof entries)[number]): string => join(entry.parentPath, entry.name).slice(directory.length + 1);
  const directories = entries.filter((entry) => entry.isDirectory()).map(pathOf);
  // Equal files of the database and of its templates stand side by side.
  const paths = entries.filter((entry) => entry.isFile()).map(pathOf);
  paths.sort((a, b) => basename(a).localeCompare(basename(b), "en") || a.localeCompare(b, "en"));
  const contents = paths.map((path) => readFileSync(join(directory, path)));
  const files = paths.map((path, i) => [path, contents[i]?.length ?? 0] as const);
  const head = Buffer.from(JSON.stringify({ pglite, directories: directories.sort(), files } satisfies Head));
  const length = Buffer.alloc(HEAD_LENGTH_BYTES);
  length.writeUInt32BE(head.length);
  return await promisify(brotliCompress)(Buffer.concat([length, head, ...contents]), {
    params: { [constants.BROTLI_PARAM_LGWIN]: WINDOW_BITS },
  });
}

/** Removes what a start left that was killed while it unpacked. The data directory has one start at a time. */
async function removeUnfinished(directory: string): Promise<void> {
  const parent = dirname(directory);
  const left = existsSync(parent) ? readdirSync(parent) : [];
  for (const name of left)
    if (name.startsWith(`${basename(directory)}${UNFINISHED}`)) await rm(join(parent, name), { recursive: true, force: true });
}

/**
 * Encrypts the keys of recorded files by the server's first secret, where an earlier one did: the first line of their indexes, in place and in as many bytes, also of
 * a file that is being written. The files themselves stay as they are.
 */
import { open } from "node:fs/promises";
import { indexPath, readFrom, writeAll } from "../files/disk.ts";
import type { FileKeys } from "../files/file-keys.ts";
import { readLines, writeLine } from "../files/index-lines.ts";

/** The first line is shorter. */
const FIRST_LINE_BYTES = 8192;

/** @returns whether the index was changed. @throws Error where no secret of this server decrypts the key */
export async function rotateFileKey(path: string, keys: FileKeys): Promise<boolean> {
  const index = await open(indexPath(path), "r+").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (!index) return false;
  try {
    const [first] = readLines(await readFrom(index, 0, Buffer.alloc(FIRST_LINE_BYTES)), 0);
    if (first?.line.k !== "file" || !first.line.cipher) return false;
    const key = keys.rewrap(first.line.cipher.key);
    if (key === null) return false;
    const line = Buffer.from(writeLine({ ...first.line, cipher: { ...first.line.cipher, key } }));
    if (line.length !== first.bytes) throw new Error(`the index of ${path} has another form than expected`);
    await writeAll(index, line, 0);
    return true;
  } finally {
    await index.close();
  }
}

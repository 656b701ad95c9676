/**
 * Writes compressed copies beside the files that browsers load, so that the server compresses nothing per request. All cores work on it: zlib of
 * Node.js runs in libuv's threads, of which `UV_THREADPOOL_SIZE` names the number (default 4).
 */
import { readFile, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";

const SMALLEST_GZIP = { level: 9 };

/** Writes `FILE.br` (RFC 7932) and `FILE.gz` (RFC 1952) of each. Brotli's default is its smallest. */
export async function writeCompressedCopies(files: readonly string[]): Promise<void> {
  await Promise.all(
    files.map(async (file) => {
      const bytes = await readFile(file);
      const [br, gz] = await Promise.all([promisify(brotliCompress)(bytes), promisify(gzip)(bytes, SMALLEST_GZIP)]);
      await Promise.all([writeFile(`${file}.br`, br), writeFile(`${file}.gz`, gz)]);
    }),
  );
}

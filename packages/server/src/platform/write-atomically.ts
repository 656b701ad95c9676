/** Writes files atomically, for other processes that read them: they see the whole file or none. */
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** Creates the folder where it is missing. @param mode the file's permissions; 0o666 less the process's mask by default */
export async function writeAtomically(path: string, bytes: Uint8Array | string, mode = 0o666): Promise<void> {
  const draft = `${path}.${process.pid}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(draft, bytes, { mode });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

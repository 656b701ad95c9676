/** Holds the compiled lists of addresses that a media worker looks clients up in. */
import { Buffer } from "node:buffer";
import { type FileHandle, open } from "node:fs/promises";
import { AddressRanges, fileBytes, HEADER_BYTES, readHeader, WRONG_LENGTH } from "./address-ranges.ts";

/** Read at once by a thread of Node's pool, which others wait for too. */
const PIECE_BYTES = 1024 * 1024;

type Loading = { readonly version: number; readonly loaded: Promise<void> };

export class LoadedLists {
  private readonly lists = new Map<string, { readonly version: number; readonly ranges: AddressRanges }>();
  /** The newest request for each list that is being read. */
  private readonly loading = new Map<string, Loading>();

  /**
   * Replaces a list when the whole file is in memory; until then, and if it fails, the list before it stays. Both take memory while it is read.
   * Of several loads of one list, the one that was requested last counts, and the others resolve without an effect. A version that is there is
   * not read again.
   *
   * @param file written by `compileAddresses`; the caller does not change it afterwards
   * @throws RangeError where it is not such a file; errors of the file system
   */
  load(id: string, version: number, file: string): Promise<void> {
    const current = this.loading.get(id);
    if (current?.version === version) return current.loaded;
    if (!current && this.lists.get(id)?.version === version) return Promise.resolve();
    const isNewest = (): boolean => this.loading.get(id) === loading;
    const loaded = this.read(id, version, file, isNewest).finally(() => {
      if (isNewest()) this.loading.delete(id);
    });
    const loading: Loading = { version, loaded };
    this.loading.set(id, loading);
    return loaded;
  }

  /** Also ends a load. */
  remove(id: string): void {
    this.loading.delete(id);
    this.lists.delete(id);
  }

  /** @returns null where the list is not there */
  isListed(id: string, ip: string): boolean | null {
    return this.lists.get(id)?.ranges.has(ip) ?? null;
  }

  private async read(id: string, version: number, file: string, isNewest: () => boolean): Promise<void> {
    try {
      const bytes = await readWhole(file, isNewest);
      if (bytes === null) return;
      const ranges = await AddressRanges.read(bytes);
      if (isNewest()) this.lists.set(id, { version, ranges });
    } catch (error) {
      // The caller of a load that does not count any more has no use for its failure.
      if (isNewest()) throw error;
    }
  }
}

async function readWhole(file: string, isWanted: () => boolean): Promise<Uint8Array | null> {
  const handle = await open(file);
  try {
    return await readPieces(handle, isWanted);
  } finally {
    await handle.close();
  }
}

/** The header says how much to expect. @returns null where it is not wanted any more */
async function readPieces(handle: FileHandle, isWanted: () => boolean): Promise<Uint8Array | null> {
  const { size } = await handle.stat();
  const header = Buffer.allocUnsafeSlow(HEADER_BYTES);
  const { bytesRead } = await handle.read(header, 0, HEADER_BYTES, 0);
  if (fileBytes(readHeader(header.subarray(0, bytesRead))) !== size) throw new RangeError(WRONG_LENGTH);
  // Not from the pool of small buffers, and without zeros, which the loop would write.
  const bytes = Buffer.allocUnsafeSlow(size);
  for (let at = 0; at < size; ) {
    const piece = await handle.read(bytes, at, Math.min(PIECE_BYTES, size - at), at);
    if (!isWanted()) return null;
    if (piece.bytesRead === 0) throw new RangeError(WRONG_LENGTH);
    at += piece.bytesRead;
  }
  return bytes;
}

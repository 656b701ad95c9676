/** Provides recorded files that may be at other nodes: those are named `NODE:PATH`, and read over the connections between nodes. They are whole. */
import { join, relative } from "node:path";
import type { Catalog } from "../catalog/catalog.ts";
import type { ByteSource } from "../files/disk.ts";
import { IndexedFile } from "../files/indexed-file.ts";
import { Timeline } from "../files/timeline.ts";
import { StorageUnreachable } from "../storage/piece-cache.ts";
import { MOST_RECORDED_BYTES, recordedFileAddress } from "./recorded-file-door.ts";

/** Asks a node for a recorded file by its address, and gives what it answers. */
export type RequestFile = (node: string, address: string) => Promise<{ readonly status: number; readonly bytes: Buffer }>;

/** Reading fails where the node is not reachable. */
export function remoteFiles(ask: RequestFile): ByteSource {
  return {
    read: async (file, from, to) => {
      const pieces: Buffer[] = [];
      for (let at = from; at < to; ) {
        const end = Math.min(to, at + MOST_RECORDED_BYTES);
        const colon = file.indexOf(":");
        const { status, bytes } = await ask(file.slice(0, colon), recordedFileAddress(file.slice(colon + 1), at, end));
        if (status === 404) return null;
        if (status !== 200) throw new Error(`another node answered ${status} for a recorded file`);
        pieces.push(bytes);
        at += bytes.length;
        // The file ends here.
        if (at < end) break;
      }
      return Buffer.concat(pieces);
    },
    version: async (file) => file,
  };
}

/**
 * Reads the files of other nodes from there, named `NODE:PATH` below the recordings' directory, and all others as before. What the object storage
 * has of them needs no other node.
 */
export function withRemoteFiles(own: ByteSource, root: string, ask: RequestFile): ByteSource {
  const remote = remoteFiles(ask);
  const nameOf = (path: string): string | null => {
    const name = relative(root, path);
    return name.includes(":") && !name.startsWith("..") ? name : null;
  };
  return {
    read: async (path, from, to, into) => {
      const name = nameOf(path);
      if (name === null) return await own.read(path, from, to, into);
      const stored = await own.read(join(root, name.slice(name.indexOf(":") + 1)), from, to, into).catch(() => null);
      if (stored) return stored;
      return await remote.read(name, from, to).catch((error: unknown) => {
        throw new StorageUnreachable("the node with the file does not answer", { cause: error });
      });
    },
    version: async (path) => nameOf(path) ?? (await own.version(path)),
  };
}

/** Fails where a node is not reachable. */
export async function timelineOf(catalog: Catalog, remote: ByteSource, files: readonly string[]): Promise<Timeline> {
  const isRemote = (file: string) => file.includes(":");
  if (!files.some(isRemote)) return await catalog.recording(files);
  const opened = files.map(async (file) => {
    if (!isRemote(file)) return (await catalog.recording([file])).files;
    const found = await IndexedFile.open(file, remote, catalog.keys);
    return found ? [found] : [];
  });
  return new Timeline((await Promise.all(opened)).flat());
}

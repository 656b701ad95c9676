/** What this machine has of the object storage: nothing, where none is configured. */
import { join } from "node:path";
import type { Config } from "../../platform/config/schema.ts";
import { type ByteSource, DISK } from "../files/disk.ts";
import type { ObjectStore } from "./object-store.ts";
import { PieceCache } from "./piece-cache.ts";

export type Storage = { readonly store: ObjectStore; readonly cache: PieceCache; readonly cacheDirectory: string };

/** @param root what is named relative to it in the storage */
export async function openStorage(
  { storage, dataDir }: Pick<Config, "storage" | "dataDir">,
  root: string,
): Promise<Storage | null> {
  if (!storage.s3) return null;
  // The SDK is large; who has no object storage need not load it.
  const { openObjectStore } = await import("./object-store.ts");
  const store = openObjectStore(storage.s3);
  const cacheDirectory = join(dataDir, "cache");
  return { store, cache: new PieceCache({ store, directory: cacheDirectory, root }), cacheDirectory };
}

/** What recorded files are read from. */
export function sourceOf(storage: Storage | null): ByteSource {
  return storage?.cache ?? DISK;
}

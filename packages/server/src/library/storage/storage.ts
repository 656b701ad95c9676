/** Opens the object storage that is configured, if any, with its cache on the disk. */
import type { Config } from "../../platform/config/schema.ts";
import type { LibraryDirectories } from "../files/directories.ts";
import { type ByteSource, DISK } from "../files/disk.ts";
import type { ObjectStore } from "./object-store.ts";
import { PieceCache } from "./piece-cache.ts";

export type Storage = { readonly store: ObjectStore; readonly cache: PieceCache };

export async function openStorage(
  { storage }: Pick<Config, "storage">,
  { record, pieces }: LibraryDirectories,
): Promise<Storage | null> {
  if (!storage.s3) return null;
  // The SDK is large; it is loaded only when an object storage is configured.
  const { openObjectStore } = await import("./s3-store.ts");
  const store = openObjectStore(storage.s3);
  return { store, cache: new PieceCache({ store, directory: pieces, root: record }) };
}

/** Where recorded files are read from. */
export function sourceOf(storage: Storage | null): ByteSource {
  return storage?.cache ?? DISK;
}

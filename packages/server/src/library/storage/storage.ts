/** What this machine has of the object storage: nothing, where none is configured. */
import type { Config } from "../../platform/config/schema.ts";
import type { Directories } from "../catalog.ts";
import { type ByteSource, DISK } from "../files/disk.ts";
import type { ObjectStore } from "./object-store.ts";
import { PieceCache } from "./piece-cache.ts";

export type Storage = { readonly store: ObjectStore; readonly cache: PieceCache };

export async function openStorage({ storage }: Pick<Config, "storage">, { record, pieces }: Directories): Promise<Storage | null> {
  if (!storage.s3) return null;
  // The SDK is large; who has no object storage need not load it.
  const { openObjectStore } = await import("./object-store.ts");
  const store = openObjectStore(storage.s3);
  return { store, cache: new PieceCache({ store, directory: pieces, root: record }) };
}

/** What recorded files are read from. */
export function sourceOf(storage: Storage | null): ByteSource {
  return storage?.cache ?? DISK;
}

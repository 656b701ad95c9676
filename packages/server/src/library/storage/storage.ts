/** Opens the object storage that is configured, if any, with its cache on the disk. */
import type { Config } from "../../platform/config/schema.ts";
import type { LibraryDirectories } from "../files/directories.ts";
import { type ByteSource, DISK } from "../files/disk.ts";
import { OpenFiles } from "../files/open-files.ts";
import type { ObjectStore } from "./object-store.ts";
import { PieceCache } from "./piece-cache.ts";

export type Storage = { readonly store: ObjectStore; readonly cache: PieceCache };

/** @param disk reads what is on the disk */
export async function openStorage(
  { storage }: Pick<Config, "storage">,
  { record, pieces }: LibraryDirectories,
  disk: ByteSource = DISK,
): Promise<Storage | null> {
  if (!storage.s3) return null;
  // The SDK is large; it is loaded only when an object storage is configured.
  const { openObjectStore } = await import("./s3-store.ts");
  const store = openObjectStore(storage.s3);
  return { store, cache: new PieceCache({ store, directory: pieces, root: record, disk }) };
}

/** Where recorded files are read from. */
export function sourceOf(storage: Storage | null): ByteSource {
  return storage?.cache ?? DISK;
}

/** Where a process that serves viewers reads recorded files from: descriptors of files on the disk stay open between reads. */
export async function openRecordedFiles(
  config: Pick<Config, "storage">,
  directories: LibraryDirectories,
): Promise<{ readonly source: ByteSource; readonly disk: OpenFiles }> {
  const disk = new OpenFiles();
  const storage = await openStorage(config, directories, disk);
  return { source: storage?.cache ?? disk, disk };
}

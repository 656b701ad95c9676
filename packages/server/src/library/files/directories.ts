/** Provides the folders below the data directory that hold recorded files and what is derived from them. */
import { join } from "node:path";

export type LibraryDirectories = {
  readonly record: string;
  readonly shift: string;
  /** Cached pieces of objects in the storage. */
  readonly pieces: string;
  readonly previews: string;
};

export function directoriesOf(dataDir: string): LibraryDirectories {
  return {
    record: join(dataDir, "recordings"),
    shift: join(dataDir, "timeshift"),
    pieces: join(dataDir, "cache/pieces"),
    previews: join(dataDir, "cache/previews"),
  };
}

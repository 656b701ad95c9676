/** Writes `release.json`: what a release is, what it needs of the one before, and its files. `lectern version --check` reads it. */
import type { ReleaseFile } from "../../packages/server/src/node/commands/release-file.ts";
import { DEPRECATIONS } from "../../packages/server/src/node/deprecations.ts";
import { MIGRATIONS } from "../../packages/server/src/school/foundation/migrations/index.ts";
import type { PackedFile } from "./packing.ts";
import type { ReleaseOf } from "./runtime-packages.ts";

export function releaseNotes({ version, epoch }: Pick<ReleaseOf, "version" | "epoch">, files: readonly PackedFile[]): ReleaseFile {
  const names = Object.keys(MIGRATIONS).toSorted();
  return {
    version,
    date: new Date(epoch * 1000).toISOString().slice(0, "2026-11-30".length),
    database: { first: names[0] ?? "", last: names.at(-1) ?? "" },
    deprecations: DEPRECATIONS,
    files,
  };
}

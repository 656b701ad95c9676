/**
 * Determines where the player for pages of others is: `/player.js`, `/player.json`, and `/player/VERSION/`, whose files never change. Pages that name
 * a version, by its hash too, go on working after an update of the server: it keeps the versions that it has served.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { StaticFolder } from "./static-files.ts";

/** Pages load a new version this long after an update at the latest. */
const KEEP_SECONDS = 300;
/** Versions that are kept; each has about a megabyte. */
const MAX_KEPT = 20;

/** @param pages the output of the build of the pages; @param kept where earlier versions are */
export function playerFolders(pages: string, kept: string): StaticFolder[] {
  const built = join(pages, "player");
  const folders = [built, kept].flatMap((directory) =>
    versionsIn(directory).map((version) => [version, join(directory, version)] as const),
  );
  return [
    { path: "/", directory: pages, only: ["player.js", "player.json"], isImmutable: false, keepSeconds: KEEP_SECONDS },
    // Of two folders with one version, the built one counts.
    ...[...new Map(folders.toReversed())].map(([version, directory]) => ({
      path: `/player/${version}/`,
      directory,
      isImmutable: true,
    })),
  ];
}

/** Keeps the built version for later servers, and forgets the oldest of many. Several processes may do it at once. */
export function keepPlayer(pages: string, kept: string): void {
  const built = join(pages, "player");
  for (const version of versionsIn(built)) {
    const folder = join(kept, version);
    if (existsSync(folder)) continue;
    const scratch = join(kept, `.${version}-${process.pid}`);
    mkdirSync(kept, { recursive: true });
    cpSync(join(built, version), scratch, { recursive: true });
    // Another process may have been quicker.
    if (existsSync(folder)) rmSync(scratch, { recursive: true, force: true });
    else renameSync(scratch, folder);
  }
  const newestFirst = versionsIn(kept).toSorted((a, b) => keptAt(join(kept, b)) - keptAt(join(kept, a)));
  for (const version of newestFirst.slice(MAX_KEPT)) rmSync(join(kept, version), { recursive: true, force: true });
}

function versionsIn(directory: string): string[] {
  return existsSync(directory) ? readdirSync(directory).filter((name) => !name.startsWith(".")) : [];
}

function keptAt(folder: string): number {
  return statSync(folder).mtimeMs;
}

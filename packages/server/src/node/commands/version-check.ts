/**
 * Runs `lectern version --check FILE`: says from the release.json of another release what changing to it means: for the database, for going back, and for
 * what of the configuration will go. It asks nobody: an installation without the internet reads the file that it was given.
 */
import type { ConfigSources } from "../../platform/config/load.ts";
import { MIGRATIONS } from "../../school/foundation/migrations/index.ts";
import { VERSION } from "../version.ts";
import { keysInUse, keysOf } from "./configured-keys.ts";
import { compareVersions, type ReleaseFile, readReleaseFile } from "./release-file.ts";

/** What this installation is. */
export type Installed = {
  readonly version: string;
  /** The newest change of the tables that it knows. */
  readonly migration: string;
  /** Keys of the configuration that are set: `http.port`. */
  readonly keys: readonly string[];
};

export type VersionFinding = { readonly isBad: boolean; readonly text: string };

/** @returns the exit code: 1 where something has to be done first */
export function versionCheck(file: string, sources: ConfigSources): number {
  const migration = Object.keys(MIGRATIONS).toSorted().at(-1) ?? "";
  const findings = compareRelease(readReleaseFile(file), { version: VERSION, migration, keys: keysOf(sources) });
  for (const { isBad, text } of findings) process.stdout.write(`${isBad ? "BAD   " : "ok    "}  ${text}\n`);
  return findings.some(({ isBad }) => isBad) ? 1 : 0;
}

export function compareRelease(release: ReleaseFile, installed: Installed): readonly VersionFinding[] {
  const order = compareVersions(release.version, installed.version);
  const head = `${release.version} of ${release.date}`;
  if (order === 0) return [{ isBad: false, text: `${head} is what is installed` }, ...deprecated(release, installed)];
  const relation = order > 0 ? "newer than" : "older than";
  return [
    { isBad: false, text: `${head} is ${relation} ${installed.version}, which is installed` },
    order > 0 ? forward(release, installed) : back(release, installed),
    ...deprecated(release, installed),
  ];
}

function forward({ version, database: { first, last } }: ReleaseFile, { migration }: Installed): VersionFinding {
  if (first > migration && last !== migration)
    return {
      isBad: true,
      text: `${version} reads databases from ${first} on, this one has ${migration}: start a release between them once`,
    };
  if (last > migration)
    return {
      isBad: false,
      text: `the first start changes the tables (up to ${last}), after a backup to dataDir/backups; going back then needs that backup: lectern restore`,
    };
  return { isBad: false, text: "the tables stay as they are: going back needs nothing but the older program" };
}

function back({ version, database: { last } }: ReleaseFile, { migration }: Installed): VersionFinding {
  return last < migration
    ? {
        isBad: true,
        text: `${version} does not read this database: restore the backup of before the upgrade with it (lectern restore)`,
      }
    : { isBad: false, text: "the tables are the same: it runs on this database" };
}

/** What is set here, and will go or is gone. */
function deprecated({ deprecations }: ReleaseFile, { keys }: Installed): VersionFinding[] {
  return keysInUse(deprecations, keys).map(({ name, until, instead }) => ({
    isBad: false,
    text: `${name} is set here and works up to ${until} at least: ${instead}`,
  }));
}

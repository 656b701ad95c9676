/** The table "Where a feature is" of packages/server/README.md: few folders for each feature, which exist and are joined, and no domain that is nobody's. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT, readSources } from "./house-rules/sources.ts";

const SERVER = join(ROOT, "packages/server");
const SOURCES = "packages/server/src/";
const MOST_FOLDERS = 3;
/** Folders whose folders are domains: each serves a feature. */
const WINGS = ["live", "library", "school/lessons", "school/streams", "school/classroom", "school/insight", "school/exchange"];
/** What serves all features of its wing. */
const OF_ALL = [
  "live/stills",
  "library/catalog",
  "library/encoding",
  "library/files",
  "library/maintenance",
  "library/storage",
  "school/streams/jobs",
  "school/streams/address-lists",
  "school/streams/link-keys",
  "school/lessons/calendar",
  "school/lessons/observers",
];

const rows = [...readFileSync(join(SERVER, "README.md"), "utf8").matchAll(/^\| (.+?) \| ((?:`[^`]+`(?:, )?)+) \|$/gm)].map(
  ([, feature = "", folders = ""]) => ({ feature, folders: [...folders.matchAll(/`([^`]+)`/g)].map(([, folder = ""]) => folder) }),
);

test("a feature has few folders, and each of them is there", () => {
  assert.ok(rows.length > 20, `${rows.length} features`);
  for (const { feature, folders } of rows) {
    assert.ok(folders.length <= MOST_FOLDERS, `${feature}: ${folders.length} folders`);
    for (const folder of folders) assert.ok(existsSync(join(SERVER, "src", folder)), `${feature}: there is no ${folder}`);
  }
});

test("each domain serves a feature that is told of", () => {
  const told = [...rows.flatMap(({ folders }) => folders), ...OF_ALL];
  const domains = WINGS.flatMap((wing) =>
    readdirSync(join(SERVER, "src", wing), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `${wing}/${name}`),
  );
  const untold = domains.filter((domain) => !told.some((folder) => domain === folder || domain.startsWith(`${folder}/`)));
  assert.deepEqual(untold, []);
});

test("the folders of a feature are joined: one imports another, both import the same contract, or the program is put together of both", () => {
  const imports = readSources()
    .filter(({ path, isTest }) => path.startsWith(SOURCES) && !isTest)
    .flatMap(({ path, imports: of }) => of.flatMap(({ target }) => (target?.startsWith(SOURCES) ? [{ path, target }] : [])));
  const reached = once((folder) => imports.filter(({ path }) => isIn(path, folder)).map(({ target }) => target));
  const importers = once((folder) => imports.filter(({ target }) => isIn(target, folder)).map(({ path }) => path));
  for (const { feature, folders } of rows)
    for (const [i, folder] of folders.entries()) {
      const others = folders.filter((_, at) => at !== i);
      if (others.length === 0) continue;
      const isJoined = others.some((other) => {
        const contracts = new Set(reached(other).filter((target) => isIn(target, "contracts")));
        return (
          reached(folder).some((target) => isIn(target, other) || contracts.has(target)) ||
          importers(folder).some((path) => isIn(path, other)) ||
          [folder, other].every((each) => importers(each).some(putsTogether))
        );
      });
      assert.ok(isJoined, `${feature}: ${folder} has nothing to do with ${others.join(", ")}`);
    }
});

/** All imports are looked through for a folder once, and not for each of its neighbours. */
function once(find: (folder: string) => readonly string[]): (folder: string) => readonly string[] {
  const found = new Map<string, readonly string[]>();
  return (folder) => {
    const paths = found.get(folder) ?? find(folder);
    found.set(folder, paths);
    return paths;
  };
}

/** `node/` makes the program of its parts, the files of `school/` itself make the school of its wings. */
function putsTogether(path: string): boolean {
  return isIn(path, "node") || /^packages\/server\/src\/school\/[^/]+$/.test(path);
}

function isIn(path: string, folder: string): boolean {
  return path.startsWith(`${SOURCES}${folder}/`);
}

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { keepPlayer, playerFolders } from "./player-folders.ts";

function folders(t: TestContext) {
  const root = mkdtempSync(join(tmpdir(), "lectern-player-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const [pages, kept] = [join(root, "pages"), join(root, "kept")];
  const build = (version: string) => {
    rmSync(join(pages, "player"), { recursive: true, force: true });
    mkdirSync(join(pages, "player", version), { recursive: true });
    writeFileSync(join(pages, "player", version, "player.js"), version);
  };
  return { pages, kept, build };
}

test("after an update the earlier version is served beside the new one, each from where it is", (t) => {
  const { pages, kept, build } = folders(t);
  build("1.0.0-aaaaaaaa");
  keepPlayer(pages, kept);
  keepPlayer(pages, kept);
  build("1.1.0-bbbbbbbb");
  keepPlayer(pages, kept);
  const served = playerFolders(pages, kept).filter(({ isImmutable }) => isImmutable);
  assert.deepEqual(served.map(({ path, directory }) => [path, readFileSync(join(directory, "player.js"), "utf8")]).toSorted(), [
    ["/player/1.0.0-aaaaaaaa/", "1.0.0-aaaaaaaa"],
    ["/player/1.1.0-bbbbbbbb/", "1.1.0-bbbbbbbb"],
  ]);
  assert.ok(served.some(({ directory }) => directory === join(pages, "player", "1.1.0-bbbbbbbb")));
});

test("twenty versions are kept, the newest ones", (t) => {
  const { pages, kept, build } = folders(t);
  for (let i = 0; i < 23; i++) {
    build(`1.0.${i}-aaaaaaaa`);
    keepPlayer(pages, kept);
    utimesSync(join(kept, `1.0.${i}-aaaaaaaa`), i, i);
  }
  build("1.0.23-aaaaaaaa");
  keepPlayer(pages, kept);
  const names = readdirSync(kept);
  assert.equal(names.length, 20);
  assert.ok(names.includes("1.0.23-aaaaaaaa") && !names.includes("1.0.3-aaaaaaaa"), names.join());
});

test("without built pages there is nothing to serve or to keep", (t) => {
  const { pages, kept } = folders(t);
  keepPlayer(pages, kept);
  assert.deepEqual(
    playerFolders(pages, kept).map(({ path }) => path),
    ["/"],
  );
});

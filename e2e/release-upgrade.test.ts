/**
 * The upgrade from a release whose tables were others, with its data, and the way back by its backup: as tarball and as package for Debian. Only by name, alone: it needs
 * debootstrap, and builds releases; EARLIER_RELEASE names the folder of one that is there.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { type DebianRoot, debianRoot } from "./debian-root.ts";
import { lessonIds, seeDemoLesson } from "./demo-in-chromium.ts";
import { artefact, earlierRelease, releaseOf, VERSIONS } from "./release-artefacts.ts";

const OPTIONS = "--data /srv/lectern --http-port 0 --rtmp-port 0 --set webrtc.port=0 --set http.host=127.0.0.1".split(" ");
const versionOf = (folder: string): string => JSON.parse(readFileSync(join(folder, "release.json"), "utf8")).version;

/** @param lectern gives the program of a version, and installs it where it is a package */
async function thereAndBack(
  t: Parameters<typeof debianRoot>[0] & { readonly diagnostic: (text: string) => void },
  root: DebianRoot,
  lectern: (of: "earlier" | "now") => readonly string[],
  picture: string,
): Promise<void> {
  mkdirSync(join(root.written, "srv"), { recursive: true });
  cpSync(artefact(releaseOf(VERSIONS.older), "release.json"), join(root.written, "srv/release.json"));
  const first = await root.serve([...lectern("earlier"), "serve", "--demo", ...OPTIONS]);
  t.diagnostic(`earlier version ready after ${Math.round(first.readyAfterMs)} ms`);
  const lessons = await lessonIds(first);
  assert.ok(lessons.length > 0);
  assert.equal(await first.stop(), 0);
  const checked = root.run(...lectern("earlier"), "version", "--check", "/srv/release.json", "--data", "/srv/lectern");
  assert.match(checked, /changes the tables .* after a backup to dataDir\/backups/);

  const next = await root.serve([...lectern("now"), "serve", "--demo", ...OPTIONS]);
  t.diagnostic(`upgraded, ready after ${Math.round(next.readyAfterMs)} ms`);
  assert.deepEqual(await lessonIds(next), lessons);
  await seeDemoLesson(t, next, picture);
  assert.equal(await next.stop(), 0);

  // Going back without the backup is refused, and loses nothing.
  const back = lectern("earlier");
  assert.throws(() => root.run("timeout", "120", ...back, "serve", ...OPTIONS), /backup|newer/);
  const [backup = ""] = readdirSync(join(root.written, "srv/lectern/backups"));
  root.run(...back, "restore", `/srv/lectern/backups/${backup}`, "--data", "/srv/lectern");
  const again = await root.serve([...back, "serve", ...OPTIONS]);
  t.diagnostic(`back, ready after ${Math.round(again.readyAfterMs)} ms`);
  assert.deepEqual(await lessonIds(again), lessons);
  assert.equal(await again.stop(), 0);
}

test("a tarball goes on with the data of an earlier version, which gets them back by the backup", async (t) => {
  const root = debianRoot(t);
  const opt = join(root.written, "opt");
  mkdirSync(opt, { recursive: true });
  const unpacked = (folder: string): string => {
    execFileSync("tar", ["-xzf", artefact(folder, "linux-x64.tar.gz"), "-C", opt]);
    return `/opt/${basename(artefact(folder, "linux-x64.tar.gz"), ".tar.gz")}/lectern`;
  };
  const programs = { earlier: unpacked(earlierRelease()), now: unpacked(releaseOf(VERSIONS.older)) };
  await thereAndBack(t, root, (of) => [programs[of]], "release-upgrade-tarball");
});

test("a package goes on with the data of an earlier one, keeps them when it is removed, and goes back", async (t) => {
  const root = debianRoot(t);
  mkdirSync(join(root.written, "packages"), { recursive: true });
  const folders = { earlier: earlierRelease(), now: releaseOf(VERSIONS.older) };
  for (const [name, folder] of Object.entries(folders))
    cpSync(artefact(folder, "_amd64.deb"), join(root.written, `packages/${name}.deb`));
  const asUser = ["setpriv", "--reuid=lectern", "--regid=lectern", "--init-groups", "/usr/bin/lectern"];
  let installed = "";
  const lectern = (of: "earlier" | "now"): readonly string[] => {
    if (installed !== of) root.run("dpkg", "--install", `/packages/${of}.deb`);
    installed = of;
    root.run("install", "-d", "-o", "lectern", "-g", "lectern", "/srv/lectern");
    assert.match(root.run("lectern", "--version"), new RegExp(versionOf(folders[of])));
    return asUser;
  };
  await thereAndBack(t, root, lectern, "release-upgrade-debian");
  root.run("dpkg", "--purge", "lectern");
  assert.ok(existsSync(join(root.written, "srv/lectern/db")), "data elsewhere are nobody's of the package");
});

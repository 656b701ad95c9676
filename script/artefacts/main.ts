/**
 * Makes the artefacts of a release from a built work tree, with checksums and what the release needs of those before it. `script/release` calls it.
 *
 *     node script/artefacts/main.ts --version V --tree DIR --out DIR --cache DIR [--arch x64,arm64] [--key ID]
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { makeDebianPackage } from "./debian.ts";
import { makeImage } from "./image.ts";
import { packNpmPackages } from "./npm-packages.ts";
import { describeFile, packFolder } from "./packing.ts";
import { layOut } from "./program-tree.ts";
import { releaseNotes } from "./release-file.ts";
import type { Architecture, ReleaseOf } from "./runtime-packages.ts";

const { values } = parseArgs({
  options: {
    version: { type: "string" },
    tree: { type: "string" },
    out: { type: "string" },
    cache: { type: "string" },
    arch: { type: "string", default: "x64,arm64" },
    key: { type: "string" },
  },
});
const { version = "", tree = "", out = "", cache = "", key } = values;
const epoch = Number(process.env["SOURCE_DATE_EPOCH"]);
if (!version || !tree || !out || !cache || !Number.isInteger(epoch)) throw new Error("usage: see script/release");
const release: ReleaseOf = { version, epoch, tree, cache };
const say = (text: string) => process.stderr.write(`lectern: ${text}\n`);

mkdirSync(out, { recursive: true });
mkdirSync(cache, { recursive: true });
const files: string[] = [];
const made = (file: string): void => {
  files.push(file);
  const { file: name, bytes } = describeFile(file);
  say(`${name}: ${(bytes / 1e6).toFixed(1)} MB`);
};
for (const architecture of values.arch.split(",").filter(isArchitecture)) {
  const program = join(cache, `lectern-${version}-linux-${architecture}`);
  layOut(program, architecture, release);
  const tarball = join(out, `lectern-${version}-linux-${architecture}.tar.gz`);
  packFolder(program, tarball, epoch);
  made(tarball);
  made(makeDebianPackage(program, architecture, release, out));
  const image = makeImage(program, architecture, release, out);
  if (image !== null) made(image);
  else say(`no image for ${architecture}: a machine of this kind makes it`);
  rmSync(program, { recursive: true });
}
for (const file of packNpmPackages(release, out)) made(file);
const described = files.map(describeFile);
writeFileSync(join(out, "release.json"), `${JSON.stringify(releaseNotes(release, described), null, 2)}\n`);
const sums = [...described, describeFile(join(out, "release.json"))].map(({ file, sha256 }) => `${sha256}  ${file}\n`);
writeFileSync(join(out, "SHA256SUMS"), sums.toSorted().join(""));
if (key !== undefined) {
  rmSync(join(out, "SHA256SUMS.asc"), { force: true });
  execFileSync("gpg", ["--batch", "--local-user", key, "--armor", "--detach-sign", join(out, "SHA256SUMS")], { stdio: "inherit" });
}
say(`${out}: ${key === undefined ? "not signed (--key names a key of gpg)" : "SHA256SUMS is signed"}`);

function isArchitecture(name: string): name is Architecture {
  return name === "x64" || name === "arm64";
}

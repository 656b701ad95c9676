/**
 * Makes the image for containers of a laid out release: an archive with an OCI image layout (OCI Image Format Specification 1.0), which Docker 25 and newer, Podman and
 * containerd load. No engine is needed: mmdebstrap makes a Debian with ffmpeg, umoci puts the program above it.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packTar } from "./packing.ts";
import type { Architecture, ReleaseOf } from "./runtime-packages.ts";

const SUITE = "bookworm";
const ARCHITECTURES: Readonly<Record<Architecture, string>> = { x64: "amd64", arm64: "arm64" };
/** What the server starts: encoders, slides from PDF with Chinese, and certificates of others. Slides from PowerPoint need LibreOffice, which is twice as large as all of this. */
const PACKAGES = "ca-certificates,ffmpeg,fonts-dejavu-core,fonts-wqy-microhei,poppler-utils";
/** Nobody reads these in a container. */
const LEFT_OUT = ["/usr/share/doc/*", "/usr/share/man/*", "/usr/share/info/*", "/usr/share/locale/*"];
const USER = "10001";
/** The user, its data, and nothing that changes by the minute. */
const FINISH = [
  `echo 'lectern:x:${USER}:${USER}:Lectern:/data:/usr/sbin/nologin' >>"$1/etc/passwd"`,
  `echo 'lectern:x:${USER}:' >>"$1/etc/group"`,
  `install -d -o ${USER} -g ${USER} -m 0700 "$1/data"`,
  'ln -s /opt/lectern/lectern "$1/usr/bin/lectern"',
  'rm -rf "$1"/var/log/* "$1"/var/cache/* "$1"/var/lib/apt/lists/* "$1"/etc/apt/sources.list "$1"/etc/apt/sources.list.d/* "$1"/etc/hostname "$1"/etc/resolv.conf',
].join(" && ");

/**
 * @param program the folder that `layOut` has written
 * @returns the file; null: this machine is of another architecture, whose packages it cannot set up
 */
export function makeImage(program: string, architecture: Architecture, { version, epoch }: ReleaseOf, out: string): string | null {
  const debian = ARCHITECTURES[architecture];
  if (execFileSync("dpkg", ["--print-architecture"], { encoding: "utf8" }).trim() !== debian) return null;
  const work = mkdtempSync(`${program}.image-`);
  const run = (command: string, ...options: readonly string[]) => {
    execFileSync(command, options, {
      cwd: work,
      stdio: ["ignore", "ignore", "inherit"],
      // What dpkg unpacks is packed again at once: it need not wait for the disk after each file.
      env: { ...process.env, SOURCE_DATE_EPOCH: String(epoch), DPKG_FORCE: "unsafe-io" },
    });
  };
  run(
    "mmdebstrap",
    "--quiet",
    "--variant=minbase",
    `--architectures=${debian}`,
    `--include=${PACKAGES}`,
    ...LEFT_OUT.map((path) => `--dpkgopt=path-exclude=${path}`),
    `--customize-hook=${FINISH}`,
    SUITE,
    "debian.tar",
  );
  mkdirSync(join(work, "root/opt"), { recursive: true });
  execFileSync("cp", ["-al", program, join(work, "root/opt/lectern")]);
  packTar(join(work, "root"), ["opt"], join(work, "program.tar"), epoch);
  const created = new Date(epoch * 1000).toISOString();
  const image = `layout:${version}`;
  run("umoci", "init", "--layout", "layout");
  run("umoci", "new", "--image", image);
  for (const [layer, what] of [
    ["debian.tar", `Debian ${SUITE} with ${PACKAGES.replaceAll(",", ", ")}`],
    ["program.tar", `Lectern ${version}`],
  ] as const)
    run("umoci", "raw", "add-layer", "--image", image, "--history.created", created, "--history.created_by", what, layer);
  run(
    "umoci",
    "config",
    "--image",
    image,
    "--no-history",
    "--created",
    created,
    "--architecture",
    debian,
    "--os",
    "linux",
    ...settings(version),
  );
  run("umoci", "gc", "--layout", "layout");
  nameImage(join(work, "layout/index.json"), version);
  const file = join(out, `lectern-${version}-oci-${architecture}.tar`);
  packTar(join(work, "layout"), ["."], file, epoch);
  rmSync(work, { recursive: true });
  return file;
}

/** Docker and containerd call a loaded image by the second of these names; umoci writes the first. */
function nameImage(index: string, version: string): void {
  const { manifests, ...rest } = JSON.parse(readFileSync(index, "utf8"));
  const [{ annotations, ...manifest }] = manifests;
  const named = {
    ...manifest,
    annotations: { ...annotations, "io.containerd.image.name": `docker.io/library/lectern:${version}` },
  };
  writeFileSync(index, JSON.stringify({ ...rest, manifests: [named] }));
}

/** As `deploy/compose` has them. */
function settings(version: string): readonly string[] {
  return [
    ["--config.user", `${USER}:${USER}`],
    ["--config.workingdir", "/data"],
    ["--config.volume", "/data"],
    ["--config.entrypoint", "/usr/bin/lectern"],
    ["--config.cmd", "serve"],
    ["--config.cmd", "--data"],
    ["--config.cmd", "/data"],
    ["--config.stopsignal", "SIGTERM"],
    ["--config.env", "LANG=C.UTF-8"],
    ["--config.exposedports", "8080"],
    ["--config.exposedports", "1935"],
    ["--config.exposedports", "8189/udp"],
    ["--config.label", "org.opencontainers.image.title=Lectern"],
    ["--config.label", `org.opencontainers.image.version=${version}`],
    ["--config.label", "org.opencontainers.image.licenses=Apache-2.0"],
  ].flat();
}

/**
 * Makes the package for Debian and Ubuntu of a laid out release (Debian Policy 4.6, chapters 3 to 7 and 10), by dpkg-deb. The texts and the scripts are in
 * `debian/`, the unit is the one of `deploy/systemd`.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Architecture, ReleaseOf } from "./runtime-packages.ts";

const OWN = join(import.meta.dirname, "debian");
const ARCHITECTURES: Readonly<Record<Architecture, string>> = { x64: "amd64", arm64: "arm64" };
const SCRIPTS = ["postinst", "prerm", "postrm"] as const;
/** What the unit of a work tree has, and what it is in the package. */
const UNIT_CHANGES: readonly (readonly [RegExp, string])[] = [
  [
    /^# One Lectern node\.[\s\S]*?(?=^\[Unit\])/m,
    "# One Lectern node. `systemctl edit lectern` changes it; this file is replaced by the next version.\n",
  ],
  [/^Documentation=.*$/m, "Documentation=file:///usr/share/doc/lectern/docs/operations.md"],
  [/^WorkingDirectory=.*$/m, "WorkingDirectory=/var/lib/lectern"],
  [/^ExecStart=.*$/m, "ExecStart=/usr/bin/lectern serve"],
];

/** A version as Debian sorts it: 1.0.0-rc.1 is before 1.0.0 (Debian Policy 5.6.12). */
export function debianVersion(version: string): string {
  return version.replace("-", "~");
}

/** @param program the folder that `layOut` has written @returns the file */
export function makeDebianPackage(
  program: string,
  architecture: Architecture,
  { version, epoch, tree }: ReleaseOf,
  out: string,
): string {
  const root = `${program}.deb-root`;
  const at = (...path: string[]) => join(root, ...path);
  rmSync(root, { recursive: true, force: true });
  for (const folder of ["DEBIAN", "etc/lectern", "usr/bin", "usr/lib/systemd/system", "usr/share/doc/lectern"])
    mkdirSync(at(folder), { recursive: true });
  cpSync(program, at("usr/lib/lectern"), { recursive: true });
  // Readers look for texts in their usual place; links in them stay right.
  for (const name of ["docs", "deploy", "README.md", "CHANGELOG.md", "licences.txt", "sbom.cdx.json"]) {
    cpSync(at("usr/lib/lectern", name), at("usr/share/doc/lectern", name), { recursive: true });
    rmSync(at("usr/lib/lectern", name), { recursive: true });
  }
  const licence =
    "On Debian systems, the Apache License 2.0 is in /usr/share/common-licenses/Apache-2.0.\nThe licences of what is inside are in licences.txt.\n";
  writeFileSync(at("usr/share/doc/lectern/copyright"), `Lectern is under the Apache License 2.0.\n${licence}`);
  writeFileSync(at("etc/lectern/lectern.yaml"), readFileSync(join(OWN, "lectern.yaml")));
  writeFileSync(at("DEBIAN/conffiles"), "/etc/lectern/lectern.yaml\n");
  writeProgram(at("usr/bin/lectern"), readFileSync(join(OWN, "lectern"), "utf8"));
  for (const script of SCRIPTS) writeProgram(at("DEBIAN", script), readFileSync(join(OWN, script), "utf8"));
  writeFileSync(
    at("usr/lib/systemd/system/lectern.service"),
    unitOf(readFileSync(join(tree, "deploy/systemd/lectern.service"), "utf8")),
  );
  execFileSync("chmod", ["-R", "u+rwX,go+rX,go-w", root]);
  const control = readFileSync(join(OWN, "control"), "utf8")
    .replace("@VERSION@", debianVersion(version))
    .replace("@ARCHITECTURE@", ARCHITECTURES[architecture])
    .replace("@KILOBYTES@", kilobytesOf(root));
  writeFileSync(at("DEBIAN/control"), control);
  const file = join(out, `lectern_${debianVersion(version)}_${ARCHITECTURES[architecture]}.deb`);
  const env = { ...process.env, SOURCE_DATE_EPOCH: String(epoch) };
  execFileSync("dpkg-deb", ["--root-owner-group", "-Zzstd", "-z9", "--threads-max=1", "--build", root, file], {
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  rmSync(root, { recursive: true });
  return file;
}

/** @throws where the unit has not what is changed */
export function unitOf(unit: string): string {
  return UNIT_CHANGES.reduce((text, [what, by]) => {
    if (!what.test(text)) throw new Error(`deploy/systemd/lectern.service has no ${what.source}`);
    return text.replace(what, by);
  }, unit);
}

function writeProgram(file: string, text: string): void {
  writeFileSync(file, text);
  chmodSync(file, 0o755);
}

/** Of the content, whatever file system it is on. */
function kilobytesOf(folder: string): string {
  const bytes = execFileSync("du", ["--apparent-size", "-s", "-B1", "--exclude=DEBIAN", folder], { encoding: "utf8" });
  return String(Math.ceil(Number.parseInt(bytes, 10) / 1024));
}

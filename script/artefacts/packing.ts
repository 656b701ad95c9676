/** Packs folders so that the same content gives the same bytes: sorted names, one time, no owner, the same rights for everybody. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";

const RIGHTS = "u+rwX,go+rX,go-w";

/** Options of GNU tar. */
function tarOptions(epoch: number): readonly string[] {
  const owner = ["--owner=0", "--group=0", "--numeric-owner"];
  return ["--sort=name", "--format=gnu", `--mtime=@${epoch}`, `--mode=${RIGHTS}`, ...owner];
}

/** Writes `file`, a tarball with the folder. `-n` leaves the time out of the head of gzip (RFC 1952). */
export function packFolder(folder: string, file: string, epoch: number): void {
  const tar = ["tar", ...tarOptions(epoch), "-C", dirname(folder), "-c", basename(folder)];
  execFileSync("sh", ["-c", `"$@" | gzip -n >"$FILE"`, "sh", ...tar], { env: { ...process.env, FILE: file } });
}

/** Writes `file`, an archive that is not compressed, with what is named of the folder. */
export function packTar(folder: string, names: readonly string[], file: string, epoch: number): void {
  execFileSync("tar", [...tarOptions(epoch), "-C", folder, "-cf", file, ...names]);
}

export type PackedFile = { readonly file: string; readonly bytes: number; readonly sha256: string };

export function describeFile(path: string): PackedFile {
  const sha256 = createHash("sha256").update(readFileSync(path)).digest("hex");
  return { file: basename(path), bytes: statSync(path).size, sha256 };
}

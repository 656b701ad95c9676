/** Makes a disk of its own for a node, which can be frozen: what is written to it waits, as on a disk or a network storage that hangs. Needs root. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Scope } from "../../e2e/lectern.ts";

const BYTES = 512 * 1024 * 1024;

export class FreezingDisk {
  readonly directory: string;
  private isFrozen = false;

  /** @param scope its end thaws and removes the disk; what uses it must have been started with the same scope, later */
  constructor(scope: Scope) {
    const home = mkdtempSync(join(tmpdir(), "lectern-disk-"));
    const image = join(home, "image");
    this.directory = join(home, "disk");
    writeFileSync(image, "");
    truncateSync(image, BYTES);
    execFileSync("mkfs.ext4", ["-q", image]);
    mkdirSync(this.directory);
    execFileSync("mount", ["-o", "loop", image, this.directory]);
    scope.after(() => {
      this.thaw();
      // Processes that were killed while they waited for the disk end a little after they can.
      execFileSync("umount", ["--lazy", this.directory]);
      rmSync(home, { recursive: true, force: true });
    });
  }

  freeze(): void {
    execFileSync("fsfreeze", ["--freeze", this.directory]);
    this.isFrozen = true;
  }

  thaw(): void {
    if (this.isFrozen) execFileSync("fsfreeze", ["--unfreeze", this.directory]);
    this.isFrozen = false;
  }
}

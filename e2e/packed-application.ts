/** Provides an application outside this repository that has our packages for npm from their tarballs, and libraries as npm would install them. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { wholeFile } from "./fixtures.ts";

const ROOT = join(import.meta.dirname, "..");

/**
 * The application is made when it is asked for first, and removed after the file's last test.
 * @param tarballs puts them where it likes, for example into the application's folder, and says where, by the names of packages without `@lectern/`
 * @param libraries linked from those of this repository
 */
export function packedApplication(
  tarballs: (directory: string) => Readonly<Record<string, string>>,
  libraries: readonly string[],
): () => string {
  let made: string | null = null;
  return () => {
    if (made !== null) return made;
    const directory = mkdtempSync(join(tmpdir(), "lectern-application-"));
    wholeFile.after(() => rmSync(directory, { recursive: true, force: true }));
    const modules = join(directory, "node_modules");
    for (const [name, tarball] of Object.entries(tarballs(directory))) {
      const own = join(modules, "@lectern", name);
      mkdirSync(own, { recursive: true });
      execFileSync("tar", ["-xzf", tarball, "-C", own, "--strip-components=1"]);
    }
    for (const library of libraries) {
      mkdirSync(dirname(join(modules, library)), { recursive: true });
      symlinkSync(join(ROOT, "node_modules", library), join(modules, library));
    }
    writeFileSync(join(directory, "package.json"), '{ "private": true, "type": "module" }');
    made = directory;
    return made;
  };
}

/** The program that tests and benchmarks start: the compiled one, unless a source is newer than it. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const PACKAGES = join(import.meta.dirname, "../packages");
const COMPILED = join(PACKAGES, "server/dist/main.js");

export const MAIN = isCurrent() ? COMPILED : join(PACKAGES, "server/src/main.ts");

function isCurrent(): boolean {
  const compiled = statSync(COMPILED, { throwIfNoEntry: false });
  if (!compiled) return false;
  return ["server/src", "media/src"].every((folder) =>
    readdirSync(join(PACKAGES, folder), { recursive: true, encoding: "utf8" }).every(
      (file) => file.endsWith(".test.ts") || statSync(join(PACKAGES, folder, file)).mtimeMs <= compiled.mtimeMs,
    ),
  );
}

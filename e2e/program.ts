/** The program that tests and benchmarks start: the compiled one, unless a source is newer than it (`compile_server` of script/setup.sh). */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const PACKAGES = join(import.meta.dirname, "../packages");
const COMPILED = join(PACKAGES, "server/dist");

export const MAIN = isCurrent() ? join(COMPILED, "main.js") : join(PACKAGES, "server/src/main.ts");

function isCurrent(): boolean {
  const madeAt = statSync(join(COMPILED, ".made-of"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return ["server/src", "media/src", "board/src"].every((folder) =>
    readdirSync(join(PACKAGES, folder), { recursive: true, encoding: "utf8" }).every(
      (file) => file.endsWith(".test.ts") || statSync(join(PACKAGES, folder, file)).mtimeMs <= madeAt,
    ),
  );
}

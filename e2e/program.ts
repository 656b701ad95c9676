/**
 * Provides the program that tests and benchmarks start: the compiled one, unless a source is newer than it (`compile_server` of script/setup.sh), or
 * what is executed of the sources is counted (`script/coverage.ts`). `BENCH_TREE` names another work tree whose program it is (`script/bench
 * compare`). A run of tests has one program from its beginning to its end, which `TEST_PROGRAM` names.
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const PACKAGES = join(process.env["BENCH_TREE"] ?? join(import.meta.dirname, ".."), "packages");
const COMPILED = join(PACKAGES, "server/dist");

const isCounted = process.env["NODE_V8_COVERAGE"] !== undefined;
export const PROGRAM_VARIABLE = "TEST_PROGRAM";
export const MAIN = process.env[PROGRAM_VARIABLE] ?? chosenProgram();

function chosenProgram(): string {
  return !isCounted && isCurrent() ? join(COMPILED, "main.js") : join(PACKAGES, "server/src/main.ts");
}

function isCurrent(): boolean {
  const madeAt = statSync(join(COMPILED, ".made-of"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const folders = ["server/src", "media/src", "board/src", "room/src", "exam/src", "names/src"].filter((folder) =>
    existsSync(join(PACKAGES, folder)),
  );
  return folders.every((folder) =>
    readdirSync(join(PACKAGES, folder), { recursive: true, encoding: "utf8" }).every(
      (file) => file.endsWith(".test.ts") || statSync(join(PACKAGES, folder, file)).mtimeMs <= madeAt,
    ),
  );
}

/**
 * Keeps what servers said during a test file, and pictures of pages, where the end of a failed run shows them: in .cache/artefacts. All processes of a
 * run note there what they start.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

export const ARTEFACTS = join(import.meta.dirname, "../.cache/artefacts");

/** The folder of a test file. */
export const artefactsOf = (file: string): string => join(ARTEFACTS, basename(file, ".test.ts"));

/** The folder of the test file that this process runs. */
function ownFolder(): string {
  const folder = artefactsOf(process.argv[1] ?? "unknown");
  mkdirSync(folder, { recursive: true });
  return folder;
}

export function keepLog(said: string): void {
  appendFileSync(join(ownFolder(), "servers.log"), said);
}

/** A PostgreSQL server, not one of its databases. */
type Started = "server" | "browser" | "postgres";

/** One line for each start, which all processes append: what it was, and the file that it was for; the pool is the runner. */
const STARTS = join(ARTEFACTS, "starts");

export function noteStart(what: Started): void {
  mkdirSync(ARTEFACTS, { recursive: true });
  appendFileSync(STARTS, `${what} ${basename(process.argv[1] ?? "unknown", ".test.ts")}\n`);
}

/** How many of each were started since the artefacts were removed, and by which files most servers. */
export function countStarts(): Readonly<Record<Started, number>> & { readonly most: readonly (readonly [string, number])[] } {
  const lines = existsSync(STARTS) ? readFileSync(STARTS, "utf8").trimEnd().split("\n") : [];
  const starts = lines.map((line) => line.split(" "));
  const count = (wanted: Started): number => starts.filter(([what]) => what === wanted).length;
  const byFile = Map.groupBy(
    starts.filter(([what]) => what === "server"),
    ([, file = ""]) => file,
  );
  const most = [...byFile].map(([file, { length }]) => [file, length] as const).toSorted(([, a], [, b]) => b - a);
  return { server: count("server"), browser: count("browser"), postgres: count("postgres"), most };
}

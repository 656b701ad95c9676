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

/** One line for each start, which all processes append. */
const STARTS = join(ARTEFACTS, "starts");

export function noteStart(what: Started): void {
  mkdirSync(ARTEFACTS, { recursive: true });
  appendFileSync(STARTS, `${what}\n`);
}

/** How many of each were started since the artefacts were removed. */
export function countStarts(): Readonly<Record<Started, number>> {
  const lines = existsSync(STARTS) ? readFileSync(STARTS, "utf8").split("\n") : [];
  const count = (what: Started): number => lines.filter((line) => line === what).length;
  return { server: count("server"), browser: count("browser"), postgres: count("postgres") };
}

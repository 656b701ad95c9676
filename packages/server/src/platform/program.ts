/**
 * Determines where the files of the program are. It runs from the sources, or compiled: `script/compile-server.ts` puts the sources and the libraries
 * that a start needs into a few files in `dist`, which load in a third of the time.
 */
import { basename, join } from "node:path";

const isCompiled = !import.meta.filename.endsWith(".ts");

/** The folder of the server's package. */
export const SERVER_PACKAGE = join(import.meta.dirname, isCompiled ? ".." : "../..");

/** The file that starts a process or a thread. @param source its path below `src`, without the ending */
export function entryFile(source: string): string {
  return isCompiled ? join(SERVER_PACKAGE, "dist", `${basename(source)}.js`) : join(SERVER_PACKAGE, "src", `${source}.ts`);
}

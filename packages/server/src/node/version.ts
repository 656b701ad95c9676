/** Reads the version of the program from package.json. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const { version }: { version: string } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"));

export const VERSION = version;

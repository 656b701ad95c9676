/** Reads the version of the program from package.json. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SERVER_PACKAGE } from "../platform/program.ts";

const { version }: { version: string } = JSON.parse(readFileSync(join(SERVER_PACKAGE, "package.json"), "utf8"));

export const VERSION = version;

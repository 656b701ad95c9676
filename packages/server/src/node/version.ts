/** Which version of the program this is, as package.json says. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const { version }: { version: string } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"));

export const VERSION = version;

/** Finds all kinds of the protocol in the files of this folder, for tests and for `script/contracts`. A kind without a domain, or without its row in docs/room-protocol.md, fails them. */
import { globSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Kind } from "./kind.ts";

const NO_DECLARATION = /^index\.ts$|^test-|\.test\.ts$/;

const files = globSync("*.ts", { cwd: import.meta.dirname }).filter((file) => !NO_DECLARATION.test(file));
const modules = await Promise.all(files.toSorted().map((file) => import(pathToFileURL(join(import.meta.dirname, file)).href)));

export const KINDS: readonly Kind[] = [...new Set(modules.flatMap((module) => Object.values(module).filter(isKind)))];

function isKind(value: unknown): value is Kind {
  return typeof value === "object" && value !== null && "kind" in value && "sends" in value && "entries" in value;
}

/** Finds the files of address lists, all of which are below directories that the configuration names, also behind symbolic links. */
import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { isAbsolute, normalize, resolve, sep } from "node:path";
import { policyText } from "../../foundation/messages/policy-texts.ts";
import type { ListValidators } from "../../foundation/store/policy-tables.ts";
import { type FetchedList, FetchFailed } from "./fetch-list.ts";

/** Whether a path is absolute and in its plain form, so that it leads nowhere but below its directories. */
export function isPlainPath(path: string): boolean {
  return isAbsolute(path) && normalize(path) === path && !path.endsWith(sep) && !path.includes("\0");
}

/** By its name alone; where it leads, `openListFile` finds out. */
export function isBelow(path: string, directories: readonly string[]): boolean {
  return directories.some((directory) => path.startsWith(withSeparator(resolve(directory))));
}

/** Opens a file that has changed. @throws FetchFailed */
export async function openListFile(path: string, directories: readonly string[], { file }: ListValidators): Promise<FetchedList> {
  try {
    const real = await realpath(path);
    const roots = await Promise.all(directories.map((directory) => realpath(directory).catch(() => null)));
    const isInside = roots.some((root) => root !== null && real.startsWith(withSeparator(root)));
    if (!isInside || !isBelow(path, directories)) throw new FetchFailed(policyText("file-outside"));
    const found = await stat(real);
    if (!found.isFile()) throw new FetchFailed(policyText("file-unreadable", { reason: "EISDIR" }));
    const state = `${found.ino} ${found.size} ${found.mtimeMs}`;
    if (state === file) return { kind: "unchanged" };
    return { kind: "content", chunks: read(real), validators: { file: state } };
  } catch (error) {
    throw failureOf(error);
  }
}

async function* read(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw failureOf(error);
  }
}

function failureOf(error: unknown): FetchFailed {
  if (error instanceof FetchFailed) return error;
  const code: unknown = error instanceof Error ? Reflect.get(error, "code") : null;
  return new FetchFailed(policyText("file-unreadable", { reason: typeof code === "string" ? code : "error" }), { cause: error });
}

function withSeparator(directory: string): string {
  return directory.endsWith(sep) ? directory : directory + sep;
}

/** Finds the keys of the configuration that are set, and the deprecated ones among them. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { ConfigSources } from "../../platform/config/load.ts";
import type { Deprecation } from "../deprecations.ts";

/** The deprecated keys among those that are set. */
export function keysInUse(deprecations: readonly Deprecation[], keys: readonly string[]): readonly Deprecation[] {
  return deprecations.filter(
    ({ part, name }) => part === "configuration" && keys.some((key) => key === name || key.startsWith(`${name}.`)),
  );
}

/** The keys that a file and `--set` have; a file that cannot be read has none, which other commands say. */
export function keysOf({ file, set }: Pick<ConfigSources, "file" | "set">): readonly string[] {
  return [...pathsIn(file === null ? null : contentOf(file)), ...set.map(([path]) => path)];
}

function contentOf(file: string): unknown {
  try {
    return parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}

function pathsIn(value: unknown, prefix = ""): readonly string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return prefix === "" ? [] : [prefix];
  return Object.entries(value).flatMap(([key, below]) => pathsIn(below, prefix === "" ? key : `${prefix}.${key}`));
}

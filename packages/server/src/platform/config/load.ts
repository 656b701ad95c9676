/**
 * Loads the configuration: options over environment over file over defaults. Refuses unknown keys and wrong values with their line.
 */
import { isMap, isScalar, parse } from "yaml";
import type { z } from "zod";
import { AddressSet } from "../address.ts";
import { renamedKey, renamedVariable } from "./renamed-keys.ts";
import { type Config, configSchema } from "./schema.ts";
import { readYamlFile, type YamlText } from "./yaml-file.ts";

export type ConfigSources = {
  /** A YAML file; null for none. */
  readonly file: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Values by key path, as `--set` gives them: [["viewer.batchMs", "100"]]; with the name of the option where it has one of its own. */
  readonly set: readonly (readonly [path: string, text: string, where?: string])[];
};

export type InvalidSetting = {
  /** The place: "lectern.yaml:12", "LECTERN_HTTP_PORT", "--set http.port". */
  readonly where: string;
  readonly what: string;
};

/** All mistakes of a configuration, each with its place. */
export class ConfigError extends Error {
  readonly mistakes: readonly InvalidSetting[];

  constructor(mistakes: readonly InvalidSetting[]) {
    super(mistakes.map(({ where, what }) => `${where}: ${what}`).join("\n"));
    this.name = "ConfigError";
    this.mistakes = mistakes;
  }
}

/** Environment variables that are not configuration keys. */
const NOT_KEYS = new Set(["LECTERN_ADMIN_TOKEN", "LECTERN_ADMIN_PASSWORD", "LECTERN_CONFIG", "LECTERN_LOG_LEVEL"]);

type Tree = { [key: string]: unknown };
type Origin = { readonly path: string; readonly where: string };

/** @throws ConfigError */
export function loadConfig(sources: ConfigSources): Config {
  const mistakes: InvalidSetting[] = [];
  const origins: Origin[] = [];
  const file = sources.file === null ? null : readFile(sources.file, mistakes);
  const tree: Tree = file?.tree ?? {};
  for (const [name, value] of Object.entries(sources.env)) {
    if (!name.startsWith("LECTERN_") || NOT_KEYS.has(name) || value === undefined) continue;
    const path = pathOfVariable(name);
    const now = path === null ? renamedVariable(name) : null;
    if (path === null) mistakes.push({ where: name, what: now ? `the key is now "${now}"` : "there is no such key" });
    else assign(tree, path, value, name, origins, mistakes);
  }
  for (const [path, value, where = `--set ${path}`] of sources.set) assign(tree, path, value, where, origins, mistakes);

  const result = configSchema.safeParse(tree);
  if (!result.success) mistakes.push(...result.error.issues.flatMap((issue) => describe(issue, origins, file)));
  else {
    mistakes.push(...checkNetworks(result.data, origins, file));
    const { http, mail, backup, storage } = result.data;
    if (backup.to === "s3" && !storage.s3)
      mistakes.push({ where: placeOf(["backup", "to"], origins, file), what: "backup.to: s3 needs storage.s3" });
    if (mail.smtp !== "" && http.publicUrl === "")
      mistakes.push({ where: placeOf(["mail", "smtp"], origins, file), what: "mail.smtp: mailed links need http.publicUrl" });
  }
  if (mistakes.length > 0 || !result.success) throw new ConfigError(mistakes);
  return result.data;
}

type YamlFile = YamlText & { readonly name: string; readonly tree: Tree };

function readFile(name: string, mistakes: InvalidSetting[]): YamlFile | null {
  const read = readYamlFile(name);
  if ("mistakes" in read) {
    mistakes.push(...read.mistakes);
    return null;
  }
  const value: unknown = read.document.toJS() ?? {};
  if (!isTree(value)) {
    mistakes.push({ where: name, what: "must be keys and values" });
    return null;
  }
  return { ...read, name, tree: value };
}

/** LECTERN_VIEWER_BATCH_MS is viewer.batchMs: the key whose words, in capitals, are those of the variable. */
function pathOfVariable(name: string): string | null {
  const wanted = name.slice("LECTERN_".length).replaceAll("_", "");
  return allPaths(configSchema).find((path) => path.replaceAll(".", "").toUpperCase() === wanted) ?? null;
}

function allPaths(schema: z.ZodType, prefix = ""): string[] {
  let inner: unknown = schema;
  while (hasInner(inner)) inner = inner.def.innerType;
  if (!hasShape(inner)) return [prefix];
  const below = Object.entries(inner.shape).flatMap(([key, value]) => allPaths(value, prefix ? `${prefix}.${key}` : key));
  return prefix ? [prefix, ...below] : below;
}

function hasInner(schema: unknown): schema is { def: { innerType: z.ZodType } } {
  return isTree(schema) && isTree(schema["def"]) && "innerType" in schema["def"];
}

function hasShape(schema: unknown): schema is { shape: Record<string, z.ZodType> } {
  return isTree(schema) && isTree(schema["shape"]);
}

function assign(tree: Tree, path: string, text: string, where: string, origins: Origin[], mistakes: InvalidSetting[]): void {
  let value: unknown;
  try {
    value = parse(text);
  } catch {
    value = text;
  }
  // A password such as 12345678 stays text where the key is text.
  if (value !== null && typeof value !== "object" && wantsText(path)) value = text;
  const keys = path.split(".");
  const last = keys.pop();
  let at = tree;
  for (const key of keys) {
    const below = at[key];
    if (below === undefined || below === null) at[key] = {};
    else if (!isTree(below)) {
      mistakes.push({ where, what: `${key} is not a group of keys` });
      return;
    }
    const next = at[key];
    if (isTree(next)) at = next;
  }
  if (last !== undefined) at[last] = value;
  origins.push({ path, where });
}

function wantsText(path: string): boolean {
  let inner: unknown = configSchema;
  for (const key of path.split(".")) {
    while (hasInner(inner)) inner = inner.def.innerType;
    inner = hasShape(inner) ? inner.shape[key] : undefined;
  }
  while (hasInner(inner)) inner = inner.def.innerType;
  return isTree(inner) && isTree(inner["def"]) && inner["def"]["type"] === "string";
}

function describe(issue: z.core.$ZodIssue, origins: readonly Origin[], file: YamlFile | null): InvalidSetting[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const full = [...path, key];
      const name = full.join(".");
      const now = renamedKey(name);
      return { where: placeOf(full, origins, file), what: now ? `"${name}" is now "${now}"` : `there is no key "${name}"` };
    });
  }
  const message = issue.code === "invalid_key" ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  return [{ where: placeOf(path, origins, file), what: `${path.join(".")}: ${message}` }];
}

function checkNetworks(config: Config, origins: readonly Origin[], file: YamlFile | null): InvalidSetting[] {
  const lists = [
    { path: ["metrics", "allow"], networks: config.metrics.allow },
    { path: ["protection", "allowedNetworks"], networks: config.protection.allowedNetworks },
    { path: ["trustedProxies"], networks: config.trustedProxies },
    { path: ["operators", "allowedNetworks"], networks: config.operators.allowedNetworks },
    { path: ["operators", "token", "allowedNetworks"], networks: config.operators.token.allowedNetworks },
  ];
  return lists.flatMap(({ path, networks }) => {
    try {
      new AddressSet(networks);
      return [];
    } catch (error) {
      return [
        { where: placeOf(path, origins, file), what: `${path.join(".")}: ${error instanceof Error ? error.message : error}` },
      ];
    }
  });
}

/** The option or variable that last set the key; else its line in the file. */
function placeOf(path: readonly string[], origins: readonly Origin[], file: YamlFile | null): string {
  const dotted = path.join(".");
  const origin = origins.findLast((other) => dotted === other.path || dotted.startsWith(`${other.path}.`));
  if (origin) return origin.where;
  if (!file) return "configuration";
  let line = 1;
  let node: unknown = file.document.contents;
  for (const key of path) {
    if (!isMap(node)) break;
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
    if (!pair) break;
    if (isScalar(pair.key) && pair.key.range) line = file.lines.linePos(pair.key.range[0]).line;
    node = pair.value;
  }
  return `${file.name}:${line}`;
}

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Applies the rules of one server to its configuration: settings for lectern.yaml, and findings about all that became none. */
import { configSchema } from "../../../platform/config/schema.ts";
import type { Directive } from "./directive.ts";
import { type Imported, type ImportedSetting, type ImportFinding, plainValue, type Rule } from "./rule.ts";

/** What a server's configuration says besides its rules. */
export type Dialect = {
  readonly rules: readonly Rule[];
  /** Whether this block is switched off, with all that is in it. */
  readonly isOff: (block: Directive) => boolean;
  /** Settings of something else in the same file. */
  readonly ignores?: (path: string) => boolean;
  /** What to say of settings without a rule; null: they are unknown. */
  readonly familyOf?: (path: string) => string | null;
  /** Keys that follow from those that were set. */
  readonly also?: (keys: ReadonlySet<string>) => Readonly<Record<string, unknown>>;
};

export function applyRules(directives: readonly Directive[], { rules, isOff, ignores, familyOf, also }: Dialect): Imported {
  const byPath = new Map(rules.map((rule) => [rule.from, rule]));
  const settings: ImportedSetting[] = [];
  const findings: ImportFinding[] = [];

  const walk = (inside: readonly Directive[], prefix: string): void => {
    for (const directive of inside) {
      const from = `${prefix}${directive.name}`;
      const { line, block } = directive;
      if (block && isOff(directive)) continue;
      const rule = byPath.get(from);
      if (rule) follow(rule, directive, inside);
      else if (!block && !ignores?.(from)) findings.push({ line, from, ...unruled(familyOf?.(from) ?? null) });
      if (block && !rule?.isWhole) walk(block, `${from}.`);
    }
  };

  const follow = (rule: Rule, directive: Directive, siblings: readonly Directive[]): void => {
    const { from, to: key, convert = plainValue, is, say = "", otherwise } = rule;
    const { line } = directive;
    if (is === "silent") return;
    if (key === undefined) {
      findings.push({ line, from, is: is ?? "none", say });
      return;
    }
    const value = convert(directive, siblings);
    if (value === null) {
      if (otherwise !== undefined) findings.push({ line, from, is: "always", say: otherwise });
      return;
    }
    const refusal = refusalOf(key, value);
    if (refusal !== null) {
      findings.push({ line, from, is: "refused", say: `${key} cannot be ${JSON.stringify(value)}: ${refusal}` });
      return;
    }
    const earlier = settings.findIndex((one) => one.key === key);
    const before = settings[earlier];
    const both = before && joined(before.value, value);
    if (!before) settings.push({ key, value, from, line });
    else if (both !== null) settings[earlier] = { ...before, value: both };
    else
      findings.push({ line, from, is: "repeated", say: `${key} is one for the whole server; it is as line ${before.line} has it` });
    if (say !== "") findings.push({ line, from, is: "note", say });
  };

  walk(directives, "");
  const following = Object.entries(also?.(new Set(settings.map(({ key }) => key))) ?? {});
  settings.push(...following.map(([key, value]) => ({ key, value, from: "", line: 0 })));
  return { settings, findings };
}

/** Where the school's own system is asked about publishers, it decides, as it did before. */
export function publishingSystem(keys: ReadonlySet<string>): Readonly<Record<string, unknown>> {
  return keys.has("callbacks.urls.on_publish") ? { "publish.allow": "any" } : {};
}

function unruled(family: string | null): Pick<ImportFinding, "is" | "say"> {
  return family === null
    ? { is: "unknown", say: "not known to this command: look for it in configuration.md" }
    : { is: "none", say: family };
}

/** Lists and maps that several settings fill; null: there can be only one value, and they differ. */
function joined(one: unknown, other: unknown): unknown {
  if (Array.isArray(one) && Array.isArray(other))
    return [...one, ...other].filter((value, at, all) => firstLike(all, value) === at);
  if (isMap(one) && isMap(other)) return { ...other, ...one };
  return one === other ? one : null;
}

function firstLike(all: readonly unknown[], value: unknown): number {
  return all.findIndex((one) => JSON.stringify(one) === JSON.stringify(value));
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Why Lectern would refuse this value; null: it does not. */
function refusalOf(key: string, value: unknown): string | null {
  const tree = key.split(".").reduceRight<unknown>((below, name) => ({ [name]: below }), value);
  const result = configSchema.safeParse(tree);
  return result.success ? null : (result.error.issues[0]?.message ?? "it is not valid");
}

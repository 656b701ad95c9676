/** Reads the services of `deploy/compose/compose.yaml` with their variables filled in. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

const FILE = join(import.meta.dirname, "../deploy/compose/compose.yaml");

export type Service = {
  readonly environment?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  /** CMD, the program, its arguments. */
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly stop_grace_period?: string;
  /** The number of the user and of the group. */
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly network_mode?: string;
  readonly tmpfs?: readonly string[];
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
};

/** By their names. @param variables what `${NAME:?…}` stands for, and `${NAME:-default}` */
export function composed(variables: Readonly<Record<string, string>>): Map<string, Service> {
  const text = readFileSync(FILE, "utf8").replace(/\$\{(\w+):([?-])([^}]*)\}/g, (_, name: string, kind: string, rest: string) => {
    const value = variables[name] ?? (kind === "-" ? rest : undefined);
    if (value === undefined) throw new Error(`the compose file wants ${name}`);
    return value;
  });
  const { services } = parse(text, { merge: true }) as { services: Record<string, Service> };
  return new Map(Object.entries(services));
}

/** Those that are nodes. */
export function composedNodes(services: ReadonlyMap<string, Service>): Map<string, Service> {
  return new Map([...services].filter(([, { environment }]) => environment?.["LECTERN_ROLES"]));
}

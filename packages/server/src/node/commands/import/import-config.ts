/**
 * Runs `lectern import FILE`: reads the configuration of SRS, nginx-rtmp or MediaMTX, prints a lectern.yaml, and says of each setting that is not in it why.
 */
import { readFileSync } from "node:fs";
import { Document, isScalar, type Node } from "yaml";
import { UsageError } from "../start-refusal.ts";
import { applyRules, type Dialect } from "./apply-rules.ts";
import { type Directive, readDirectives } from "./directive.ts";
import { MEDIAMTX, readMediaMtx } from "./mediamtx.ts";
import { NGINX_RTMP } from "./nginx-rtmp.ts";
import type { Imported, ImportFinding } from "./rule.ts";
import { SRS } from "./srs.ts";

const SERVERS = ["srs", "nginx-rtmp", "mediamtx"] as const;
export type ServerName = (typeof SERVERS)[number];

/** In the order in which they are printed. */
const HEADINGS: Readonly<Record<ImportFinding["is"], string>> = {
  refused: "Values that Lectern does not take",
  unknown: "Not known to this command",
  elsewhere: "Set up elsewhere",
  note: "To know about what was taken over",
  repeated: "Said several times",
  none: "Without a counterpart",
  always: "Needs no setting",
};

const PUBLISHERS = `Publishers:
  Lectern asks them for the stream's key: a lesson has one, and publish.keys those of other streams. publish.allow: any lets everybody publish: encoders.md`;

/** @returns the exit code: 1 where a value was refused @throws UsageError, UnreadableConfig */
export function importConfig(file: string, from: string | undefined): number {
  const content = readFileSync(file, "utf8");
  if (from !== undefined && !isServer(from)) throw new UsageError(`--from is one of ${SERVERS.join(", ")}`);
  const server = from ?? serverOf(file, content);
  const imported = read(server, content);
  process.stdout.write(`# Made from ${server}'s configuration by "lectern import"; docs/coming-from.md\n${yamlOf(imported)}`);
  process.stderr.write(reportOf(file, imported));
  return imported.findings.some(({ is }) => is === "refused") ? 1 : 0;
}

/** @throws UnreadableConfig */
export function read(server: ServerName, content: string): Imported {
  const [parse, dialect] = READERS[server];
  return applyRules(parse(content), dialect);
}

/** Rows for a document: by key, the settings that become it, as their own documents name them. */
export function documentedKeys(server: ServerName): ReadonlyMap<string, readonly string[]> {
  const [, { rules }] = READERS[server];
  const levels = server === "nginx-rtmp" ? /^rtmp\.(server\.(application\.)?)?/ : /^$/;
  const named = rules.flatMap(({ from, to }) => (to === undefined ? [] : [{ to, name: from.replace(levels, "") }]));
  return new Map([...Map.groupBy(named, ({ to }) => to)].map(([to, all]) => [to, [...new Set(all.map(({ name }) => name))]]));
}

const READERS: Readonly<Record<ServerName, readonly [(content: string) => readonly Directive[], Dialect]>> = {
  srs: [readDirectives, SRS],
  "nginx-rtmp": [readDirectives, NGINX_RTMP],
  mediamtx: [readMediaMtx, MEDIAMTX],
};

/** Whose configuration it is, by the file's name, and by the block that nginx-rtmp has. */
function serverOf(file: string, content: string): ServerName {
  if (/\.ya?ml$/.test(file)) return "mediamtx";
  return /^\s*rtmp\s*\{/m.test(content) && /^\s*application\s/m.test(content) ? "nginx-rtmp" : "srs";
}

function isServer(name: string): name is ServerName {
  return SERVERS.some((one) => one === name);
}

/** Each key with where it comes from behind it. */
export function yamlOf({ settings }: Imported): string {
  if (settings.length === 0) return "{}\n";
  const document = new Document({});
  for (const { key, value, from, line } of settings) {
    const path = key.split(".");
    document.setIn(path, document.createNode(value));
    if (line === 0) continue;
    const node = document.getIn(path, true) as Node;
    if (isScalar(node)) node.comment = ` ${from}, line ${line}`;
    else node.commentBefore = ` ${from}, line ${line}`;
  }
  return document.toString({ lineWidth: 0 });
}

function reportOf(file: string, { settings, findings }: Imported): string {
  const parts = Object.entries(HEADINGS).flatMap(([is, heading]) => {
    const bySay = Map.groupBy(
      findings.filter((one) => one.is === is),
      ({ say }) => say,
    );
    if (bySay.size === 0) return [];
    const lines = [...bySay].map(([say, all]) => `  ${all.map(({ from, line }) => `${from} (${line})`).join(", ")}\n      ${say}`);
    return [`${heading}:\n${lines.join("\n")}\n`];
  });
  const isPublishingSaid = settings.some(({ key }) => key.startsWith("publish."));
  if (!isPublishingSaid) parts.push(`${PUBLISHERS}\n`);
  return `\n${file}, with its lines:\n\n${parts.join("\n")}`;
}

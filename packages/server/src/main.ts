#!/usr/bin/env node
/** The command line of Lectern. Each command is a file in `node/`; this one only reads what was asked. */
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { backup, recover, restore } from "./node/commands/backup.ts";
import { checkConfig } from "./node/commands/check-config.ts";
import { doctor } from "./node/commands/doctor.ts";
import { linkSecret } from "./node/commands/link-secret.ts";
import { nodes } from "./node/commands/nodes.ts";
import { serve } from "./node/commands/serve.ts";
import { sign } from "./node/commands/sign.ts";
import { simulate } from "./node/commands/simulate.ts";
import { VERSION } from "./node/version.ts";
import { ConfigError, type ConfigSources } from "./platform/config/load.ts";

const HELP = `lectern: live teaching on your own servers

  lectern serve [options]        start the server
      --config FILE              configuration (default: lectern.yaml, if it is there)
      --data DIR                 where files are kept
      --http-port N              pages, API and HTTP media (default 8080)
      --rtmp-port N              RTMP (default 1935)
      --roles a,b                what this node does: origin, edge, dispatch, control (default: all)
      --set key.path=value       any configuration key; may be given again
      --demo                     publish a demonstration lesson on live/demo
  lectern doctor [options]       check this machine, and say how to mend what is wrong
      --apply                    mend the kernel settings now (as root)
  lectern config check FILE      every mistake in a configuration file, with its line
  lectern sign URL --expires 2h [--ip A] [--viewer ID] [--secret S]
                                 a signed link; the secret is this server's, unless another is given
  lectern nodes [--json]         the nodes of this server's cluster
  lectern simulate FILE [--html FILE] [--json]
                                 what a fleet would do with the people of a scenario (packages/server/scenarios)
  lectern backup FILE            everything the database has, in one file; while the server runs, too
  lectern restore FILE           a backup into an empty database; the server must not run
  lectern recover                a new password for the first administrator
                                 (all of these take --config, --data and --set like serve)
  lectern --version | --help
`;

class UsageError extends Error {}

const FLAGS = {
  config: { type: "string" },
  data: { type: "string" },
  "http-port": { type: "string" },
  "rtmp-port": { type: "string" },
  roles: { type: "string" },
  set: { type: "string", multiple: true },
  demo: { type: "boolean" },
  apply: { type: "boolean" },
  json: { type: "boolean" },
  html: { type: "string" },
  secret: { type: "string" },
  expires: { type: "string" },
  ip: { type: "string" },
  viewer: { type: "string" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const;

async function main(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommandLine(argv);
  if (values.help || (positionals.length === 0 && !values.version)) {
    process.stdout.write(HELP);
    return values.help ? 0 : 2;
  }
  if (values.version) {
    process.stdout.write(`lectern ${VERSION}\n`);
    return 0;
  }
  const [command, ...rest] = positionals;
  switch (command) {
    case "serve":
      await serve({ sources: sourcesOf(values), demo: values.demo ?? false });
      return await new Promise<number>(() => {});
    case "doctor":
      return doctor({ sources: sourcesOf(values), apply: values.apply ?? false });
    case "config":
      if (rest[0] !== "check" || !rest[1]) throw new UsageError("usage: lectern config check FILE");
      return checkConfig(rest[1]);
    case "nodes":
      return nodes(sourcesOf(values), values.json ?? false);
    case "simulate":
      if (!rest[0]) throw new UsageError("usage: lectern simulate FILE");
      return simulate({ file: rest[0], html: values.html ?? null, json: values.json ?? false });
    case "backup":
      if (!rest[0]) throw new UsageError("usage: lectern backup FILE");
      return backup(sourcesOf(values), rest[0]);
    case "restore":
      if (!rest[0]) throw new UsageError("usage: lectern restore FILE");
      return restore(sourcesOf(values), rest[0]);
    case "recover":
      return recover(sourcesOf(values));
    case "sign": {
      const { secret, expires, ip, viewer } = values;
      if (!rest[0] || !expires) throw new UsageError("usage: lectern sign URL --expires 2h");
      return sign({ url: rest[0], secret: secret ?? linkSecret(sourcesOf(values)), expires, ip, viewer });
    }
    default:
      throw new UsageError(`there is no command "${command}"`);
  }
}

function parseCommandLine(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: FLAGS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

type Values = ReturnType<typeof parseCommandLine>["values"];

function sourcesOf(values: Values): ConfigSources {
  const set: [string, string][] = (values.set ?? []).map((pair) => {
    const at = pair.indexOf("=");
    if (at < 1) throw new UsageError(`--set wants key.path=value, not "${pair}"`);
    return [pair.slice(0, at), pair.slice(at + 1)];
  });
  for (const [flag, path] of [
    ["data", "dataDir"],
    ["http-port", "http.port"],
    ["rtmp-port", "rtmp.port"],
  ] as const) {
    const value = values[flag];
    if (value !== undefined) set.push([path, value]);
  }
  if (values.roles !== undefined) set.push(["roles", `[${values.roles}]`]);
  const file = values.config ?? (existsSync("lectern.yaml") ? "lectern.yaml" : null);
  return { file, env: process.env, set };
}

/** One line for what a person can do something about; the whole error for what is our own mistake. */
function explain(error: unknown): { text: string; code: number } {
  if (error instanceof UsageError) return { text: `lectern: ${error.message}\nlectern --help tells more.`, code: 2 };
  if (error instanceof ConfigError) return { text: error.message, code: 1 };
  // By name: they may have happened in another process.
  if (error instanceof Error && ["StoreError", "InUse"].includes(error.name)) return { text: `lectern: ${error.message}`, code: 1 };
  if (error instanceof Error && "code" in error) {
    const port = "port" in error ? error.port : "";
    if (error.code === "EADDRINUSE")
      return { text: `lectern: port ${port} is taken by another program; choose another with --http-port or --rtmp-port`, code: 1 };
    if (error.code === "EACCES" && port !== "")
      return { text: `lectern: port ${port} needs root, or a number above 1023`, code: 1 };
    if (error.code === "ENOENT" || error.code === "EACCES") return { text: `lectern: ${error.message}`, code: 1 };
  }
  return { text: error instanceof Error ? (error.stack ?? error.message) : String(error), code: 1 };
}

// Whoever reads only the first lines (`| head`) has seen enough; a server goes on without its standard output.
process.stdout.on("error", () => {});
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const { text, code } = explain(error);
  process.stderr.write(`${text}\n`);
  process.exit(code);
}

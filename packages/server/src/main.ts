#!/usr/bin/env node
/** Provides the command line of Lectern. It parses the arguments, and loads only the command that is called, from `node/commands/`. */
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { explain, UsageError } from "./node/commands/start-refusal.ts";
import { VERSION } from "./node/version.ts";
import type { ConfigSources } from "./platform/config/load.ts";

const HELP = `lectern: live teaching on your own servers

  lectern serve [options]        start the server
      --config FILE              configuration (default: LECTERN_CONFIG, or lectern.yaml, if it exists)
      --data DIR                 directory for all data
      --http-port N              pages, API and HTTP media (default 8080)
      --rtmp-port N              RTMP (default 1935)
      --roles a,b                what this node does: origin, edge, dispatch, control, probe (default: all)
      --set key.path=value       set any configuration key; may be repeated
      --demo                     publish a demonstration lesson on live/demo
  lectern doctor [options]       check this machine, and print how to fix what is wrong
      --apply                    apply the recommended kernel settings (as root)
  lectern config check FILE      print every mistake in a configuration file, with its line
  lectern import FILE            print a lectern.yaml that does what the configuration of SRS, nginx-rtmp or MediaMTX does, and what has no counterpart
      --from NAME                srs, nginx-rtmp, mediamtx (default: what the file looks like)
  lectern import-lessons FOLDER… make lessons of the running server of published recordings of BigBlueButton: video, slides, board, chat (docs/coming-from.md)
      --school NAME              the short name of the school (default: the only one)
      --course ID                the course that they belong to (default: none)
  lectern config show [--json]   print the configuration in force, with secrets covered
  lectern sign URL --expires 2h [--ip A] [--viewer ID] [--secret S]
                                 print a signed link; default secret: this server's
      --scheme NAME              the scheme of another system: upyun, aliyun-a, aliyun-b, aliyun-c, tencent, nginx (docs/links.md)
      --validity T               what that system adds to a link's time (default: 30m for aliyun, else nothing)
  lectern probe URL [--json]     watch one address like a viewer; exit code 1 if it falls short
      --seconds N                how long (default 18)
  lectern nodes [--json]         print the nodes of this server's cluster
  lectern drain                  move this node's clients to other nodes and admit no new ones, before it is stopped; exit code 1 if some are left
      --seconds N                wait so long for them to go (default 45)
      --undo                     admit clients again
  lectern people|lessons|streams|keys [WORDS] [--json]
                                 print what the running server has: people and lessons that have the words, live streams, API keys
  lectern audit verify [--json]  prove that nobody has changed the audit log; exit code 1 if somebody has
  lectern encryption [rotate] [--json]
                                 print the data keys of the running server and how far people's data is encrypted; rotate: by a new key.
                                 wrap: make a secret for secrets.encryption that the key management service has wrapped
  lectern simulate FILE [--html FILE] [--json]
                                 simulate a fleet with the clients of a scenario (packages/server/scenarios)
  lectern load PLAN.yaml [--target URL] [--secret S] [--html FILE] [--json]
                                 load a server that allows it (load.secret) with the people of a plan; exit code 1 if a goal is missed (docs/load.md)
      --metrics URL              the metrics of another node, too; may be repeated
      --keep                     leave what the test has made
      --compare A.json B.json    compare two results
      --clean                    remove what load tests have left
  lectern backup FILE            write the database to one file; also while the server runs
      --check [--json]           prove that the backup in FILE can be read to its end, and print what it has; exit code 1 if not
  lectern restore FILE           restore a backup into an empty database; the server must be stopped. The old embedded database is kept
  lectern recover                set a new password for the first administrator
  lectern break-glass            make an operator for an emergency: a password for one sign-in, without a second factor, told to everybody
      --minutes N                when the account ends by itself: 5 to 240 (default 30)
      --reason TEXT              why, for the audit log and the mails
                                 (all commands take --config, --data and --set like serve)
  lectern version [--check FILE] print the version; or compare it with the release.json of another release, and say what a change to that one means
  lectern --version | --help
`;

const FLAGS = {
  config: { type: "string" },
  data: { type: "string" },
  "http-port": { type: "string" },
  "rtmp-port": { type: "string" },
  roles: { type: "string" },
  set: { type: "string", multiple: true },
  demo: { type: "boolean" },
  apply: { type: "boolean" },
  check: { type: "boolean" },
  json: { type: "boolean" },
  seconds: { type: "string" },
  minutes: { type: "string" },
  reason: { type: "string" },
  undo: { type: "boolean" },
  html: { type: "string" },
  secret: { type: "string" },
  expires: { type: "string" },
  from: { type: "string" },
  school: { type: "string" },
  course: { type: "string" },
  ip: { type: "string" },
  viewer: { type: "string" },
  scheme: { type: "string" },
  validity: { type: "string" },
  target: { type: "string" },
  metrics: { type: "string", multiple: true },
  keep: { type: "boolean" },
  compare: { type: "boolean" },
  clean: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const;

async function main(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommandLine(argv);
  if (values.help || (positionals.length === 0 && !values.version)) {
    process.stdout.write(HELP);
    return values.help ? 0 : 2;
  }
  if (values.version) return version([], {});
  const [command, ...rest] = positionals;
  switch (command) {
    case "serve": {
      const { serve } = await import("./node/commands/serve.ts");
      await serve({ sources: sourcesOf(values), demo: values.demo ?? false });
      return await new Promise<number>(() => {});
    }
    case "doctor":
      return (await import("./node/commands/doctor.ts")).doctor({ sources: sourcesOf(values), apply: values.apply ?? false });
    case "config":
      if (rest[0] === "show" && rest.length === 1)
        return (await import("./node/commands/show-config.ts")).showConfig(sourcesOf(values), values.json ?? false);
      if (rest[0] !== "check" || !rest[1]) throw new UsageError("usage: lectern config check FILE, or lectern config show");
      return (await import("./node/commands/check-config.ts")).checkConfig(rest[1]);
    case "import":
    case "import-lessons":
      return await importCommand(command, rest, values);
    case "version":
      return version(rest, values);
    case "nodes":
    case "drain":
      return await nodeCommand(command, values);
    case "people":
    case "lessons":
    case "streams":
    case "keys":
      return (await import("./node/commands/lists.ts")).list(sourcesOf(values), {
        what: command,
        search: rest.length === 0 ? null : rest.join(" "),
        json: values.json ?? false,
      });
    case "audit":
      if (rest.length !== 1 || rest[0] !== "verify") throw new UsageError("usage: lectern audit verify [--json]");
      return (await import("./node/commands/audit.ts")).verifyAuditCommand(sourcesOf(values), values.json ?? false);
    case "encryption":
      if (rest.length > 1 || !["", "rotate", "wrap"].includes(rest[0] ?? ""))
        throw new UsageError("usage: lectern encryption [rotate] [--json], or lectern encryption wrap");
      if (rest[0] === "wrap") return (await import("./node/commands/encryption.ts")).wrapNewSecret(sourcesOf(values));
      return (await import("./node/commands/encryption.ts")).encryption(sourcesOf(values), {
        rotate: rest[0] === "rotate",
        json: values.json ?? false,
      });
    case "probe":
      if (!rest[0]) throw new UsageError("usage: lectern probe URL [--seconds N] [--json]");
      return (await import("./node/commands/probe.ts")).probeCommand(rest[0], values.seconds, values.json ?? false);
    case "simulate":
      if (!rest[0]) throw new UsageError("usage: lectern simulate FILE");
      return (await import("./node/commands/simulate.ts")).simulate({
        file: rest[0],
        html: values.html ?? null,
        json: values.json ?? false,
      });
    case "load":
      return await loadCommand(rest, values);
    case "backup":
      if (rest.length !== 1 || !rest[0]) throw new UsageError("usage: lectern backup FILE, or lectern backup --check FILE");
      if (values.check) return (await import("./node/commands/backup.ts")).check(rest[0], values.json ?? false);
      return (await import("./node/commands/backup.ts")).backup(sourcesOf(values), rest[0]);
    case "restore":
      if (rest.length !== 1 || !rest[0]) throw new UsageError("usage: lectern restore FILE");
      return (await import("./node/commands/restore.ts")).restore(sourcesOf(values), rest[0]);
    case "recover":
      return (await import("./node/commands/backup.ts")).recover(sourcesOf(values));
    case "break-glass":
      return (await import("./node/commands/break-glass.ts")).breakGlass(sourcesOf(values), values.minutes, values.reason);
    case "sign":
      return await signCommand(rest[0], values);
    default:
      throw new UsageError(`there is no command "${command}"`);
  }
}

async function nodeCommand(command: "nodes" | "drain", values: Values): Promise<number> {
  const { json = false, seconds, undo = false } = values;
  if (command === "nodes") return (await import("./node/commands/nodes.ts")).nodes(sourcesOf(values), json);
  return (await import("./node/commands/drain.ts")).drain(sourcesOf(values), { seconds, undo });
}

async function version(rest: readonly string[], values: Values): Promise<number> {
  const [file] = rest;
  if (rest.length !== (values.check ? 1 : 0)) throw new UsageError("usage: lectern version, or lectern version --check FILE");
  if (file !== undefined) return (await import("./node/commands/version-check.ts")).versionCheck(file, sourcesOf(values));
  process.stdout.write(`lectern ${VERSION}\n`);
  return 0;
}

async function signCommand(url: string | undefined, values: Values): Promise<number> {
  const { secret, expires, ip, viewer, scheme, validity } = values;
  if (!url || !expires) throw new UsageError("usage: lectern sign URL --expires 2h");
  const [{ sign }, { linkSecret }] = await Promise.all([
    import("./node/commands/sign.ts"),
    import("./node/commands/server-secrets.ts"),
  ]);
  const isOwn = scheme === undefined || scheme === "lectern";
  const signer = secret ?? (isOwn ? linkSecret(sourcesOf(values)) : null);
  return sign({ url, secret: signer, expires, ip, viewer, scheme, validity });
}

/** A configuration, or recorded lessons. */
async function importCommand(command: "import" | "import-lessons", files: readonly string[], values: Values): Promise<number> {
  const { from, school, course } = values;
  const [file] = files;
  if (command === "import") {
    if (files.length !== 1 || !file) throw new UsageError("usage: lectern import FILE [--from srs|nginx-rtmp|mediamtx]");
    return (await import("./node/commands/import/import-config.ts")).importConfig(file, from);
  }
  if (!file) throw new UsageError("usage: lectern import-lessons FOLDER… [--school NAME] [--course ID]");
  return (await import("./node/commands/import-lessons.ts")).importLessons(sourcesOf(values), { folders: files, school, course });
}

async function loadCommand(files: readonly string[], values: Values): Promise<number> {
  const { target, secret, metrics = [], html = null, json = false, keep = false, clean = false, compare = false } = values;
  const { loadCommand: run } = await import("./node/commands/load.ts");
  return run(sourcesOf(values), { files, target, secret, metrics, html, json, keep, clean, compare });
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
  const set: [path: string, text: string, where?: string][] = (values.set ?? []).map((pair) => {
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
    if (value !== undefined) set.push([path, value, `--${flag}`]);
  }
  if (values.roles !== undefined) set.push(["roles", `[${values.roles}]`, "--roles"]);
  const file = values.config ?? (process.env["LECTERN_CONFIG"] || (existsSync("lectern.yaml") ? "lectern.yaml" : null));
  return { file, env: process.env, set };
}

// A reader that closes the pipe (`| head`) does not stop the server.
process.stdout.on("error", () => {});
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const { text, exitCode } = explain(error);
  process.stderr.write(`${text}\n`);
  process.exit(exitCode);
}

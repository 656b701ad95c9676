/** Runs `lectern serve`: starts the server, prints a line when it is ready, reloads on SIGHUP, and drains on SIGTERM and SIGINT. */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { enableCompileCache, flushCompileCache } from "node:module";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { ConfigError, type ConfigSources, loadConfig } from "../../platform/config/load.ts";
import { type Config, FIXED_KEYS } from "../../platform/config/schema.ts";
import { type Logger, openLog } from "../../platform/log.ts";
import { SERVER_PACKAGE } from "../../platform/program.ts";
import { surviveUnanswered } from "../../platform/rpc-channel.ts";
import type { DemoSchool } from "../../school/school.ts";
import type { Supervisor } from "../processes/supervisor.ts";
import { type Demo, startDemo } from "./demo/demo-stream.ts";
import { type PhoneAddress, phoneAddress } from "./phone-address.ts";
import { withServerSecrets } from "./server-secrets.ts";
import { openServiceManager } from "./service-manager.ts";
import { prepareDataDir } from "./start-refusal.ts";

export type ServeOptions = {
  readonly sources: ConfigSources;
  readonly demo: boolean;
};

const PAGES = join(SERVER_PACKAGE, "../web/dist");
/** A start that takes no longer than this says nothing. */
const PROGRESS_MS = 2000;
const DEMO_STREAM = "live/demo";

/** Returns when the server is ready; it runs until a signal. @throws ConfigError, StartRefusal, and system errors such as a port in use */
export async function serve(options: ServeOptions): Promise<void> {
  const demoKey = options.demo ? randomBytes(9).toString("base64url") : null;
  const completed = (config: Config) => withServerSecrets(withDemoKey(config, demoKey));
  const given = loadConfig(options.sources);
  const { dataDir, database } = given;
  prepareDataDir(dataDir, database.url === "" && !existsSync(join(dataDir, "db")));
  keepCompiledCode(dataDir);
  const { startSupervisor } = await import("../processes/supervisor.ts");
  let config = completed(given);
  const log = openLog(process.env["LECTERN_LOG_LEVEL"]);
  const serviceManager = openServiceManager(process.env, log);
  surviveUnanswered((error) => log.warn({ err: error }, "another process has not answered"));
  let demoSchool: DemoSchool | null = null as DemoSchool | null;
  const progress = reportProgress();
  const supervisor = await startSupervisor({
    config,
    log,
    adminToken: process.env["LECTERN_ADMIN_TOKEN"] || null,
    adminPassword: process.env["LECTERN_ADMIN_PASSWORD"] || null,
    pages: PAGES,
    onDemo: options.demo
      ? (school) => {
          demoSchool ??= school;
        }
      : null,
    onNameTaken: () => {
      log.fatal("node name taken by another node of the cluster; give each node its own cluster.node.id");
      process.exit(1);
    },
    onForeignDatabase: (node) => {
      log.fatal({ node }, "control node uses another database than the others; give all of them the same database.url");
      process.exit(1);
    },
    onFirstPassword: (password) => process.stdout.write(`administrator: admin\npassword: ${password}\n`),
  });
  const host = shownHost(config.http.host);
  const base = `http://${host}:${supervisor.httpPort}`;
  let demo: Demo | null = null;

  process.on("SIGHUP", () => {
    try {
      const next = completed(loadConfig(options.sources));
      const fixed = FIXED_KEYS.filter((key) => !isDeepStrictEqual(valueAt(config, key), valueAt(next, key)));
      supervisor.reload(next);
      config = next;
      log.info(fixed.length > 0 ? { needRestart: fixed } : {}, "configuration reloaded");
    } catch (error) {
      const reason = error instanceof ConfigError ? error.message : String(error);
      log.error({ reason }, "configuration not reloaded, the old one stays in force");
    }
  });

  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    const deadline = setTimeout(() => {
      log.error("drain timed out, stopping");
      process.exit(1);
    }, config.drainSeconds * 1000);
    deadline.unref();
    serviceManager.stopping();
    demo?.close();
    const { publishers, viewers } = await supervisor.drain();
    log.info({ signal, publishers, viewers }, "drained and stopped");
    process.exit(0);
  };
  process.on("SIGTERM", () => void stop("SIGTERM"));
  process.on("SIGINT", () => void stop("SIGINT"));

  clearInterval(progress);
  flushCompileCache();
  log.info({ http: supervisor.httpPort, rtmp: supervisor.rtmpPort }, "ports open");
  // A reader of this line may send a signal at once, so the handlers are installed before.
  process.stdout.write(`lectern ready ${base}\n`);
  serviceManager.ready();
  if (demoKey !== null && demoSchool)
    demo = await announceDemo(supervisor, config, { key: demoKey, school: demoSchool, base, host }, log);
}

type DemoStart = { readonly key: string; readonly school: DemoSchool; readonly base: string; readonly host: string };

/** Publishes the demonstration, and prints how to watch it, how to push, and who teaches. */
async function announceDemo(
  { rtmpPort, httpPort }: Supervisor,
  { publish, http }: Config,
  { key: demoKey, school, base, host }: DemoStart,
  log: Logger,
): Promise<Demo> {
  const key = publish.keys[DEMO_STREAM] ?? demoKey;
  const { lesson, examCode, login, password } = school;
  const demo = startDemo(rtmpPort, [`${DEMO_STREAM}?key=${key}`, `${lesson.app}/${lesson.name}?key=${lesson.key}`], log);
  // Only here: it brings the board's code.
  const { startDemoLesson } = await import("./demo/demo-lesson.ts");
  const people = startDemoLesson(base, school, log);
  const classPath = `/j/${lesson.code}`;
  const phone = phoneAddress({ publicUrl: http.publicUrl, host: http.host, port: httpPort });
  const lines = [
    `watch: ${base}/?stream=demo`,
    `push: rtmp://${host}:${rtmpPort}/live/mine`,
    `key: ${publish.keys["live/mine"]}`,
    `class: ${base}${classPath}`,
    `exam: ${base}/exam/${examCode}`,
    `studio: ${base}/studio/${lesson.id}`,
    `console: ${base}/console`,
    `teacher: ${login}`,
    `teacher password: ${password}`,
    ...(await phoneLines(phone, classPath)),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
  return {
    ...demo,
    close: () => {
      people.close();
      demo.close();
    },
  };
}

/** An address with its QR code, or why there is none. */
async function phoneLines(phone: PhoneAddress, path: string): Promise<readonly string[]> {
  if ("missing" in phone) return [`no QR code: ${phone.missing}`];
  const url = `${phone.url}${path}`;
  const { toString: qrCode } = await import("qrcode");
  return [`class for phones: ${url}`, await qrCode(url, { type: "utf8", errorCorrectionLevel: "L" })];
}

/** Keeps compiled code beside the data: without it, most of a start and of a restart is compiling. It may be deleted at any time. */
function keepCompiledCode(dataDir: string): void {
  if (process.env["NODE_COMPILE_CACHE"]) return;
  const directory = join(dataDir, "compile-cache");
  enableCompileCache(directory);
  // Child processes take it from here.
  process.env["NODE_COMPILE_CACHE"] = directory;
}

/** Says on the terminal that a slow start goes on. */
function reportProgress(): NodeJS.Timeout {
  const begun = performance.now();
  const report = (): void => {
    const seconds = Math.round((performance.now() - begun) / 1000);
    process.stderr.write(`lectern: starting, ${seconds} s so far; a first start and a busy machine take longer\n`);
  };
  return setInterval(report, PROGRESS_MS).unref();
}

/** Adds keys for the demonstration stream and for a stream that its user can publish to. */
function withDemoKey(config: Config, key: string | null): Config {
  if (key === null) return config;
  return { ...config, publish: { ...config.publish, keys: { [DEMO_STREAM]: key, "live/mine": key, ...config.publish.keys } } };
}

function shownHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}

function valueAt(config: Config, path: string): unknown {
  let value: unknown = config;
  for (const key of path.split(".")) value = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
  return value;
}

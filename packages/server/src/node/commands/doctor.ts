/** Runs `lectern doctor`: checks what the server needs of this machine, and prints how to fix what is missing. */
import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { constants } from "node:fs";
import { access, mkdir, readFile, statfs, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { promisify } from "node:util";
import { sql } from "kysely";
import { directoriesOf } from "../../library/files/directories.ts";
import { openStorage } from "../../library/storage/storage.ts";
import { thisMachine } from "../../live/transcode/machine-ladder.ts";
import { type ConfigSources, loadConfig } from "../../platform/config/load.ts";
import type { Config } from "../../platform/config/schema.ts";
import { openLog } from "../../platform/log.ts";
import { connectStore } from "../../platform/store/store.ts";
import { readTlsPair, type TlsPaths } from "../../platform/tls-files.ts";
import { checkCapacity, openFilesLimit } from "./doctor-capacity.ts";
import { checkEncoders, checkLadder } from "./doctor-encoders.ts";
import { checkGeoip } from "./doctor-geoip.ts";
import { checkMaterials } from "./doctor-materials.ts";
import { checkOperators, checkOperatorToken, type Finding } from "./doctor-operators.ts";
import { checkProxy } from "./doctor-proxy.ts";
import { checkWatermark } from "./doctor-watermark.ts";
import { KERNEL_SETTINGS, settingPath } from "./kernel-settings.ts";

export type DoctorOptions = {
  readonly sources: ConfigSources;
  /** Applies the recommended kernel settings. */
  readonly apply: boolean;
};

const run = promisify(execFile);
const SIGNS = { good: "ok    ", advice: "advice", bad: "BAD   " } as const;
const OLDEST_POSTGRES = 150_000;
const LOW_DISK_BYTES = 5e9;
/** Automatic certificates are renewed a month before they expire. */
const RENEW_DAYS = 14;
const TRIAL_OBJECT = "lectern-doctor";
const WANTED_FILES = 65536;
const PERSISTENT_FILE = "/etc/sysctl.d/90-lectern.conf";

export async function doctor(options: DoctorOptions): Promise<number> {
  const config = loadConfig(options.sources);
  const findings: Finding[] = [
    checkNode(),
    await checkFfmpeg(),
    await checkEncoders(config),
    checkLadder(config, await thisMachine()),
    await checkWatermark(),
    ...(await checkMaterials(config)),
    await checkPort("http.port", config.http.host, config.http.port),
    await checkPort("rtmp.port", config.rtmp.host, config.rtmp.port),
    ...(await checkTls("http.tls", config.http.host, config.http.tls)),
    ...(await checkTls("rtmp.tls", config.rtmp.host, config.rtmp.tls)),
    await checkDisk(config),
    await checkDatabase(config),
    ...(await checkStorage(config)),
    ...checkOperators(config),
    ...checkOperatorToken(config, process.env["LECTERN_ADMIN_TOKEN"], Date.now()),
    ...checkProxy(config),
    await checkGeoip(config, openLog("silent")),
    await checkOpenFiles(),
    await checkClock(),
    ...(await checkKernel(options.apply)),
    ...(await checkCapacity(config)),
  ];
  for (const { state, what, fix } of findings) process.stdout.write(`${SIGNS[state]}  ${what}${fix ? `\n        ${fix}` : ""}\n`);
  const bad = findings.filter((finding) => finding.state === "bad").length;
  const advice = findings.filter((finding) => finding.state === "advice").length;
  process.stdout.write(`${findings.length} checks, ${bad} bad, ${advice} advice\n`);
  return bad > 0 ? 1 : 0;
}

function checkNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const good = major > 24 || (major === 24 && minor >= 12);
  return good
    ? { state: "good", what: `Node.js ${process.versions.node}` }
    : { state: "bad", what: `Node.js ${process.versions.node} is too old`, fix: "use 24.12 or newer; script/up brings one" };
}

async function checkFfmpeg(): Promise<Finding> {
  try {
    const { stdout } = await run("ffmpeg", ["-hide_banner", "-version"]);
    const version = /ffmpeg version n?(\d+)(\.\d+)*/.exec(stdout);
    if (version && Number(version[1]) < 5) {
      return { state: "advice", what: `${version[0]} is old`, fix: "Lectern is tested with 5.1 and newer" };
    }
    return { state: "good", what: version?.[0] ?? "ffmpeg" };
  } catch {
    return { state: "bad", what: "ffmpeg is missing", fix: "apt-get install ffmpeg; the demonstration needs it" };
  }
}

async function checkPort(key: string, host: string, port: number): Promise<Finding> {
  const error = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
    const server = createServer();
    server.once("error", (reason) => resolve(reason));
    server.listen({ host, port }, () => server.close(() => resolve(null)));
  });
  if (!error) return { state: "good", what: `port ${port} (${key}) is free` };
  const fix =
    error.code === "EADDRINUSE" ? `another program has it (ss -ltnp 'sport = :${port}'), or set ${key}` : String(error.message);
  return { state: "bad", what: `port ${port} (${key}) cannot be opened`, fix };
}

/** The port and the certificate of HTTPS or RTMPS, where they are configured. */
async function checkTls(key: string, host: string, tls: (TlsPaths & { port: number }) | null): Promise<Finding[]> {
  if (!tls) return [];
  return [await checkPort(`${key}.port`, host, tls.port), checkCertificate(key, tls)];
}

function checkCertificate(key: string, paths: TlsPaths): Finding {
  try {
    const { subject, validTo } = new X509Certificate(readTlsPair(paths).cert);
    const days = Math.floor((Date.parse(validTo) - Date.now()) / 86_400_000);
    const what = `${key}: the certificate of ${subject.replace(/^.*CN=/s, "")} is good for ${days} days`;
    if (days < 0) return { state: "bad", what: `${key}: the certificate has expired`, fix: "renew it; browsers refuse it now" };
    return days < RENEW_DAYS ? { state: "advice", what, fix: "check its automatic renewal" } : { state: "good", what };
  } catch (error) {
    const fix = error instanceof Error ? error.message : String(error);
    return { state: "bad", what: `${key}: the certificate cannot be used`, fix };
  }
}

/** Whether the database is reachable, and how durable it is. */
async function checkDatabase({ database: { url }, dataDir }: Config): Promise<Finding> {
  if (url === "")
    return {
      state: "advice",
      what: "the database is embedded: committed data survive a killed process, but not a power cut",
      fix: "set database.url to a PostgreSQL 15 or newer if the last moments must not be lost (docs/operations.md)",
    };
  try {
    const store = await connectStore<unknown>({ url, dataDir, log: openLog("silent") });
    try {
      const { rows } = await sql<{ version: number; fsync: string; commits: string }>`
        select current_setting('server_version_num')::integer as version, current_setting('fsync') as fsync,
               current_setting('synchronous_commit') as commits`.execute(store.db);
      const { version = 0, fsync, commits } = rows[0] ?? {};
      const what = `PostgreSQL ${Math.floor(version / 10_000)} (database.url)`;
      if (version < OLDEST_POSTGRES) return { state: "bad", what: `${what} is too old`, fix: "15 or newer is needed" };
      if (fsync !== "on" || commits === "off")
        return {
          state: "advice",
          what: `${what} loses committed data in a power cut`,
          fix: "set fsync and synchronous_commit to on",
        };
      return { state: "good", what };
    } finally {
      await store.close();
    }
  } catch (error) {
    return { state: "bad", what: "the database cannot be reached", fix: error instanceof Error ? error.message : String(error) };
  }
}

/** Whether the object storage writes, reads and deletes, where it is configured. */
async function checkStorage(config: Config): Promise<Finding[]> {
  const storage = await openStorage(config, directoriesOf(config.dataDir));
  if (!storage) return [];
  const { store } = storage;
  const sent = Buffer.from(`lectern doctor ${Date.now()}`);
  try {
    await store.put(TRIAL_OBJECT, sent, "text/plain");
    const got = await store.read(TRIAL_OBJECT, 0, sent.length);
    await store.remove(TRIAL_OBJECT);
    if (!got?.equals(sent)) throw new Error("the object read is not the object written");
    return [{ state: "good", what: `the object storage writes, reads and deletes (${config.storage.s3?.endpoint})` }];
  } catch (error) {
    const fix = `${error instanceof Error ? error.message : String(error)}: check endpoint, bucket, keys and addressing (docs/recording.md)`;
    return [{ state: "bad", what: `the object storage cannot be used (${config.storage.s3?.endpoint})`, fix }];
  } finally {
    store.close();
  }
}

async function checkDisk(config: Config): Promise<Finding> {
  try {
    await mkdir(config.dataDir, { recursive: true });
    await access(config.dataDir, constants.W_OK);
    const { bavail, bsize } = await statfs(config.dataDir);
    const free = bavail * bsize;
    const what = `${config.dataDir} is writable, ${(free / 1e9).toFixed(1)} GB free`;
    return free < LOW_DISK_BYTES ? { state: "advice", what, fix: "recordings fill less than 5 GB soon" } : { state: "good", what };
  } catch (error) {
    return {
      state: "bad",
      what: `${config.dataDir} cannot be written`,
      fix: error instanceof Error ? error.message : String(error),
    };
  }
}

async function checkOpenFiles(): Promise<Finding> {
  const limit = await openFilesLimit();
  if (limit === null) return { state: "good", what: "open files: unknown on this system" };
  return limit >= WANTED_FILES
    ? { state: "good", what: `${limit} open files` }
    : {
        state: "advice",
        what: `only ${limit} open files`,
        fix: `each viewer is one: ulimit -n ${WANTED_FILES}, or LimitNOFILE in the unit`,
      };
}

async function checkClock(): Promise<Finding> {
  try {
    const { stdout } = await run("timedatectl", ["show", "--property=NTPSynchronized", "--value"]);
    if (stdout.trim() === "yes") return { state: "good", what: "the clock is synchronised" };
    return {
      state: "advice",
      what: "the clock is not synchronised",
      fix: "signed links and several nodes need it: timedatectl set-ntp true",
    };
  } catch {
    return {
      state: "advice",
      what: "the state of clock synchronisation is unknown",
      fix: "signed links and several nodes need it",
    };
  }
}

async function checkKernel(apply: boolean): Promise<Finding[]> {
  const findings: Finding[] = [];
  const applied: string[] = [];
  for (const { name, wanted, isFine, why } of KERNEL_SETTINGS) {
    const value = (await readFile(settingPath(name), "utf8").catch(() => null))?.trim();
    if (value === undefined) continue;
    if (isFine(value)) findings.push({ state: "good", what: `${name} = ${value}` });
    else if (!apply)
      findings.push({ state: "advice", what: `${name} = ${value}`, fix: `${wanted} ${why}: lectern doctor --apply` });
    else {
      const error = await writeFile(settingPath(name), wanted).then(
        () => null,
        (reason: Error) => reason,
      );
      if (error) findings.push({ state: "advice", what: `${name} could not be set`, fix: error.message });
      else {
        applied.push(`${name} = ${wanted}`);
        findings.push({ state: "good", what: `${name} = ${wanted} (was ${value})` });
      }
    }
  }
  if (applied.length > 0) {
    await writeFile(PERSISTENT_FILE, `${applied.join("\n")}\n`).catch(() => {});
    findings.push({ state: "good", what: `written to ${PERSISTENT_FILE} for the next boot` });
  }
  return findings;
}

/**
 * Runs a program on a file that nobody has checked, in a sandbox: namespaces of its own without a network, with nothing of the machine but its programs,
 * fonts and the job's folder; as another user; with limits of memory, processor time, wall time and output. Where namespaces are refused, as in
 * containers, the kernel's filters close it off. When it ends, or this process does, everything in the sandbox is killed.
 */
import { randomInt } from "node:crypto";
import { chown, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { startBackgroundGroup, stderrTail } from "../../platform/jobs/process-group.ts";
import { runProgram } from "../../platform/jobs/run-process.ts";
import { confinedCommand } from "./confinement.ts";
import { SANDBOX_SCRIPT, SETTINGS } from "./sandbox-script.ts";
import { folderBytes, groupUsage, treeUsage } from "./sandbox-usage.ts";

/**
 * root: this process is root, and each job gets a user of its own. user: an ordinary user's namespaces. confined: no namespaces, but filters of system calls
 * and of files. open: limits only, where the operator said so.
 */
export type SandboxMode = "root" | "user" | "confined" | "open";

export type SandboxLimits = {
  /** Of the address space of each process, and of all of them together. */
  readonly memoryBytes: number;
  readonly withinMs: number;
  /** The program is killed when it writes no line for so long, in which it did nothing either. */
  readonly silentMs: number;
  /** Of everything in the job's folder. */
  readonly maxBytes: number;
};

export type SandboxStop = "time-limit" | "memory-limit" | "too-large" | "given-up" | "interrupted";

export type SandboxRun = {
  /** Null when it was killed. */
  readonly code: number | null;
  /** Why it was killed; interrupted: by something else than this process, or because it had no processor. Null: it ended by itself. */
  readonly stopped: SandboxStop | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type SandboxPriority = {
  /** setpriority(2): 0 is that of everything else, 19 comes last. */
  readonly nice: number;
  /** How long one process may compute. */
  readonly cpuSeconds: number;
};

/** Everything else on the machine comes before it. */
export const BACKGROUND: SandboxPriority = { nice: 10, cpuSeconds: 180 };
const MAX_FILES = 256;
const MAX_PROCESSES = 512;
const MAX_STDOUT = 1024 * 1024;
const WATCH_MS = 200;
/** A busy machine lets programs of the lowest priority wait. */
const PROBE_MS = 60_000;
const FIND_WITHIN_MS = 10_000;
const MAX_PATH_BYTES = 4096;
/** Users of jobs: no accounts of a system are in this range. */
const USERS = { from: 2_000_000_000, to: 2_100_000_000 } as const;
/** What packages of programs keep outside of /usr. */
const CACHES = ["/var/cache/fontconfig", "/var/lib/libreoffice", "/var/spool/libreoffice"];
const PROGRAMS = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";
const NAMESPACES = ["--net", "--pid", "--mount", "--ipc", "--uts", "--fork", "--kill-child"];
/** What a shell tells of a program that a signal has ended. */
const SIGNALLED = 128;
const KILLED = SIGNALLED + 9;
const OUT_OF_TIME = SIGNALLED + 24;

export type SandboxJob = {
  readonly mode: SandboxMode;
  /** Has the folders `home` and `tmp`. */
  readonly folder: string;
  readonly user: number;
  readonly limits: SandboxLimits;
  /** Ends the run at once, as given up. */
  readonly stop: AbortSignal;
};

/**
 * The mode that this machine allows; null: none, and conversions are refused unless the operator wants none.
 * @throws Error where that could not be found out now
 */
export async function probeSandbox(): Promise<SandboxMode | null> {
  for (const mode of [process.getuid?.() === 0 ? "root" : "user", "confined"] as const) if (await isPossible(mode)) return mode;
  return null;
}

/** What programs are not kept from, for operators; empty: nothing. */
export function missingProtection(mode: SandboxMode | null): string {
  switch (mode) {
    case "root":
    case "user":
      return "";
    case "confined":
      return "namespaces are refused here: programs have no network and no files but their own, but run as the server's user, which sees their processes";
    case "open":
      return "programs have the files and the network of the server's user";
    case null:
      return "namespaces are refused here, and Linux has no Landlock (5.13 and later), or perl is missing";
  }
}

async function isPossible(mode: SandboxMode): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), "lectern-sandbox-"));
  try {
    const limits = { memoryBytes: 256 * 1024 * 1024, withinMs: PROBE_MS, silentMs: PROBE_MS, maxBytes: 1024 * 1024 };
    const job = await openJob(mode, join(folder, "job"), limits, new AbortController().signal).catch((error: unknown) => {
      if (isRefused(error)) return null;
      throw error;
    });
    if (job === null) return false;
    const { code, stopped, stderr } = await runInSandbox(job, ["true"], () => {});
    if (stopped !== null) throw new Error(`the sandbox was not tried to the end: ${stopped} ${stderr}`);
    return code === 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A root without capabilities, or of a namespace with few users, may give no file to another user. */
function isRefused(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "EPERM" || error.code === "EINVAL");
}

/** Makes the folder of a job, which the job's user can write to. */
export async function openJob(mode: SandboxMode, folder: string, limits: SandboxLimits, stop: AbortSignal): Promise<SandboxJob> {
  const user = mode === "root" ? randomInt(USERS.from, USERS.to) : 0;
  for (const name of ["", "home", "tmp", "out"]) {
    const path = join(folder, name);
    await mkdir(path, { recursive: true, mode: 0o700 });
    if (user !== 0) await chown(path, user, user);
  }
  return { mode, folder, user, limits, stop };
}

/** @param onLine gets each line of its standard output */
export async function runInSandbox(
  job: SandboxJob,
  command: readonly string[],
  onLine: (line: string) => void,
  priority: SandboxPriority = BACKGROUND,
): Promise<SandboxRun> {
  const { folder, limits, stop } = job;
  const root = `${folder}.root`;
  await mkdir(root, { recursive: true });
  const { program, args } = await commandOf(job, root, command, priority.cpuSeconds);
  const group = startBackgroundGroup(program, args, 0, priority.nice);
  const stderr = stderrTail(group);
  group.stdin.end();
  let stopped: SandboxStop | null = null;
  const end = (reason: SandboxStop): void => {
    stopped ??= reason;
    group.kill();
  };
  const give = () => end("given-up");
  stop.addEventListener("abort", give);
  if (stop.aborted) give();
  let stdout = "";
  let line = "";
  const beganAt = performance.now();
  let heardAt = beganAt;
  let waitedMs = 0;
  group.stdout.on("data", (bytes: Buffer) => {
    heardAt = performance.now();
    const text = bytes.toString();
    if (stdout.length + text.length > MAX_STDOUT) return end("too-large");
    stdout += text;
    const lines = `${line}${text}`.split("\n");
    line = lines.pop() ?? "";
    for (const one of lines) onLine(one);
  });
  // Without namespaces, a child whose parent has ended is nobody's any more, but stays in the group.
  const usageOf = job.mode === "confined" || job.mode === "open" ? groupUsage : treeUsage;
  let isWatching = false;
  const timer = setInterval(() => {
    const now = performance.now();
    // One that had no processor for most of its time is tried again later.
    if (now - beganAt > limits.withinMs) return end(waitedMs > limits.withinMs / 2 ? "interrupted" : "time-limit");
    if (isWatching || group.pid === null) return;
    isWatching = true;
    void Promise.all([usageOf(group.pid), folderBytes(folder)]).then(([usage, bytes]) => {
      isWatching = false;
      waitedMs = Math.max(waitedMs, usage.waitedMs);
      // A program that computes or waits for a processor does not hang; how long it may compute is limited apart.
      if (usage.isBusy) heardAt = performance.now();
      else if (performance.now() - heardAt > limits.silentMs) end("time-limit");
      if (usage.memoryBytes > limits.memoryBytes) end("memory-limit");
      if (bytes > limits.maxBytes) end("too-large");
    });
  }, WATCH_MS);
  const { code, failure } = await group.exited;
  clearInterval(timer);
  stop.removeEventListener("abort", give);
  await rm(root, { recursive: true, force: true });
  const because = stopped ?? (code === OUT_OF_TIME ? "time-limit" : code === null || code === KILLED ? "interrupted" : null);
  return { code: because === null ? code : null, stopped: because, stdout, stderr: failure ?? stderr() };
}

async function commandOf({ mode, folder, user, limits }: SandboxJob, root: string, command: readonly string[], cpuSeconds: number) {
  const bounds = [
    `--as=${limits.memoryBytes}`,
    `--cpu=${cpuSeconds}`,
    `--fsize=${limits.maxBytes}`,
    `--nofile=${MAX_FILES}`,
    `--nproc=${MAX_PROCESSES}`,
    "--core=0",
  ];
  if (mode === "open" || mode === "confined") return outsideCommand(mode, folder, bounds, command);
  const identity = mode === "user" ? ["--user", "--map-root-user"] : [];
  const further = (await programFolders()).join(":");
  const script = ["sh", "-c", SANDBOX_SCRIPT, "sh", root, folder, mode === "user" ? "0" : String(user), further, bounds.join(" ")];
  return { program: "env", args: ["-i", `PATH=${PROGRAMS}`, "unshare", ...identity, ...NAMESPACES, ...script, ...command] };
}

/** Without namespaces: addresses below /job become those of the folder. */
async function outsideCommand(mode: "open" | "confined", folder: string, bounds: readonly string[], command: readonly string[]) {
  const args = command.map((argument) => argument.replaceAll("/job", folder));
  const environment = [`PATH=${PROGRAMS}`, `HOME=${folder}/home`, `TMPDIR=${folder}/tmp`, "LANG=C.UTF-8", "SAL_USE_VCLPLUGIN=svp"];
  const inFolder = ["sh", "-c", 'cd -- "$1" && shift && exec "$@"', "sh", folder, ...args];
  const settings = [...SETTINGS.map((name) => `/etc/${name}`), ...CACHES];
  const closed = mode === "open" ? inFolder : confinedCommand(await programFolders(), settings, folder, inFolder);
  const identity = process.getuid?.() === 0 ? ["--bounding-set=-all", "--inh-caps=-all"] : [];
  const limited = ["prlimit", ...bounds, "setpriv", "--no-new-privs", ...(mode === "open" ? [] : identity)];
  return { program: "env", args: ["-i", ...environment, "MALLOC_ARENA_MAX=2", ...limited, ...closed] };
}

/** The folders of installed programs outside of /usr that the converters are in, such as an ffmpeg or a LibreOffice below /opt. */
let folders: Promise<string[]> | null = null;
function programFolders(): Promise<string[]> {
  folders ??= findFolders();
  return folders;
}

async function findFolders(): Promise<string[]> {
  const found = new Set<string>();
  for (const name of ["soffice", "ffmpeg", "pdftoppm"]) {
    const { output } = await runProgram({
      command: "env",
      args: ["-i", `PATH=${PROGRAMS}`, "sh", "-c", 'readlink -f "$(command -v "$1")"', "sh", name],
      withinMs: FIND_WITHIN_MS,
      maxBytes: MAX_PATH_BYTES,
    });
    const path = output?.toString().trim() ?? "";
    // A program lies in the folder `bin` or `program` of its installation.
    if (path.startsWith("/opt/")) found.add(dirname(dirname(path)));
  }
  return [...found].filter((folder) => folder !== "/opt");
}

/** Removes the folder of a job. Its files belong to another user, and their names may be anything. */
export async function removeJob(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

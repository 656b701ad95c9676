/**
 * Provides a Debian in which nothing but ffmpeg is installed, for programs that are tried as on a new machine: made by debootstrap once, each test writes
 * into a layer of its own. Programs in it share the machine's network.
 */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Lectern, lecternAt, type Scope, TOKEN, until } from "./lectern.ts";

const CACHE = join(import.meta.dirname, "../.cache");
const BASE = join(CACHE, "debian-bookworm");
/** ffmpeg is what the documents ask for; the others are what a Debian has that debootstrap leaves out. */
const PACKAGES = "adduser,ca-certificates,ffmpeg,fonts-dejavu-core";
/** What it sees is the base, with what was written above it. `unshare` ends the mounts with the process. */
const ENTER = `mount -t overlay overlay -o "lowerdir=$1,upperdir=$2,workdir=$3" "$4" && mount -t proc proc "$4/proc" && mount --rbind /dev "$4/dev" &&
  { root="$4"; shift 4; exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 LECTERN_ADMIN_TOKEN="$TOKEN" chroot "$root" "$@"; }`;

export type DebianRoot = {
  /** Where files for it are put: its `/`, as far as something was written there. */
  readonly written: string;
  /** Runs a program to its end. @returns what it said @throws with what it said, where it fails */
  readonly run: (...command: readonly string[]) => string;
  /** Starts a server, and waits until it is ready. */
  readonly serve: (command: readonly string[]) => Promise<ServerInRoot>;
};

export type ServerInRoot = Lectern & {
  readonly readyAfterMs: number;
  /** Sends SIGTERM and gives the exit code. */
  readonly stop: () => Promise<number | null>;
};

/** @param base another root than this Debian, which stays as it is */
export function debianRoot(t: Scope, base = madeBase()): DebianRoot {
  const directory = mkdtempSync(join(tmpdir(), "lectern-debian-"));
  t.after(() => rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  const [upper = "", work = "", root = ""] = ["upper", "work", "root"].map((name) => join(directory, name));
  for (const folder of [upper, work, root]) mkdirSync(folder);
  const inside = (command: readonly string[]) =>
    ["unshare", ["--mount", "--propagation", "private", "sh", "-c", ENTER, "sh", base, upper, work, root, ...command]] as const;
  const env = { ...process.env, TOKEN };
  return {
    written: upper,
    run: (...command) => execFileSync(...inside(command), { env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }),
    serve: async (command) => {
      const begun = performance.now();
      const child = spawn(...inside(command), { env, stdio: ["ignore", "pipe", "pipe"] });
      let said = "";
      const exited = new Promise<number | null>((resolve) => child.on("exit", resolve));
      const hear = (bytes: Buffer): void => {
        said += bytes;
      };
      child.stdout.on("data", hear);
      child.stderr.on("data", hear);
      t.after(async () => {
        child.kill("SIGKILL");
        await exited;
      });
      let isOver = false;
      void exited.then(() => {
        isOver = true;
      });
      const http = await until(() => {
        if (isOver) throw new Error(`the server ended:\n${said}`);
        return /lectern ready (\S+)/.exec(said)?.[1] ?? null;
      }, "the server in Debian");
      const readyAfterMs = performance.now() - begun;
      const rtmpPort = Number(/"rtmp":(\d+)/.exec(said)?.[1]);
      const lectern = lecternAt(
        { http: http.replace("localhost", "127.0.0.1"), rtmpPort, directory, pid: child.pid ?? 0 },
        () => said,
      );
      return {
        ...lectern,
        readyAfterMs,
        stop: () => {
          lectern.process.kill("SIGTERM");
          return exited;
        },
      };
    },
  };
}

function madeBase(): string {
  if (existsSync(BASE)) return BASE;
  mkdirSync(CACHE, { recursive: true });
  const making = `${BASE}-${process.pid}`;
  const packages = ["--variant=minbase", `--include=${PACKAGES}`];
  execFileSync("debootstrap", [...packages, "bookworm", making], { stdio: ["ignore", "ignore", "inherit"] });
  execFileSync("chroot", [making, "apt-get", "clean"]);
  if (existsSync(BASE)) rmSync(making, { recursive: true });
  else renameSync(making, BASE);
  return BASE;
}

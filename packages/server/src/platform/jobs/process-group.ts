/**
 * Starts a program as the leader of a process group of its own, which is killed as a whole: by its owner, when the program ends, and when
 * the owner itself is killed with SIGKILL. Node.js has no PR_SET_PDEATHSIG, so a shell in the group waits on a pipe that only the owner
 * holds, and kills the group when the pipe closes.
 *
 * A program has the descriptors that it is given, and no other. Node.js opens all of its own with close-on-exec; a native library, such as that of
 * WebRTC, may not, and a converter in a namespace without network could send by the sockets that it inherited.
 *
 * Nor has it the server's own variables: they may hold its secrets, and most programs read what strangers send.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { Duplex, type Readable, type Writable } from "node:stream";

/** Closes what else is inherited, from descriptor `$1` on. bash: the usual `sh` closes no descriptor above 9. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's
const CLOSE = 'for fd in /proc/self/fd/*; do fd=${fd##*/}; if [ "$fd" -ge "$1" ]; then exec {fd}>&-; fi; done; shift; exec "$@"';
/** It reads no file of the user's and none that the environment names: what it reads from is a socket, which it takes for a sign-in from afar. */
const PLAIN = ["--norc", "--noprofile", "-p"] as const;
/** `exec` makes the program itself the group's leader, so that its exit code and its standard streams are not the shell's. */
const LAUNCH = '{ read -r _ <&3; kill -KILL 0; } </dev/null >/dev/null 2>&1 & exec "$@" 3<&-';
/** Exit codes of the shell for a program that it cannot start. */
const NOT_STARTED = new Set([126, 127]);
const OWN_VARIABLE = /^LECTERN_/;
const OWNER_PIPE = 3;
const MAX_STDERR_CHARACTERS = 2000;
/**
 * Priority of programs in the background (setpriority(2)). Where Linux has autogroups (sched(7)), a program's priority counts only within its
 * session, and the session, which each group has of its own, has another one.
 */
const BACKGROUND_NICE = 10;
/** The file descriptor of the first further pipe. */
export const FIRST_OUTPUT = 4;

export type GroupExit = {
  /** Null when a signal ended the program. */
  readonly code: number | null;
  readonly signal: string | null;
  /** Why the program could not be started; null when it was. */
  readonly failure: string | null;
};

export type ProcessGroup = {
  /** Of the program, which leads the group, so that it is the group's number too; null when it could not be started. */
  readonly pid: number | null;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Further pipes that the program writes to or reads from, from file descriptor 4 on. */
  readonly outputs: readonly Duplex[];
  /** Resolves when the program has ended and its output has been read. */
  readonly exited: Promise<GroupExit>;
  /** Kills the whole group at once. May be called twice. */
  readonly kill: () => void;
};

/** @param outputs number of further pipes */
export function startProcessGroup(command: string, args: readonly string[], outputs = 0): ProcessGroup {
  const further = Array.from({ length: outputs }, () => "pipe" as const);
  const launched = ["sh", "-c", LAUNCH, "sh", command, ...args];
  const child = spawn("bash", [...PLAIN, "-c", CLOSE, "bash", String(FIRST_OUTPUT + outputs), ...launched], {
    detached: true,
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !OWN_VARIABLE.test(name))),
    stdio: ["pipe", "pipe", "pipe", "pipe", ...further],
  });
  // A program that reads nothing more, or never started, closes its end.
  child.stdin.on("error", () => {});
  const extra = child.stdio[OWNER_PIPE];
  const ownerPipe = extra instanceof Duplex ? extra : null;
  ownerPipe?.on("error", () => {});
  let ended = false;
  // The waiting shell is in the group as long as this pipe is open, so the group's number cannot belong to another one yet.
  const kill = (): void => {
    if (ended) return;
    killGroup(child);
    ownerPipe?.destroy();
  };
  const exited = new Promise<GroupExit>((resolve) => {
    child.on("error", (error) => {
      ended = true;
      resolve({ code: null, signal: null, failure: error.message });
    });
    child.on("exit", () => {
      kill();
      ended = true;
    });
    child.on("close", (code, signal) =>
      resolve({ code, signal, failure: code !== null && NOT_STARTED.has(code) ? `${command} could not be started` : null }),
    );
  });
  const written = child.stdio.slice(FIRST_OUTPUT).filter((pipe) => pipe instanceof Duplex);
  for (const pipe of written) pipe.on("error", () => {});
  const { pid = null, stdin, stdout, stderr } = child;
  return { pid, stdin, stdout, stderr, outputs: written, exited, kill };
}

/** Starts a program that everything else on the machine comes before. @param nice its priority: 19 comes last */
export function startBackgroundGroup(
  command: string,
  args: readonly string[],
  outputs = 0,
  nice: number = BACKGROUND_NICE,
): ProcessGroup {
  const group = startProcessGroup("nice", ["-n", String(nice), command, ...args], outputs);
  try {
    writeFileSync(`/proc/${group.pid}/autogroup`, String(nice));
  } catch {
    // There are no autogroups here, or the program is gone.
  }
  return group;
}

/** Reads what a program writes to its standard error. Gives a function that gives the last characters of it. */
export function stderrTail({ stderr }: Pick<ProcessGroup, "stderr">): () => string {
  let tail = "";
  stderr.on("data", (bytes: Buffer) => {
    tail = `${tail}${bytes}`.slice(-MAX_STDERR_CHARACTERS);
  });
  return () => tail;
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The group is gone already.
  }
}

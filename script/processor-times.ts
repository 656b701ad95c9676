/**
 * Adds up how much of the processors a program and all that it starts use, by kind of process and by test file, for the end of a run. It looks at
 * /proc now and then: what lives shorter is in what its parent says of its children, and is named so.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";

/** Of proc_pid_stat(5), in ticks of the clock. */
export type ProcessTimes = {
  readonly pid: number;
  readonly parent: number;
  /** Since the machine began: with it a process id names one process. */
  readonly startedAt: number;
  readonly own: number;
  /** Of children that have ended and were waited for, and of theirs. */
  readonly ofEnded: number;
};

type Seen = ProcessTimes & { readonly kind: string; readonly file: string; readonly unseen: number };

/** In one line of the table; seconds. */
export type ProcessorShare = { readonly name: string; readonly seconds: number };

/** As `getconf CLK_TCK` says on every Linux that Node.js runs on. */
const TICKS_PER_SECOND = 100;
const LOOK_MS = 2000;
const SHORT_LIVED = "lived shorter than a look";
const RUNNER = "the runner and what it shares";
const TEST_FILE = /(?:^|\/)((?:e2e|packages|script|bench)\/\S+\.test\.ts|in-process-\S+\.mjs)$/;

/** What a process of a browser is, where it is not the first. */
const BROWSER_PART = /--type=([\w-]+)/;
/** Its others are this at first, and another soon. */
const UNFINISHED = "browsers: zygote";
/** What is said of a process by the arguments that it was started with. */
const KINDS: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ["servers: control", /\/child\.[jt]s (?:control|services)\b/],
  ["servers: media workers", /\/child\.[jt]s \S/],
  ["servers: supervisors", /\/main\.[jt]s serve\b/],
  ["browsers", /^\S*(?:chrom|firefox)/],
  ["ffmpeg", /^\S*ff(?:mpeg|probe)\b/],
  ["PostgreSQL", /^\S*(?:postgres|pg_ctl|initdb|psql)\b/],
  ["tests that share a process", /\/in-process-\S+\.mjs/],
  ["tests in a process of their own", /\.test\.ts\b/],
];

/** @param words the command line */
export function kindOf(words: readonly string[]): string {
  const line = words.join(" ");
  const kind = KINDS.find(([, pattern]) => pattern.test(line))?.[0] ?? (basename(words[0] ?? "") || "other programs");
  const [, part] = (kind === "browsers" && BROWSER_PART.exec(line)) || [];
  return part === undefined ? kind : `${kind}: ${part}`;
}

export class ProcessorTimes {
  private readonly root: number;
  private readonly wordsOf: (pid: number) => readonly string[];
  private living = new Map<number, Seen>();
  private readonly ended: Seen[] = [];

  /** @param root the process whose descendants are counted, and itself */
  constructor(root: number, wordsOf: (pid: number) => readonly string[]) {
    this.root = root;
    this.wordsOf = wordsOf;
  }

  /** @param processes all of the machine */
  take(processes: readonly ProcessTimes[]): void {
    const now = new Map<number, Seen>();
    const byPid = new Map(processes.map((one) => [one.pid, one]));
    for (const one of processes) this.see(one, byPid, now);
    for (const before of this.living.values()) {
      if (now.get(before.pid)?.startedAt === before.startedAt) continue;
      this.ended.push(before);
      // What it has said of itself, who waited for it says again.
      const waiting = this.livingAbove(before, now);
      if (waiting) now.set(waiting.pid, { ...waiting, unseen: waiting.unseen - before.own - before.ofEnded });
    }
    this.living = now;
  }

  by(what: "kind" | "file"): readonly ProcessorShare[] {
    const ticks = new Map<string, number>();
    const add = (name: string, more: number): void => void ticks.set(name, (ticks.get(name) ?? 0) + more);
    for (const one of [...this.ended, ...this.living.values()]) {
      add(one[what], one.own);
      // An orphan's times are not its parent's: then less is unseen than nothing.
      add(what === "kind" ? SHORT_LIVED : one.file, Math.max(0, one.ofEnded + one.unseen));
    }
    return [...ticks]
      .map(([name, count]) => ({ name, seconds: count / TICKS_PER_SECOND }))
      .toSorted((a, b) => b.seconds - a.seconds);
  }

  /** The nearest of those that started it that has not ended too. */
  private livingAbove({ parent }: Seen, now: ReadonlyMap<number, Seen>): Seen | undefined {
    const before = this.living.get(parent);
    const after = now.get(parent);
    return after || !before || parent === this.root ? after : this.livingAbove(before, now);
  }

  private see(one: ProcessTimes, byPid: ReadonlyMap<number, ProcessTimes>, now: Map<number, Seen>): Seen | null {
    const done = now.get(one.pid);
    if (done) return done;
    const before = this.living.get(one.pid);
    const known = before?.startedAt === one.startedAt ? before : null;
    const parent = known ? null : byPid.get(one.parent);
    const above = parent && one.pid !== this.root ? this.see(parent, byPid, now) : null;
    if (!known && !above && one.pid !== this.root) return null;
    const isKnown = known !== null && known.kind !== UNFINISHED;
    const words = isKnown ? [] : this.wordsOf(one.pid);
    const file = words.map((word) => TEST_FILE.exec(word)?.[1]).find((found) => found !== undefined);
    const seen: Seen = {
      ...one,
      kind: isKnown ? known.kind : one.pid === this.root ? RUNNER : kindOf(words),
      file: known?.file ?? file ?? above?.file ?? RUNNER,
      unseen: known?.unseen ?? 0,
    };
    now.set(one.pid, seen);
    return seen;
  }
}

/** Reads the times of all processes; none where the system has no /proc. */
function readProcesses(): ProcessTimes[] {
  const names = readNames().filter((name) => /^\d+$/.test(name));
  return names.map((name) => timesOf(Number(name))).filter((one) => one !== null);
}

function readNames(): string[] {
  try {
    return readdirSync("/proc");
  } catch {
    return [];
  }
}

function timesOf(pid: number): ProcessTimes | null {
  const text = read(pid, "stat");
  // The second field is a program's name, in brackets, and may have any signs.
  const fields = text
    .slice(text.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  const [, parent, ...rest] = fields;
  if (parent === undefined || rest.length === 0) return null;
  const at = (field: number): number => fields[field - 3] ?? 0;
  return { pid, parent, startedAt: at(22), own: at(14) + at(15), ofEnded: at(16) + at(17) };
}

function read(pid: number, file: "stat" | "cmdline"): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    // It has ended.
    return "";
  }
}

export type CountedProcessors = {
  /** Ends the counting, and keeps the whole table in a file of JSON. @returns by kind of process, the most first */
  readonly end: (file: string) => readonly ProcessorShare[];
};

/** Counts what this process and its descendants use. */
export function countProcessors(): CountedProcessors {
  const times = new ProcessorTimes(process.pid, (pid) => read(pid, "cmdline").split("\0"));
  const look = (): void => times.take(readProcesses());
  look();
  const timer = setInterval(look, LOOK_MS);
  return {
    end: (file) => {
      clearInterval(timer);
      look();
      writeFileSync(file, `${JSON.stringify({ kinds: times.by("kind"), files: times.by("file") }, null, 1)}\n`);
      return times.by("kind");
    },
  };
}

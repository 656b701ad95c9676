/**
 * Keeps on disk which clients were admitted, and which reports the back end has not taken yet, so that a killed process loses neither: the one that
 * opens the file next reports the end of the sessions that were open, and sends what was not sent. One line of JSON for each change, in a file of
 * this process alone. A line that is cut short is the last one, of a killed process; nothing depends on it.
 */
import { appendFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { systemClock } from "../../platform/clock.ts";
import type { Logger } from "../../platform/log.ts";
import { LogThrottle } from "../../platform/log-throttle.ts";
import type { CallbackEvent } from "./callback-event.ts";

/** What the back end is told, at one of its addresses. */
export type Report = {
  /** The same for each attempt, and for what another process reports of the same thing. */
  readonly id: string;
  readonly url: string;
  readonly action: string;
  /** What it is about, for the log. */
  readonly of: string;
  readonly type: string;
  readonly body: string;
  /** Milliseconds since 1970. */
  readonly at: number;
};

type Line =
  | { readonly opened: CallbackEvent }
  | { readonly closed: string }
  | { readonly report: Report }
  | { readonly sent: readonly [id: string, url: string] };

/** Lines that say nothing any more are left in the file until there are so many, and more than of others. */
const MAX_IDLE_LINES = 10_000;

export class ReportJournal {
  private readonly file: string;
  private readonly log: Logger;
  private readonly failures: LogThrottle;
  private readonly sessions = new Map<string, CallbackEvent>();
  private readonly reports = new Map<string, Report>();
  private lines = 0;

  /** @param file created with the first line; what it holds of an earlier process is read at once */
  constructor(file: string, log: Logger) {
    this.file = file;
    this.log = log;
    this.failures = new LogThrottle(systemClock, (count) => log.error({ count }, "callback journal errors suppressed"));
    for (const line of readLines(file)) this.apply(line);
  }

  /** Sessions and reports that are not over. */
  get open(): { readonly sessions: readonly CallbackEvent[]; readonly reports: readonly Report[] } {
    return { sessions: [...this.sessions.values()], reports: [...this.reports.values()] };
  }

  opened(event: CallbackEvent): void {
    this.write({ opened: event });
  }

  closed({ session }: CallbackEvent): void {
    if (this.sessions.has(session)) this.write({ closed: session });
  }

  added(report: Report): void {
    this.write({ report });
  }

  sent({ id, url }: Report): void {
    this.write({ sent: [id, url] });
  }

  private apply(line: Line): void {
    this.lines++;
    if ("opened" in line) this.sessions.set(line.opened.session, line.opened);
    else if ("closed" in line) this.sessions.delete(line.closed);
    else if ("report" in line) this.reports.set(keyOf(line.report.id, line.report.url), line.report);
    else this.reports.delete(keyOf(...line.sent));
  }

  private write(line: Line): void {
    this.apply(line);
    try {
      const needed = this.sessions.size + this.reports.size;
      if (this.lines > MAX_IDLE_LINES + 2 * needed) this.compact();
      else this.append(line);
    } catch (error) {
      // Memory still has it: only a process that is killed before the disk has room again loses it.
      if (this.failures.allow()) this.log.error({ reason: String(error) }, "callback journal not written");
    }
  }

  /** Waits for the file system: what the process is told next may be that it is killed. */
  private append(line: Line): void {
    const text = `${JSON.stringify(line)}\n`;
    try {
      appendFileSync(this.file, text, { mode: 0o600 });
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
      mkdirSync(dirname(this.file), { recursive: true });
      appendFileSync(this.file, text, { mode: 0o600 });
    }
  }

  private compact(): void {
    const { sessions, reports } = this.open;
    const lines: Line[] = [...sessions.map((opened) => ({ opened })), ...reports.map((report) => ({ report }))];
    const draft = `${this.file}.draft`;
    try {
      writeFileSync(draft, lines.map((line) => `${JSON.stringify(line)}\n`).join(""), { mode: 0o600 });
      renameSync(draft, this.file);
      this.lines = lines.length;
    } catch (error) {
      rmSync(draft, { force: true });
      throw error;
    }
  }
}

/** Takes what processes have left that will not start again. @param isLeft of the name of a file in the folder */
export function adoptJournals(folder: string, own: string, isLeft: (name: string) => boolean): void {
  let names: string[] = [];
  try {
    names = readdirSync(folder).filter(isLeft);
  } catch {
    // There was none yet.
  }
  for (const name of names) {
    // Lines mean the same in any file, so a process that is killed between the two steps takes them again.
    appendFileSync(join(folder, own), readFileSync(join(folder, name)), { mode: 0o600 });
    rmSync(join(folder, name));
  }
}

const keyOf = (id: string, url: string): string => `${id} ${url}`;

function readLines(file: string): Line[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return [];
  }
  return text.split("\n").flatMap((line) => {
    try {
      return [JSON.parse(line) as Line];
    } catch {
      return [];
    }
  });
}

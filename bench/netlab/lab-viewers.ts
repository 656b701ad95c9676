/** Controls a process of viewers on a lab host (`viewer-process.ts`): requests on its standard input, reports on its output. */
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { until } from "../../e2e/lectern.ts";
import type { ProtocolSummary } from "../testbed/viewer-summary.ts";

export type ViewerReport = {
  /** Viewers that have received media. */
  readonly playing: number;
  readonly epochs: readonly string[];
  readonly seen: readonly ProtocolSummary[];
  /** Viewers by the host of their server. */
  readonly hosts: Readonly<Record<string, number>>;
};

const PROGRAM = join(import.meta.dirname, "viewer-process.ts");

export class LabViewers {
  private readonly child: ChildProcess;
  private readonly nameOf: (address: string) => string;
  private readonly waiting: ((text: string) => void)[] = [];

  /** @param start runs a script on the host; @param nameOf the name of a host, by its address */
  constructor(start: (program: string) => ChildProcess, nameOf: (address: string) => string) {
    this.child = start(PROGRAM);
    this.nameOf = nameOf;
    if (this.child.stdout) createInterface(this.child.stdout).on("line", (line) => this.waiting.shift()?.(line));
  }

  report(): Promise<ViewerReport> {
    return this.request("look");
  }

  /** Starts a new measurement. @returns the report of the previous one */
  measure(): Promise<ViewerReport> {
    return this.request("measure");
  }

  /** Waits until all viewers have received media. */
  async untilPlaying(count: number, where: string): Promise<void> {
    let last: ViewerReport | null = null;
    const all = async () => {
      last = await this.report();
      return last.playing === count;
    };
    await until(all, "media", 60_000).catch(() => {
      throw new Error(`not all viewers at ${where} have received media: ${JSON.stringify(last)}`);
    });
  }

  private async request(word: string): Promise<ViewerReport> {
    const answer = new Promise<string>((resolve) => this.waiting.push(resolve));
    this.child.stdin?.write(`${word}\n`);
    const report = JSON.parse(await answer) as ViewerReport;
    const hosts = Object.entries(report.hosts).map(([host, count]) => [this.nameOf(host), count]);
    return { ...report, hosts: Object.fromEntries(hosts) };
  }
}

/** Tells the nodes which pulls and forwards people want: after each change, and regularly, since another control process may have changed them. */
import type { WantedJob } from "../../contracts/jobs/wanted-jobs.ts";

/** Changes of another control process are told within this. */
const AGAIN_MS = 15_000;

export class WantedJobs {
  private readonly read: () => Promise<readonly WantedJob[]>;
  private readonly tell: (jobs: readonly WantedJob[]) => void;
  private reading = false;
  private isStale = false;
  private told = "";
  private timer: NodeJS.Timeout | null = null;

  constructor(read: () => Promise<readonly WantedJob[]>, tell: (jobs: readonly WantedJob[]) => void) {
    this.read = read;
    this.tell = tell;
  }

  start(): void {
    this.timer = setInterval(() => this.changed(), AGAIN_MS);
    this.timer.unref();
    this.changed();
  }

  close(): void {
    if (this.timer) clearInterval(this.timer);
  }

  /** Something has changed: reads what is wanted, and tells it where it is another than before. */
  changed(): void {
    this.isStale = true;
    if (this.reading) return;
    this.reading = true;
    void this.update().finally(() => {
      this.reading = false;
    });
  }

  private async update(): Promise<void> {
    while (this.isStale) {
      this.isStale = false;
      // While the database is unreachable, the last list holds.
      const jobs = await this.read().catch(() => null);
      const text = JSON.stringify(jobs);
      if (jobs === null || text === this.told) continue;
      this.told = text;
      this.tell(jobs);
    }
  }
}

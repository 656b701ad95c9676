/** Reports each second that an attempt at a conversion goes on, with the pages that were made meanwhile. */
import type { ConversionReport, ConvertedPage } from "../../contracts/materials/material-messages.ts";
import { Interrupted } from "./steps.ts";

/** What the supervisor and the lease of the attempt wait for. */
export const REPORT_MS = 1000;

/** False: nobody wants the attempt any more. */
type Report = (report: ConversionReport) => Promise<boolean>;

export class ConversionProgress {
  private readonly of: Pick<ConversionReport, "id" | "term" | "worker">;
  private readonly report: Report;
  private readonly onSuperseded: () => void;
  private readonly timer: NodeJS.Timeout;
  private total: number | null = null;
  private pages: ConvertedPage[] = [];
  private reporting: Promise<void> | null = null;
  /** What has come is told as soon as the report before was answered. */
  private isUrgent = false;

  constructor(of: Pick<ConversionReport, "id" | "term" | "worker">, report: Report, onSuperseded: () => void) {
    this.of = of;
    this.report = report;
    this.onSuperseded = onSuperseded;
    this.timer = setInterval(() => this.tell(), REPORT_MS).unref();
  }

  begin(total: number): void {
    this.total = total;
    this.tell();
  }

  /** The first page is told at once: somebody waits for it. */
  add(page: ConvertedPage): void {
    this.pages.push(page);
    if (page.n > 1) return;
    this.isUrgent = true;
    this.tell();
  }

  /** Tells the last pages. @throws Error where the control process does not answer */
  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.reporting;
    if (this.pages.length > 0) {
      this.tell();
      await this.reporting;
    }
    if (this.pages.length > 0) throw new Interrupted("the control process does not answer");
  }

  private tell(): void {
    if (this.reporting) return;
    const pages = this.pages;
    this.pages = [];
    this.isUrgent = false;
    this.reporting = this.report({ ...this.of, state: "converting", total: this.total, pages })
      .then(
        (isWanted) => {
          if (!isWanted) this.onSuperseded();
        },
        () => {
          // They are told with the next ones.
          this.pages = [...pages, ...this.pages];
        },
      )
      .finally(() => {
        this.reporting = null;
        if (this.isUrgent) this.tell();
      });
  }
}

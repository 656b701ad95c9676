/** Shares viewer counts between the workers of a node: the limit of viewers is the node's, and an HLS viewer may use several workers. */
import type { SeatHandlers } from "./seat-handlers.ts";
import type { ViewerMessages } from "./viewer-messages.ts";
import type { Workers } from "./workers.ts";

export class ViewerHandlers {
  private readonly workers: Workers;
  private readonly seats: Pick<SeatHandlers, "seen">;
  private readonly counts = new Map<string, number>();

  constructor(workers: Workers, seats: Pick<SeatHandlers, "seen">) {
    this.workers = workers;
    this.seats = seats;
  }

  /** @param process the child process that sends the messages */
  handlers(process: string): ViewerMessages {
    return {
      viewers: (count) => {
        this.counts.set(process, count);
        if (this.workers.size > 1) this.share();
      },
      viewersSeen: (numbers) => {
        this.seats.seen(numbers);
        for (const name of this.workers.names) if (name !== process) this.workers.channel(name)?.tell("viewersSeen", numbers);
      },
    };
  }

  /** Of all workers. */
  get total(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }

  workerGone(name: string): void {
    this.counts.delete(name);
  }

  private share(): void {
    const all = this.total;
    for (const name of this.workers.names) this.workers.channel(name)?.tell("otherViewers", all - (this.counts.get(name) ?? 0));
  }
}

/** What a page asks the server for, and asks again. */
import { QueryClient, type TimeoutProvider, timeoutManager } from "@tanstack/react-query";
import { onSchedule } from "../schedule/schedule.ts";

type Timer = ReturnType<typeof setTimeout>;

/** Its intervals have a schedule, so that the page has the answers together. */
class ScheduledTimers implements TimeoutProvider<number> {
  private readonly timers = new Map<number, () => void>();
  private newest = 0;

  setTimeout(act: () => void, delayMs: number): number {
    const id = ++this.newest;
    const timer: Timer = setTimeout(() => {
      this.timers.delete(id);
      act();
    }, delayMs);
    this.timers.set(id, () => clearTimeout(timer));
    return id;
  }

  setInterval(act: () => void, delayMs: number): number {
    this.timers.set(++this.newest, onSchedule(act, delayMs));
    return this.newest;
  }

  clearTimeout(id: number | undefined): void {
    this.clear(id);
  }

  clearInterval(id: number | undefined): void {
    this.clear(id);
  }

  private clear(id: number | undefined): void {
    if (id === undefined) return;
    this.timers.get(id)?.();
    this.timers.delete(id);
  }
}

/** For a page, which has one. */
export function pageQueries(): QueryClient {
  timeoutManager.setTimeoutProvider(new ScheduledTimers());
  return new QueryClient({ defaultOptions: { queries: { retry: false } } });
}

/** What a page asks the server for, and asks again. */
import { QueryClient, timeoutManager } from "@tanstack/react-query";
import { onSchedule } from "../schedule/schedule.ts";

/** For a page, which has one. Its intervals have a schedule, so that the page has the answers together. */
export function pageQueries(): QueryClient {
  const ends = new Map<number, () => void>();
  let newest = 0;
  timeoutManager.setTimeoutProvider<number>({
    setTimeout: (act, delayMs) => window.setTimeout(act, delayMs),
    clearTimeout: (id) => clearTimeout(id),
    setInterval: (act, delayMs) => {
      ends.set(++newest, onSchedule(act, delayMs));
      return newest;
    },
    clearInterval: (id = 0) => {
      ends.get(id)?.();
      ends.delete(id);
    },
  });
  return new QueryClient({ defaultOptions: { queries: { retry: false } } });
}

/** Defines what a page asks the server for, and asks again. */
import { notifyManager, QueryClient, timeoutManager } from "@tanstack/react-query";
import { afterDrawing, inTurnOnSchedule } from "../schedule/defer-while-drawing.ts";

/** For a page, which has one. Its intervals have a schedule, and none is in the way of a pen. */
export function pageQueries(): QueryClient {
  const ends = new Map<number, () => void>();
  let newest = 0;
  timeoutManager.setTimeoutProvider<number>({
    setTimeout: (act, delayMs) => window.setTimeout(act, delayMs),
    clearTimeout: (id) => clearTimeout(id),
    setInterval: (act, delayMs) => {
      ends.set(++newest, inTurnOnSchedule(act, delayMs));
      return newest;
    },
    clearInterval: (id = 0) => {
      ends.get(id)?.();
      ends.delete(id);
    },
  });
  notifyManager.setScheduler((show) => void afterDrawing(() => setTimeout(show)));
  // Asked also where the browser thinks that there is no network: that the server is not reached has to show (`server-reach.ts`).
  return new QueryClient({ defaultOptions: { queries: { retry: false, networkMode: "always" } } });
}

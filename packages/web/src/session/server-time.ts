/** Keeps the server's time of a page right: by the page's own answer, by each answer of the API, and asked for after a sleep or a jump of the device's clock. */
import { serverClock } from "@lectern/player/server-clock";

/** A device that slept is noticed this soon, where nothing else reads the clock. */
const LOOK_MS = 2000;
/** The time is asked for where it may be wrong by more than this, such as after two hours without an answer. */
const UNSURE_MS = 1500;
const ANSWER_WITHIN_MS = 5000;
/** A failed attempt is repeated after this, and then after twice as long each time. */
const RETRY_MS = 1000;
const MAX_RETRY_MS = 60_000;
/** A small file that each server has; the address is another one each time, so that no cache between answers. */
const ADDRESS = "/robots.txt";

let isMeasuring = false;

/** Called once, by the script that mounts a page. */
export function keepServerTime(): void {
  takePageTime();
  serverClock.measureBy(() => void measure());
  const look = (): void => {
    serverClock.look();
    if (!document.hidden && serverClock.uncertainty > UNSURE_MS) void measure();
  };
  setInterval(look, LOOK_MS);
  document.addEventListener("visibilitychange", look);
}

/** The server writes the time into each page. */
function takePageTime(): void {
  const earliest = Number(document.querySelector<HTMLMetaElement>('meta[name="lectern-time"]')?.content);
  const [navigation] = performance.getEntriesByType("navigation");
  if (!(earliest > 0) || !(navigation instanceof PerformanceNavigationTiming) || navigation.responseStart === 0) return;
  serverClock.take({ earliest, sentAt: navigation.requestStart, receivedAt: navigation.responseStart });
}

/** Asks until there is an answer. */
async function measure(): Promise<void> {
  if (isMeasuring) return;
  isMeasuring = true;
  for (let delay = RETRY_MS; !(await ask()); delay = Math.min(MAX_RETRY_MS, delay * 2))
    await new Promise((resolve) => setTimeout(resolve, delay));
  isMeasuring = false;
}

/** False: no answer. */
async function ask(): Promise<boolean> {
  const sentAt = serverClock.monotonic();
  const options: RequestInit = { method: "HEAD", cache: "no-store", credentials: "omit" };
  try {
    const answer = await fetch(`${ADDRESS}?${Math.round(sentAt)}`, { ...options, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    serverClock.takeResponse(answer, sentAt);
    return true;
  } catch {
    return false;
  }
}

/** Notices when the browser's network may have changed: it is online again, is on another one, or has slept; and when the page goes away. */

const TICK_MS = 1000;
/** Timers of a hidden tab are late by a second or, after some minutes, by one minute; a machine that slept makes them later than that. */
const SLEPT_MS = { visible: 5000, hidden: 90_000 } as const;

/** Gives a function that ends it. */
export function watchNetwork(onChanged: () => void, onPageGone: () => void): () => void {
  const connection: unknown = Reflect.get(navigator, "connection");
  const target = connection instanceof EventTarget ? connection : null;
  const typeNow = (): unknown => Object(connection).type;
  let type = typeNow();
  // It tells of its estimate of the speed as well, every few seconds.
  const connectionChanged = (): void => {
    if (typeNow() === type) return;
    type = typeNow();
    onChanged();
  };
  let tickedAt = Date.now();
  const timer = setInterval(() => {
    const now = Date.now();
    const pause = now - tickedAt;
    tickedAt = now;
    if (pause > (document.hidden ? SLEPT_MS.hidden : SLEPT_MS.visible)) onChanged();
  }, TICK_MS);
  const gone = ({ persisted }: PageTransitionEvent): void => {
    if (!persisted) onPageGone();
  };
  addEventListener("online", onChanged);
  target?.addEventListener("change", connectionChanged);
  addEventListener("pagehide", gone);
  return () => {
    clearInterval(timer);
    removeEventListener("online", onChanged);
    target?.removeEventListener("change", connectionChanged);
    removeEventListener("pagehide", gone);
  };
}

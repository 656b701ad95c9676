/** Tells the tabs of a browser apart: the one that publishes a lesson holds a lock, which the browser releases when the tab is closed or loaded again. */

type Locks = Pick<LockManager, "request">;

/** Holds the lock, once it is free. @returns what releases it */
export function holdLiveLock(locks: Locks, lessonId: string): () => void {
  const waiting = new AbortController();
  const held = Promise.withResolvers<void>();
  locks.request(nameOf(lessonId), { signal: waiting.signal }, () => held.promise).catch(() => {});
  return () => {
    waiting.abort();
    held.resolve();
  };
}

/** Tells whether another tab holds the lock, and when that ends. @returns what stops it */
export function watchLiveLock(locks: Locks, lessonId: string, tell: (isHeld: boolean) => void): () => void {
  const waiting = new AbortController();
  const { signal } = waiting;
  const free = (): void => {
    if (!signal.aborted) tell(false);
  };
  const look = async (): Promise<void> => {
    const isFree = await locks.request(nameOf(lessonId), { ifAvailable: true }, (lock) => lock !== null);
    if (signal.aborted) return;
    tell(!isFree);
    if (!isFree) await locks.request(nameOf(lessonId), { signal }, free);
  };
  // A browser that refuses locks to the page knows of no other tab.
  look().catch(free);
  return () => waiting.abort();
}

function nameOf(lessonId: string): string {
  return `lectern-live-${lessonId}`;
}

/**
 * Defines what is loaded when a component is first drawn, and again until it has come: a line that breaks for a moment takes nothing else of the page
 * away. `lazy` of React would fail with the page, and show a component up to 300 ms later than it could: React holds back what has suspended after
 * anything else that did.
 */
import { useEffect, useState } from "react";

const RETRY_MS = { first: 2000, most: 60_000 } as const;

export type Loadable<Value> = { readonly load: () => Promise<Value>; readonly loaded: () => Value | null };

/** @param load called when it is first wanted, and again after a failure */
export function loadable<Value>(load: () => Promise<Value>): Loadable<Value> {
  let value: Value | null = null;
  let loading: Promise<Value> | null = null;
  const attempt = async (): Promise<Value> => {
    try {
      value = await load();
      return value;
    } finally {
      loading = null;
    }
  };
  return {
    loaded: () => value,
    load: () => {
      loading ??= attempt();
      return loading;
    },
  };
}

/** Null while it loads. */
export function useLoaded<Value>(wanted: Loadable<Value>): Value | null {
  const [, setIsLoaded] = useState(false);
  useEffect(() => {
    if (wanted.loaded() !== null) return;
    let isShown = true;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const attempt = (retryMs: number): void => {
      const again = () => attempt(Math.min(2 * retryMs, RETRY_MS.most));
      wanted.load().then(
        () => isShown && setIsLoaded(true),
        () => {
          if (isShown) timer = setTimeout(again, retryMs);
        },
      );
    };
    attempt(RETRY_MS.first);
    return () => {
      isShown = false;
      if (timer) clearTimeout(timer);
    };
  }, [wanted]);
  return wanted.loaded();
}

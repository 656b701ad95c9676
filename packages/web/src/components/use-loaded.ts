/**
 * What is loaded when a component is first drawn. `lazy` of React would show a component up to 300 ms later than it could: React holds back what has suspended
 * after anything else that did.
 */
import { useEffect, useState } from "react";

export type Loadable<Value> = { readonly load: () => Promise<Value>; readonly loaded: () => Value | null };

/** @param load called once, when it is first wanted */
export function loadable<Value>(load: () => Promise<Value>): Loadable<Value> {
  let value: Value | null = null;
  let loading: Promise<Value> | null = null;
  return {
    loaded: () => value,
    load: () => {
      loading ??= load().then((loaded) => {
        value = loaded;
        return loaded;
      });
      return loading;
    },
  };
}

/** Null while it loads. Throws where it cannot be loaded, as `lazy` does. */
export function useLoaded<Value>(wanted: Loadable<Value>): Value | null {
  const [, setState] = useState(0);
  useEffect(() => {
    if (wanted.loaded() !== null) return;
    let isShown = true;
    const drawAgain = (draw: () => number): void => {
      if (isShown) setState(draw);
    };
    wanted.load().then(
      () => drawAgain(() => 1),
      (error: unknown) =>
        drawAgain(() => {
          throw error;
        }),
    );
    return () => {
      isShown = false;
    };
  }, [wanted]);
  return wanted.loaded();
}

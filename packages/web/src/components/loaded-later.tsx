/** Shows a component whose code comes when it is first drawn, and again until it has come. */
import type { ComponentType, FunctionComponent } from "react";
import { loadable, useLoaded } from "./use-loaded.ts";

const Nothing = () => null;

/** @param Meanwhile is drawn until then. Default: nothing */
export function loadedLater<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  Meanwhile: ComponentType = Nothing,
): FunctionComponent<Props> {
  const wanted = loadable(load);
  return function LoadedLater(props) {
    const Component = useLoaded(wanted);
    return Component ? <Component {...props} /> : <Meanwhile />;
  };
}

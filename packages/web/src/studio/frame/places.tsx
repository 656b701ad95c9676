/**
 * Shows the places of the studio's bar and dock that other parts of the page fill: the class and what publishes know what stands there, and some come
 * later.
 */
import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import { createPortal } from "react-dom";

/** In the bar: `uplink`, `people`. In the dock: `own` devices, the `class` as a drawer, and `go`, the one button of the moment. */
type PlaceName = "uplink" | "people" | "own" | "class" | "go";

type Places = {
  readonly elements: Readonly<Partial<Record<PlaceName, HTMLElement | null>>>;
  readonly set: (name: PlaceName, element: HTMLElement | null) => void;
};

const Context = createContext<Places>({ elements: {}, set: () => {} });

export function PlacesProvider({ children }: { readonly children: ReactNode }) {
  const [elements, setElements] = useState<Places["elements"]>({});
  const places = useMemo(
    () => ({
      elements,
      set: (name: PlaceName, element: HTMLElement | null) => setElements((all) => ({ ...all, [name]: element })),
    }),
    [elements],
  );
  return <Context.Provider value={places}>{children}</Context.Provider>;
}

export function Place({ name }: { readonly name: PlaceName }) {
  const { set } = useContext(Context);
  // Another function would take the element away and give it back.
  const [ref] = useState(() => (element: HTMLElement | null) => set(name, element));
  return <span className={`place-${name}`} ref={ref} />;
}

/** Nothing while the place is not there, such as in a window with the class alone. */
export function InPlace({ name, children }: { readonly name: PlaceName; readonly children: ReactNode }) {
  const element = useContext(Context).elements[name];
  return element ? createPortal(children, element) : null;
}

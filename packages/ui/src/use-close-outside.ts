/** Closes what is open when the person presses elsewhere, scrolls there or changes the size of the window. */
import { useEffect, useRef } from "react";

/** Not `scroll`: a chat scrolls by itself when a line comes. */
const LEAVING = ["pointerdown", "wheel", "touchmove"] as const;

/** @param inside what belongs to it: presses there leave it open */
export function useCloseOutside(
  isOpen: boolean,
  inside: readonly { readonly current: HTMLElement | null }[],
  close: () => void,
): void {
  const latest = useRef({ inside, close });
  latest.current = { inside, close };
  useEffect(() => {
    if (!isOpen) return;
    const leave = ({ target }: Event): void => {
      const isInside = target instanceof Node && latest.current.inside.some(({ current }) => current?.contains(target));
      if (!isInside) latest.current.close();
    };
    const resize = (): void => latest.current.close();
    for (const event of LEAVING) document.addEventListener(event, leave, { passive: true });
    addEventListener("resize", resize);
    return () => {
      for (const event of LEAVING) document.removeEventListener(event, leave);
      removeEventListener("resize", resize);
    };
  }, [isOpen]);
}

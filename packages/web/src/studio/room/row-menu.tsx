/** A button that opens a menu of actions for one row: by mouse, touch and keyboard, as in the WAI-ARIA menu button pattern. */
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";

export type MenuItem = { readonly label: string; readonly onChoose: () => void; readonly isDanger?: boolean };

/** Pixels between the menu and the edge of the window. */
const EDGE = 8;
/** Outside of what is open, these close it. */
const LEAVING = ["pointerdown", "wheel", "touchmove"] as const;

/** @param items asked for when the menu is open */
export function RowMenu({ label, items }: { label: string; items: () => readonly MenuItem[] }) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  useMenuPlace(isOpen, button, menu);
  useCloseOutside(isOpen, [button, menu], () => setOpen(false));
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const entries: readonly HTMLElement[] = [...(menu.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
    const index = entries.findIndex((entry) => entry.matches(":focus"));
    const next = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: -1 }[event.key];
    if (event.key === "Tab") setOpen(false);
    if (event.key === "Escape") close();
    if (next === undefined && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    if (next !== undefined) entries.at(next % entries.length)?.focus();
  };
  const onButtonKey = (event: KeyboardEvent): void => {
    if (event.key !== "ArrowDown" || isOpen) return;
    event.preventDefault();
    setOpen(true);
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className="row-menu-button"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        {...(isOpen ? { "aria-controls": id } : {})}
        onClick={() => setOpen(!isOpen)}
        onKeyDown={onButtonKey}
      >
        <span aria-hidden="true">⋯</span>
      </button>
      {/* In the list, a row that the browser need not draw would be the menu's frame. */}
      {isOpen
        ? createPortal(
            <div ref={menu} id={id} className="row-menu" role="menu" aria-label={label} onKeyDown={onKeyDown}>
              {items().map((item) => (
                <button
                  key={item.label}
                  type="button"
                  role="menuitem"
                  tabIndex={-1}
                  className={item.isDanger ? "danger" : ""}
                  onClick={() => {
                    close();
                    item.onChoose();
                  }}
                >
                  {item.label}
                </button>
              ))}
            </div>,
            document.querySelector("main") ?? document.body,
          )
        : null}
    </>
  );
}

type Ref<T> = { readonly current: T | null };

/** Beside the button, where the window has room: a list that scrolls would cut off a menu that is placed in it. */
function useMenuPlace(isOpen: boolean, button: Ref<HTMLElement>, menu: Ref<HTMLElement>): void {
  useLayoutEffect(() => {
    const [from, list] = [button.current, menu.current];
    if (!isOpen || !from || !list) return;
    const place = from.getBoundingClientRect();
    const { width, height } = list.getBoundingClientRect();
    const { clientWidth, clientHeight } = document.documentElement;
    const top = place.bottom + height + EDGE > clientHeight ? place.top - height : place.bottom;
    list.style.left = `${Math.max(EDGE, Math.min(place.right - width, clientWidth - width - EDGE))}px`;
    list.style.top = `${Math.max(EDGE, Math.min(top, clientHeight - height - EDGE))}px`;
    list.querySelector<HTMLElement>("[role=menuitem]")?.focus({ preventScroll: true });
  }, [isOpen, button, menu]);
}

/** Closes on a press elsewhere, and when the person scrolls: not when a new line of the chat does. */
export function useCloseOutside(isOpen: boolean, inside: readonly Ref<HTMLElement>[], close: () => void): void {
  const latest = useRef({ inside, close });
  latest.current = { inside, close };
  useEffect(() => {
    if (!isOpen) return;
    const isInside = (target: EventTarget | null) =>
      target instanceof Node && latest.current.inside.some(({ current }) => current?.contains(target));
    const leave = (event: Event) => {
      if (!isInside(event.target)) latest.current.close();
    };
    const resize = () => latest.current.close();
    for (const event of LEAVING) document.addEventListener(event, leave, { passive: true });
    addEventListener("resize", resize);
    return () => {
      for (const event of LEAVING) document.removeEventListener(event, leave);
      removeEventListener("resize", resize);
    };
  }, [isOpen]);
}

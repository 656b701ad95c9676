/** A menu of actions behind a button (WAI-ARIA Authoring Practices, "Menu Button"). Arrow keys move in it, Escape closes it. */

import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Button } from "./button.tsx";
import { Icon } from "./icon.tsx";
import { type IconDrawing, MORE_ICON } from "./icons/index.ts";

export type MenuItem = {
  readonly label: string;
  readonly icon?: IconDrawing;
  readonly run: () => void;
  /** It takes something away. */
  readonly isDanger?: boolean;
};

type MenuProps = {
  /** Names the button. */
  readonly label: string;
  readonly items: readonly MenuItem[];
};

type Place = { readonly top: number; readonly right: number };

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };
/** Of a row, for menus that would reach below the window. */
const ROW_PX = 44;

export function Menu({ label, items }: MenuProps) {
  const [place, setPlace] = useState<Place | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const close = (): void => {
    setPlace(null);
    button.current?.focus();
  };
  useClosing(place !== null, list, () => setPlace(null));
  const open = (): void => {
    const box = button.current?.getBoundingClientRect();
    if (!box) return;
    const below = box.bottom + 4;
    const height = items.length * ROW_PX + 16;
    const top = below + height > innerHeight ? Math.max(8, box.top - height - 4) : below;
    setPlace({ top, right: document.documentElement.clientWidth - box.right });
  };
  const onKey = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (event.key === "Escape") close();
    else if (step !== undefined) {
      const buttons = [...(list.current?.querySelectorAll("button") ?? [])];
      const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
      buttons[(at + step + buttons.length) % buttons.length]?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  // Words begin below each other.
  const hasIcons = items.some(({ icon }) => icon !== undefined);
  return (
    <>
      <Button
        ref={button}
        kind="quiet"
        icon={MORE_ICON}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={place !== null}
        onClick={() => (place ? close() : open())}
      />
      {place ? (
        <div className="menu" role="menu" aria-label={label} tabIndex={-1} ref={list} style={place} onKeyDown={onKey}>
          {items.map(({ label: text, icon, run, isDanger }) => (
            <button
              key={text}
              type="button"
              role="menuitem"
              className={isDanger ? "danger" : undefined}
              onClick={() => {
                close();
                run();
              }}
            >
              {icon ? <Icon drawing={icon} /> : hasIcons ? <span className="icon" /> : null}
              {text}
            </button>
          ))}
        </div>
      ) : null}
    </>
  );
}

/** Focuses the first item, and closes the menu when the person presses elsewhere or scrolls. */
function useClosing(isOpen: boolean, list: { readonly current: HTMLElement | null }, close: () => void): void {
  const latest = useRef(close);
  latest.current = close;
  useEffect(() => {
    if (!isOpen) return;
    list.current?.querySelector("button")?.focus({ preventScroll: true });
    const onPress = (event: Event): void => {
      if (!list.current?.contains(event.target as Node)) latest.current();
    };
    const onScroll = (): void => latest.current();
    addEventListener("pointerdown", onPress, true);
    addEventListener("scroll", onScroll, true);
    addEventListener("resize", onScroll);
    return () => {
      removeEventListener("pointerdown", onPress, true);
      removeEventListener("scroll", onScroll, true);
      removeEventListener("resize", onScroll);
    };
  }, [isOpen, list]);
}

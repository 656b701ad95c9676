/** Shows a menu of actions behind a button (WAI-ARIA Authoring Practices, "Menu Button"), for pointer, fingers and keyboard. */
import { type KeyboardEvent, type RefObject, useId, useLayoutEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { Button } from "./button.tsx";
import { Icon } from "./icon.tsx";
import { type IconDrawing, MORE_ICON } from "./icons/index.ts";
import { useCloseOutside } from "./use-close-outside.ts";
import "./menu.css";

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
  /** A function is called while the menu is open. */
  readonly items: readonly MenuItem[] | (() => readonly MenuItem[]);
};

/** Pixels between the menu, its button and the edge of the window. */
const GAP_PX = { button: 4, edge: 8 } as const;

export function Menu({ label, items }: MenuProps) {
  const [isOpen, setIsOpen] = useState(false);
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  usePlacement(isOpen, button, list);
  useCloseOutside(isOpen, [button, list], () => setIsOpen(false));
  const close = (): void => {
    setIsOpen(false);
    button.current?.focus();
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "Tab") setIsOpen(false);
    if (event.key === "Escape") close();
    const rows = [...(list.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
    const at = rows.findIndex((row) => row.matches(":focus"));
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (next !== undefined) rows.at(next % rows.length)?.focus();
    else if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onButtonKey = (event: KeyboardEvent): void => {
    if (event.key !== "ArrowDown" || isOpen) return;
    event.preventDefault();
    setIsOpen(true);
  };
  return (
    <>
      <Button
        ref={button}
        kind="quiet"
        icon={MORE_ICON}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setIsOpen(!isOpen)}
        onKeyDown={onButtonKey}
      />
      {/* In a row that the browser need not draw, or that cuts off what is larger, the menu would be cut off. */}
      {isOpen
        ? createPortal(
            <div ref={list} id={id} className="menu" role="menu" aria-label={label} tabIndex={-1} onKeyDown={onKey}>
              <MenuItems
                items={typeof items === "function" ? items() : items}
                onChoose={(item) => {
                  close();
                  item.run();
                }}
              />
            </div>,
            frameOf(button.current),
          )
        : null}
    </>
  );
}

/** What shows the menu: nothing else is seen beside a modal dialog, or what fills the screen. */
function frameOf(button: HTMLElement | null): Element {
  return button?.closest("dialog, :fullscreen") ?? document.querySelector("main") ?? document.body;
}

type MenuItemsProps = { readonly items: readonly MenuItem[]; readonly onChoose: (item: MenuItem) => void };

function MenuItems({ items, onChoose }: MenuItemsProps) {
  // Words begin below each other.
  const hasIcons = items.some(({ icon }) => icon !== undefined);
  return items.map((item) => (
    <button
      key={item.label}
      type="button"
      role="menuitem"
      tabIndex={-1}
      className={item.isDanger ? "danger" : undefined}
      onClick={() => onChoose(item)}
    >
      {item.icon ? <Icon drawing={item.icon} /> : hasIcons ? <span className="icon" /> : null}
      {item.label}
    </button>
  ));
}

/** Beside the button, where the window has room, with the focus on the first item. */
function usePlacement(isOpen: boolean, button: RefObject<HTMLElement | null>, list: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const [from, menu] = [button.current, list.current];
    if (!isOpen || !from || !menu) return;
    const box = from.getBoundingClientRect();
    const { width, height } = menu.getBoundingClientRect();
    const { clientWidth, clientHeight } = document.documentElement;
    const below = box.bottom + GAP_PX.button;
    const top = below + height + GAP_PX.edge > clientHeight ? box.top - height - GAP_PX.button : below;
    const within = (at: number, size: number, window: number) => Math.max(GAP_PX.edge, Math.min(at, window - size - GAP_PX.edge));
    menu.style.left = `${within(box.right - width, width, clientWidth)}px`;
    menu.style.top = `${within(top, height, clientHeight)}px`;
    menu.querySelector<HTMLElement>("[role=menuitem]")?.focus({ preventScroll: true });
  }, [isOpen, button, list]);
}

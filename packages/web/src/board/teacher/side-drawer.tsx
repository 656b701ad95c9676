/** Shows a drawer at the side, beside which the lesson goes on. It takes the focus, gives it back, and closes with Escape. */
import { Button } from "@lectern/ui";
import { CLOSE_ICON } from "@lectern/ui/icons";
import { type ComponentProps, useEffect, useRef } from "react";
import { createPortal } from "react-dom";

type SideDrawerProps = Pick<ComponentProps<"section">, "className" | "onDragOver" | "onDragLeave" | "onDrop" | "children"> & {
  readonly title: string;
  /** Names the button that closes it. */
  readonly closeLabel: string;
  /** Selects what has the focus first. */
  readonly first: string;
  readonly onClose: () => void;
};

export function SideDrawer({ title, closeLabel, first, onClose, className = "", children, ...drops }: SideDrawerProps) {
  const panel = useRef<HTMLElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    const before = document.activeElement;
    panel.current?.querySelector<HTMLElement>(first)?.focus();
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === "Escape") close.current();
    };
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("keydown", onKey);
      if (before instanceof HTMLElement) before.focus();
    };
  }, [first]);
  return createPortal(
    <section className={`side-drawer ${className}`} ref={panel} role="dialog" aria-label={title} {...drops}>
      <div className="library-head">
        <h2>{title}</h2>
        <Button kind="quiet" icon={CLOSE_ICON} aria-label={closeLabel} onClick={onClose} />
      </div>
      {children}
    </section>,
    document.querySelector("main") ?? document.body,
  );
}

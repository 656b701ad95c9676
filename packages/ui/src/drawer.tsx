/** Shows a modal drawer at the side of the window, from below on a phone. */
import { type ReactNode, useId } from "react";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { CLOSE_ICON } from "./icons/index.ts";
import "./drawer.css";

type DrawerProps = {
  readonly title: string;
  /** Names the button that closes it. */
  readonly closeLabel: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
};

/** It is open while it is rendered; the focus returns to what had it before. */
export function Drawer({ title, closeLabel, onClose, children }: DrawerProps) {
  const titleId = useId();
  return (
    <Dialog
      className="drawer"
      aria-labelledby={titleId}
      first=".drawer-body :is(input, select, textarea):not([type=checkbox])"
      onClose={onClose}
    >
      <header className="drawer-head">
        <h2 id={titleId}>{title}</h2>
        <Button kind="quiet" icon={CLOSE_ICON} aria-label={closeLabel} onClick={onClose} />
      </header>
      <div className="drawer-body">{children}</div>
    </Dialog>
  );
}

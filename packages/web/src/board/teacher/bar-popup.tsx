/** A button of the board's bar that opens a panel over it. */
import type { ReactNode } from "react";
import { Popup } from "../../class/parts/popup.tsx";
import { BoardIcon, type BoardIconName } from "../parts/icons.tsx";

type BarPopupProps = {
  readonly icon: BoardIconName;
  readonly label: string;
  /** Of its own, beside that of all. */
  readonly className?: string;
  readonly children: ReactNode;
};

export function BarPopup({ icon, label, className, children }: BarPopupProps) {
  return (
    <Popup
      className={className ? `bar-popup ${className}` : "bar-popup"}
      label={label}
      buttonClass="bar-button"
      face={
        <>
          <BoardIcon name={icon} />
          <span>{label}</span>
        </>
      }
    >
      {children}
    </Popup>
  );
}

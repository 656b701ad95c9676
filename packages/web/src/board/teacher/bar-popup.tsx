/** Shows a button of the board's bar that opens a panel over it. */
import { Icon, Popup } from "@lectern/ui";
import type { IconDrawing } from "@lectern/ui/icons";
import type { ReactNode } from "react";

type BarPopupProps = {
  readonly icon: IconDrawing;
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
          <Icon drawing={icon} />
          <span>{label}</span>
        </>
      }
    >
      {children}
    </Popup>
  );
}

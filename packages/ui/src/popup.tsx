/** Shows a button that opens a small panel beside itself. Escape, a click elsewhere and the button close it. */
import { type MouseEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";

type PopupProps = {
  readonly className?: string;
  /** Of the panel. */
  readonly label: string;
  /** What the button shows. */
  readonly face: ReactNode;
  /** An element with `data-closes` closes the panel when it is clicked. */
  readonly children: ReactNode;
  readonly buttonClass: string;
  readonly buttonLabel?: string;
};

export function Popup({ className = "", label, face, children, ...button }: PopupProps) {
  const [isOpen, setIsOpen] = useState(false);
  const root = useRef<HTMLDivElement | null>(null);
  const opener = useRef<HTMLButtonElement | null>(null);
  const id = useId();
  useEffect(() => {
    if (!isOpen) return;
    const onPointer = (event: PointerEvent) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setIsOpen(false);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      setIsOpen(false);
      opener.current?.focus();
    };
    document.addEventListener("pointerdown", onPointer);
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("pointerdown", onPointer);
      document.removeEventListener("keydown", onKey);
    };
  }, [isOpen]);
  const onClick = (event: MouseEvent): void => {
    if (event.target instanceof Element && event.target.closest("[data-closes]")) setIsOpen(false);
  };
  return (
    <div className={`popup ${className} ${isOpen ? "open" : ""}`} ref={root}>
      <button
        type="button"
        className={button.buttonClass}
        aria-expanded={isOpen}
        aria-controls={id}
        aria-label={button.buttonLabel}
        ref={opener}
        onClick={() => setIsOpen(!isOpen)}
      >
        {face}
      </button>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: keys click the buttons inside, and those clicks arrive here */}
      <fieldset className="popup-panel" id={id} aria-label={label} onClick={onClick}>
        {children}
      </fieldset>
    </div>
  );
}

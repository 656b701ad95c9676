/** Shows a button: primary for the one thing to do next, secondary, quiet, or danger for what takes something away. */

import type { ComponentPropsWithRef, ReactNode } from "react";
import { Icon } from "./icon.tsx";
import type { IconDrawing } from "./icons/drawing.ts";

type Kind = "primary" | "secondary" | "quiet" | "danger";

type Look = {
  /** Default: secondary. */
  readonly kind?: Kind;
  readonly icon?: IconDrawing;
  readonly children?: ReactNode;
};

type ButtonProps = Look & Omit<ComponentPropsWithRef<"button">, "className">;

/** Without `children`, `aria-label` names it. */
export function Button({ kind = "secondary", icon, children, type = "button", ...rest }: ButtonProps) {
  return (
    <button type={type} className={children ? `button ${kind}` : `button icon-only ${kind}`} {...rest}>
      {icon ? <Icon drawing={icon} /> : null}
      {children}
    </button>
  );
}

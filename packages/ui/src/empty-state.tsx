/** Shows what stands where a list is empty: an icon, a sentence, and the next thing to do. */

import type { ReactNode } from "react";
import { Icon } from "./icon.tsx";
import type { IconDrawing } from "./icons/drawing.ts";
import "./empty-state.css";

type EmptyStateProps = {
  readonly icon: IconDrawing;
  readonly text: string;
  /** A button or a link. */
  readonly action?: ReactNode;
};

export function EmptyState({ icon, text, action }: EmptyStateProps) {
  return (
    <div className="empty-state">
      <Icon drawing={icon} />
      <p>{text}</p>
      {action}
    </div>
  );
}

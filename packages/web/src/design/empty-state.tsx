/** What stands where a list is empty: an icon, a sentence, and the next thing to do. */
import type { ReactNode } from "react";
import { Icon } from "./icon.tsx";
import type { IconName } from "./icon-paths.ts";

type EmptyStateProps = {
  readonly icon: IconName;
  readonly text: string;
  /** A button or a link. */
  readonly action?: ReactNode;
};

export function EmptyState({ icon, text, action }: EmptyStateProps) {
  return (
    <div className="empty-state">
      <Icon name={icon} />
      <p>{text}</p>
      {action}
    </div>
  );
}

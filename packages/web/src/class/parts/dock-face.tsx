/** Shows the face of a button of the dock. */
import { Icon } from "@lectern/ui";
import type { IconDrawing } from "@lectern/ui/icons";

/** An icon with its word below. */
export function DockFace({ icon, label }: { icon: IconDrawing; label: string }) {
  return (
    <>
      <Icon drawing={icon} />
      <span>{label}</span>
    </>
  );
}

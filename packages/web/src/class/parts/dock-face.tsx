/** What a button of the dock shows. */
import { Icon, type IconName } from "./icons.tsx";

/** An icon with its word below. */
export function DockFace({ icon, label }: { icon: IconName; label: string }) {
  return (
    <>
      <Icon name={icon} />
      <span>{label}</span>
    </>
  );
}

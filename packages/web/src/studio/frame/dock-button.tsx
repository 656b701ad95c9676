/** Shows a button of the dock: an icon over a word. Its key works on the whole page. */
import { Icon } from "@lectern/ui";
import type { IconDrawing } from "@lectern/ui/icons";

type DockButtonProps = {
  readonly icon: IconDrawing;
  readonly label: string;
  /** In its other state: the button is wide enough for both. */
  readonly otherLabel?: string;
  /** A letter. */
  readonly shortcut?: string;
  readonly isPressed?: boolean;
  /** It is off, or something is wrong. */
  readonly isAlert?: boolean;
  readonly isExpanded?: boolean;
  readonly isDisabled?: boolean;
  readonly onPress: () => void;
};

export function DockButton({
  icon,
  label,
  otherLabel,
  shortcut,
  isPressed,
  isAlert = false,
  isExpanded,
  isDisabled,
  onPress,
}: DockButtonProps) {
  return (
    <button
      type="button"
      className={isAlert ? "dock-button alert" : "dock-button"}
      title={label}
      disabled={isDisabled}
      aria-pressed={isPressed}
      aria-expanded={isExpanded}
      aria-keyshortcuts={shortcut}
      onClick={onPress}
    >
      <Icon drawing={icon} />
      <span data-other={otherLabel}>{label}</span>
    </button>
  );
}

/** Shares a screen, with the teacher in a corner, and stops that. */
import { SCREEN_ICON, SCREEN_OFF_ICON } from "@lectern/ui/icons";
import { useTranslation } from "../../../texts/use-translation.ts";
import { DockButton } from "../../frame/dock-button.tsx";
import { canShareScreens } from "./source-choice.tsx";
import type { Publishing } from "./use-publishing.ts";

type ShareButtonProps = { readonly publishing: Publishing; readonly isDisabled: boolean };

export function ShareButton({ publishing: { capture, captured }, isDisabled }: ShareButtonProps) {
  const { t } = useTranslation();
  const isSharing = captured.source === "screen" || captured.source === "both";
  if (!canShareScreens()) return null;
  return (
    <DockButton
      icon={isSharing ? SCREEN_OFF_ICON : SCREEN_ICON}
      label={t(isSharing ? "publishing.stopSharing" : "publishing.shareScreen")}
      otherLabel={t(isSharing ? "publishing.shareScreen" : "publishing.stopSharing")}
      shortcut="S"
      isPressed={isSharing}
      isDisabled={isDisabled}
      onPress={() => void (isSharing ? capture.stopSharing() : capture.chooseSource("both"))}
    />
  );
}

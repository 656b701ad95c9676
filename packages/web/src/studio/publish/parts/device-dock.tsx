/**
 * Shows the teacher's devices in the dock: microphone, camera, screen and the drawer of all. Each has its place from the beginning, so that nothing moves
 * when it can be used.
 */
import { CAMERA_ICON, CAMERA_OFF_ICON, MICROPHONE_ICON, MICROPHONE_OFF_ICON, TURN_CAMERA_ICON } from "@lectern/ui/icons";
import { useTranslation } from "../../../texts/use-translation.ts";
import { DockButton } from "../../frame/dock-button.tsx";
import { InPlace } from "../../frame/places.tsx";
import { hasBothSides } from "../devices/device-choice.ts";
import { DevicesButton } from "./devices-button.tsx";
import { ShareButton } from "./share-button.tsx";
import type { Publishing } from "./use-publishing.ts";

type DeviceDockProps = {
  readonly publishing: Publishing;
  /** The devices are open, or are being opened. */
  readonly isOpen: boolean;
  readonly isLive: boolean;
};

export function DeviceDock({ publishing, isOpen, isLive }: DeviceDockProps) {
  const { t } = useTranslation();
  const { capture, captured } = publishing;
  const { isMuted, isCameraOff, source } = captured;
  const hasCamera = source !== "sound" && source !== "screen";
  return (
    <InPlace name="own">
      <DockButton
        icon={isMuted ? MICROPHONE_OFF_ICON : MICROPHONE_ICON}
        label={t(isMuted ? "publishing.unmute" : "publishing.mute")}
        otherLabel={t(isMuted ? "publishing.mute" : "publishing.unmute")}
        shortcut="M"
        isPressed={isMuted}
        isAlert={isMuted}
        isDisabled={!isLive}
        onPress={() => capture.setMuted(!isMuted)}
      />
      {hasCamera ? (
        <DockButton
          icon={isCameraOff ? CAMERA_OFF_ICON : CAMERA_ICON}
          label={t(isCameraOff ? "publishing.cameraStart" : "publishing.cameraStop")}
          otherLabel={t(isCameraOff ? "publishing.cameraStop" : "publishing.cameraStart")}
          shortcut="V"
          isPressed={isCameraOff}
          isAlert={isCameraOff}
          isDisabled={!isLive}
          onPress={() => void capture.setCameraOff(!isCameraOff)}
        />
      ) : null}
      {isLive && hasCamera && !isCameraOff && hasBothSides(captured.devices.camera) ? (
        <DockButton icon={TURN_CAMERA_ICON} label={t("publishing.turnCamera")} onPress={() => void capture.turnCamera()} />
      ) : null}
      <ShareButton publishing={publishing} isDisabled={!isOpen} />
      <DevicesButton publishing={publishing} isDisabled={!isOpen} isLive={isLive} />
    </InPlace>
  );
}

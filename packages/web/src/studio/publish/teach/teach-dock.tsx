/** Shows what a teacher needs while live: mute, camera and screen in the dock, and what is wrong with a device over the stage. */
import { CAMERA_ICON, CAMERA_OFF_ICON, MICROPHONE_ICON, MICROPHONE_OFF_ICON, TURN_CAMERA_ICON } from "@lectern/ui/icons";
import { useTranslation } from "../../../i18n.ts";
import { DockButton } from "../../frame/dock-button.tsx";
import { InPlace } from "../../frame/places.tsx";
import { hasBothSides } from "../devices/device-choice.ts";
import { DeviceTrouble } from "../parts/device-trouble.tsx";
import { DevicesButton } from "../parts/devices-button.tsx";
import { ShareButton } from "../parts/share-button.tsx";
import type { Publishing } from "../parts/use-publishing.ts";

export function TeachDock({ publishing }: { publishing: Publishing }) {
  const { t } = useTranslation();
  const { capture, captured } = publishing;
  const { isMuted, isCameraOff, source } = captured;
  const hasCamera = source !== "sound" && source !== "screen";
  return (
    <>
      <InPlace name="own">
        <DockButton
          icon={isMuted ? MICROPHONE_OFF_ICON : MICROPHONE_ICON}
          label={t(isMuted ? "publishing.unmute" : "publishing.mute")}
          shortcut="M"
          isPressed={isMuted}
          isAlert={isMuted}
          onPress={() => capture.setMuted(!isMuted)}
        />
        {hasCamera ? (
          <DockButton
            icon={isCameraOff ? CAMERA_OFF_ICON : CAMERA_ICON}
            label={t(isCameraOff ? "publishing.cameraStart" : "publishing.cameraStop")}
            shortcut="V"
            isPressed={isCameraOff}
            isAlert={isCameraOff}
            onPress={() => void capture.setCameraOff(!isCameraOff)}
          />
        ) : null}
        {hasBothSides(captured.devices.camera) && hasCamera && !isCameraOff ? (
          <DockButton icon={TURN_CAMERA_ICON} label={t("publishing.turnCamera")} onPress={() => void capture.turnCamera()} />
        ) : null}
        <ShareButton publishing={publishing} />
        <DevicesButton publishing={publishing} isLive />
      </InPlace>
      {isMuted ? (
        <p role="status" className="stage-note muted-hint">
          {t("publishing.mutedHint")}
        </p>
      ) : null}
      {(["camera", "microphone"] as const).map((kind) => {
        const { problem } = captured[kind];
        return problem && !(kind === "camera" && !hasCamera) ? <DeviceTrouble key={kind} kind={kind} problem={problem} /> : null;
      })}
    </>
  );
}

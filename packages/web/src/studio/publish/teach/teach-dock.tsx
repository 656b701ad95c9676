/** What a teacher needs while live: mute, camera, screen, devices, and the end of sending. */
import { Icon } from "@lectern/ui";
import {
  CAMERA_ICON,
  CAMERA_OFF_ICON,
  MICROPHONE_ICON,
  MICROPHONE_OFF_ICON,
  SCREEN_ICON,
  SCREEN_OFF_ICON,
  SETTINGS_ICON,
  STOP_ICON,
  TURN_CAMERA_ICON,
} from "@lectern/ui/icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hasBothSides } from "../devices/device-choice.ts";
import { DeviceSelect } from "../parts/device-select.tsx";
import { DeviceTrouble } from "../parts/device-trouble.tsx";
import { canShareScreens, SourceChoice } from "../parts/source-choice.tsx";
import { type Publishing, stopPublishing } from "../parts/use-publishing.ts";

export function TeachDock({ publishing }: { publishing: Publishing }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const { capture, captured } = publishing;
  const { isMuted, isCameraOff, source } = captured;
  const isSharing = source === "screen" || source === "both";
  const hasCamera = source !== "sound" && source !== "screen";
  return (
    <div className="teach">
      <div className="teach-dock">
        <button type="button" className="button" aria-pressed={isMuted} onClick={() => capture.setMuted(!isMuted)}>
          <Icon drawing={isMuted ? MICROPHONE_OFF_ICON : MICROPHONE_ICON} /> {t(isMuted ? "publishing.unmute" : "publishing.mute")}
        </button>
        {hasCamera ? (
          <button
            type="button"
            className="button"
            aria-pressed={isCameraOff}
            onClick={() => void capture.setCameraOff(!isCameraOff)}
          >
            <Icon drawing={isCameraOff ? CAMERA_OFF_ICON : CAMERA_ICON} />{" "}
            {t(isCameraOff ? "publishing.cameraStart" : "publishing.cameraStop")}
          </button>
        ) : null}
        {hasBothSides(captured.devices.camera) && hasCamera && !isCameraOff ? (
          <button type="button" className="button" onClick={() => void capture.turnCamera()}>
            <Icon drawing={TURN_CAMERA_ICON} /> {t("publishing.turnCamera")}
          </button>
        ) : null}
        {canShareScreens() ? (
          <button
            type="button"
            className="button"
            onClick={() => void (isSharing ? capture.stopSharing() : capture.chooseSource("both"))}
          >
            <Icon drawing={isSharing ? SCREEN_OFF_ICON : SCREEN_ICON} />{" "}
            {t(isSharing ? "publishing.stopSharing" : "publishing.shareScreen")}
          </button>
        ) : null}
        <button type="button" className="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <Icon drawing={SETTINGS_ICON} /> {t(isOpen ? "publishing.closeSettings" : "publishing.settings")}
        </button>
      </div>
      {isMuted ? (
        <p role="status" className="muted-hint">
          {t("publishing.mutedHint")}
        </p>
      ) : null}
      {(["camera", "microphone"] as const).map((kind) => {
        const { problem } = captured[kind];
        return problem && !(kind === "camera" && !hasCamera) ? <DeviceTrouble key={kind} kind={kind} problem={problem} /> : null;
      })}
      {isOpen ? <TeachSettings publishing={publishing} /> : null}
    </div>
  );
}

function TeachSettings({ publishing }: { publishing: Publishing }) {
  const { t } = useTranslation();
  const { capture, captured } = publishing;
  return (
    <div className="teach-settings">
      <SourceChoice publishing={publishing} />
      <div className="device-selects">
        <DeviceSelect publishing={publishing} kind="camera" />
        <DeviceSelect publishing={publishing} kind="microphone" />
      </div>
      <label className="noise">
        <input
          type="checkbox"
          checked={captured.noiseSuppression}
          onChange={(event) => void capture.setNoiseSuppression(event.target.checked)}
        />{" "}
        {t("publishing.noiseSuppression")} <small className="text-muted">{t("publishing.noiseHint")}</small>
      </label>
      <div className="row start">
        <button type="button" className="button small" onClick={() => stopPublishing(publishing)}>
          <Icon drawing={STOP_ICON} /> {t("publishing.stop")}
        </button>
        <small className="text-muted">{t("publishing.stopHint")}</small>
      </div>
    </div>
  );
}

/** Shows three checks in a row before class: camera, microphone, connection. */
import { Icon } from "@lectern/ui";
import { CAMERA_ICON, CHECK_ICON, CONNECTION_ICON, type IconDrawing, MICROPHONE_ICON, TURN_CAMERA_ICON } from "@lectern/ui/icons";
import { type ReactNode, useCallback, useState } from "react";
import { useTranslation } from "../../../texts/use-translation.ts";
import { hasBothSides } from "../devices/device-choice.ts";
import { isFar, type Uplink, uplinkGrade } from "../devices/uplink-words.ts";
import { DeviceTrouble } from "../parts/device-trouble.tsx";
import { LevelMeter } from "../parts/level-meter.tsx";
import type { MeasuredUplink } from "../parts/use-measured-uplink.ts";
import type { Publishing } from "../parts/use-publishing.ts";

export function Checks({ publishing }: { publishing: Publishing }) {
  const { t } = useTranslation();
  return (
    <ol className="checks" aria-label={t("publishing.checks")}>
      <CameraCheck publishing={publishing} />
      <MicrophoneCheck publishing={publishing} />
      <ConnectionCheck measured={publishing.measured} />
    </ol>
  );
}

type CheckProps = { readonly name: string; readonly icon: IconDrawing; readonly isDone: boolean; readonly children: ReactNode };

export function Check({ name, icon, isDone, children }: CheckProps) {
  const { t } = useTranslation();
  return (
    <li className={isDone ? "check-card done" : "check-card"}>
      <h2>
        <Icon drawing={icon} /> {name}
        <span className="tick" role="img" aria-label={t(isDone ? "publishing.done" : "publishing.notYet")}>
          {isDone ? <Icon drawing={CHECK_ICON} /> : null}
        </span>
      </h2>
      {children}
    </li>
  );
}

function CameraCheck({ publishing }: { publishing: Publishing }) {
  const { t } = useTranslation();
  const { capture, captured } = publishing;
  const { source, camera } = captured;
  if (source === "sound" || source === "screen")
    return (
      <Check name={t("publishing.camera")} icon={CAMERA_ICON} isDone>
        <p className="text-muted">{t("publishing.notNeeded")}</p>
      </Check>
    );
  return (
    <Check name={t("publishing.camera")} icon={CAMERA_ICON} isDone={camera.status === "on"}>
      {camera.problem ? <DeviceTrouble kind="camera" problem={camera.problem} /> : null}
      {camera.status === "on" && !camera.problem ? <p className="text-muted">{t("publishing.cameraOn")}</p> : null}
      {camera.status === "opening" ? <p role="status">{t("publishing.opening")}</p> : null}
      {hasBothSides(captured.devices.camera) ? (
        <button type="button" className="button small" onClick={() => void capture.turnCamera()}>
          <Icon drawing={TURN_CAMERA_ICON} /> {t("publishing.turnCamera")}
        </button>
      ) : null}
      {camera.status === "failed" ? (
        <>
          <p className="text-muted">{t("publishing.soundOnly")}</p>
          <button type="button" className="button small" onClick={() => void capture.open()}>
            {t("publishing.tryAgain")}
          </button>
        </>
      ) : null}
    </Check>
  );
}

function MicrophoneCheck({ publishing }: { publishing: Publishing }) {
  const { t } = useTranslation();
  const { capture, captured } = publishing;
  const { microphone } = captured;
  // Of which microphone a voice was heard: another one is checked again.
  const [heardOf, setHeardOf] = useState<string | null>(null);
  const device = microphone.device?.id ?? "";
  const onHeard = useCallback(() => setHeardOf(device), [device]);
  const isHeard = microphone.status === "on" && heardOf === device;
  return (
    <Check name={t("publishing.microphone")} icon={MICROPHONE_ICON} isDone={isHeard}>
      {microphone.problem ? <DeviceTrouble kind="microphone" problem={microphone.problem} /> : null}
      {microphone.stream ? (
        <>
          <LevelMeter stream={microphone.stream} onHeard={onHeard} />
          <p role="status">{t(isHeard ? "publishing.heard" : "publishing.say")}</p>
        </>
      ) : null}
      {microphone.status === "opening" && !microphone.stream ? (
        <>
          <div className="level-meter" />
          <p role="status">{t("publishing.opening")}</p>
        </>
      ) : null}
      {microphone.status === "failed" ? (
        <button type="button" className="button small" onClick={() => void capture.open()}>
          {t("publishing.tryAgain")}
        </button>
      ) : null}
    </Check>
  );
}

export function ConnectionCheck({ measured: { measurement, measure } }: { measured: MeasuredUplink }) {
  const { t } = useTranslation();
  const { status } = measurement;
  return (
    <Check
      name={t("publishing.connection")}
      icon={CONNECTION_ICON}
      isDone={status === "done" && uplinkGrade(measurement.uplink) !== "too-slow"}
    >
      <div role="status" className="measured">
        {status === "running" ? <p>{t("publishing.measuring")}</p> : null}
        {status === "done" ? <UplinkWords uplink={measurement.uplink} /> : null}
        {status === "failed" ? (
          <p className="device-trouble">{t(measurement.code === "network" ? "publishing.offline" : "publishing.measureFailed")}</p>
        ) : null}
      </div>
      {status === "none" ? <p className="text-muted">{t("publishing.measureHint")}</p> : null}
      <button type="button" className="button small" disabled={status === "running"} onClick={measure}>
        {t(status === "none" || status === "running" ? "publishing.measure" : "publishing.measureAgain")}
      </button>
    </Check>
  );
}

function UplinkWords({ uplink }: { uplink: Uplink }) {
  const { t, i18n } = useTranslation();
  const mbps = new Intl.NumberFormat(i18n.language, { maximumSignificantDigits: 2 }).format(uplink.kbps / 1000);
  return (
    <>
      <p>
        <strong>{t(`publishing.grade.${uplinkGrade(uplink)}`)}</strong>
      </p>
      {isFar(uplink) ? <p>{t("publishing.far")}</p> : null}
      <p className="text-muted">{t("publishing.measured", { mbps, ms: Math.round(uplink.rttMs) })}</p>
    </>
  );
}

/** Shows microphone and camera of this person: one press each, and what a teacher asks for. */

import type { PublisherState } from "@lectern/publisher";
import type { MemberMedia } from "@lectern/room";
import { Icon } from "@lectern/ui";
import { CAMERA_ICON, CAMERA_OFF_ICON, MICROPHONE_ICON, MICROPHONE_OFF_ICON } from "@lectern/ui/icons";
import { useEffect } from "react";
import type { Room } from "../room/use-room.ts";
import { useTranslation } from "../texts/use-translation.ts";
import type { OwnDevices } from "./use-own-media.ts";

type OwnControlsProps = {
  readonly room: Room;
  readonly devices: OwnDevices;
  /** As the room has it; null: this person is not on stage. */
  readonly media: MemberMedia | null;
};

/** What the person switches, the room is told; what a teacher switches off, is switched off here. */
export function OwnControls({ room, devices: { media: device, own }, media }: OwnControlsProps) {
  const { t } = useTranslation();
  // What the room says, and not what the device does: who switches on again is not switched off while the room has not heard of it.
  const isMutedByStaff = media?.byStaff === true && !media.microphone;
  const isHiddenByStaff = media?.byStaff === true && !media.camera;
  useEffect(() => {
    if (isMutedByStaff) void device.setMicrophone(false);
  }, [isMutedByStaff, device]);
  useEffect(() => {
    if (isHiddenByStaff) void device.setCamera(false);
  }, [isHiddenByStaff, device]);
  const tell = (what: object) => void room.send("mute", { action: "self", ...what }).catch(() => {});
  const isKnown = media !== null;
  // The room may know other devices: those of this page before it was loaded again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the room knows this person
  useEffect(() => {
    if (isKnown) tell({ microphone: own.microphone, camera: own.camera });
  }, [isKnown]);
  const setMicrophone = async (isOn: boolean): Promise<void> => {
    if (await device.setMicrophone(isOn)) tell({ microphone: isOn });
  };
  const setCamera = async (isOn: boolean): Promise<void> => {
    if (await device.setCamera(isOn)) tell({ camera: isOn });
  };
  const answer = media?.asked === "camera" ? () => setCamera(true) : () => setMicrophone(true);
  return (
    <>
      <button
        type="button"
        className="stage-button"
        aria-pressed={own.microphone}
        onClick={() => void setMicrophone(!own.microphone)}
      >
        <Icon drawing={own.microphone ? MICROPHONE_ICON : MICROPHONE_OFF_ICON} />
        <span>{t(own.microphone ? "stage.microphone" : "stage.microphoneOff")}</span>
      </button>
      <button type="button" className="stage-button" aria-pressed={own.camera} onClick={() => void setCamera(!own.camera)}>
        <Icon drawing={own.camera ? CAMERA_ICON : CAMERA_OFF_ICON} />
        <span>{t(own.camera ? "stage.camera" : "stage.cameraOff")}</span>
      </button>
      {media?.asked ? (
        <p className="stage-question" role="alert">
          {t(`stage.asked.${media.asked}`)}{" "}
          <button type="button" className="button small primary" onClick={() => void answer()}>
            {t("stage.turnOn")}
          </button>
        </p>
      ) : null}
    </>
  );
}

/** Whether others hear this person, and why not. */
export function HeardStatus({ state, devices: { own } }: { readonly state: PublisherState | null; readonly devices: OwnDevices }) {
  const { t } = useTranslation();
  return (
    <p className="stage-status" role="status">
      {own.problem ? t(`stage.${own.problem.isDenied ? "denied" : "missing"}.${own.problem.kind}`) : textOf()}
    </p>
  );

  function textOf(): string {
    if (state?.phase === "refused") return t("stage.refused", { detail: state.reason?.detail || state.reason?.code });
    if (state?.phase === "reconnecting") return t("stage.lost");
    if (state?.phase !== "live") return own.stream ? t("stage.connecting") : t("stage.silent");
    return t(own.microphone ? "stage.heard" : "stage.silent");
  }
}

/** Shares this person's screen where the lesson allows it; else asks the teacher. */

import type { MemberMedia, Stage } from "@lectern/room";
import { Icon } from "@lectern/ui";
import { SCREEN_ICON } from "@lectern/ui/icons";
import { useState } from "react";
import type { Room } from "../room/use-room.ts";
import { useTranslation } from "../texts/use-translation.ts";
import type { OwnDevices } from "./use-own-media.ts";

type ScreenButtonProps = {
  readonly room: Room;
  readonly stage: Stage;
  readonly devices: OwnDevices;
  readonly media: MemberMedia;
};

export function ScreenButton({ room, stage, devices: { media: device, own }, media }: ScreenButtonProps) {
  const { t } = useTranslation();
  const [failure, setFailure] = useState("");
  // Phones cannot.
  if (!("getDisplayMedia" in (navigator.mediaDevices ?? {}))) return null;
  const mayShare =
    media.isStaff || stage.layout.screens === "everybody" || media.screen === "allowed" || media.screen === "sharing";
  const tell = (action: "share" | "stop") => room.send("layout", { action });
  const stop = (): void => {
    device.stopSharing();
    void tell("stop").catch(() => {});
  };
  const start = async (): Promise<void> => {
    setFailure("");
    // The browser asks first: it wants the press itself.
    if (!mayShare || (await device.shareScreen(stop)))
      await tell("share").catch((error: Error) => {
        device.stopSharing();
        setFailure(error.message);
      });
  };
  return (
    <>
      <button
        type="button"
        className="stage-button"
        aria-pressed={own.isSharing}
        onClick={() => (own.isSharing ? stop() : void start())}
      >
        <Icon drawing={SCREEN_ICON} />
        <span>{t(own.isSharing ? "stage.stopSharing" : mayShare ? "stage.share" : "stage.askToShare")}</span>
      </button>
      {failure || media.screen === "asked" || media.screen === "allowed" ? (
        <p className="stage-status" role="status">
          {failure || t(media.screen === "asked" ? "stage.shareRequested" : "stage.shareAllowed")}
        </p>
      ) : null}
    </>
  );
}

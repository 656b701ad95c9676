/** Shows what there is before class, in the browser: what students will see, three checks, and one button that goes live. */
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "../../../texts/use-translation.ts";
import { InPlace } from "../../frame/places.tsx";
import { readRemembered } from "../devices/remembered.ts";
import { DeviceDock } from "../parts/device-dock.tsx";
import type { Publishing } from "../parts/use-publishing.ts";
import { Checks } from "./checks.tsx";

type PrepareProps = {
  readonly publishing: Publishing;
  /** The lesson is about to begin. */
  readonly isSoon: boolean;
  /** Whether the server has said that nobody else publishes: until then everything has its place, and nothing can be pressed. */
  readonly isKnown: boolean;
  readonly onGoLive: () => void;
  /** Of other ways to publish. */
  readonly choice: ReactNode;
};

export function Prepare({ publishing, isSoon, isKnown, onGoLive, choice }: PrepareProps) {
  const { t } = useTranslation();
  const { capture, captured, measured } = publishing;
  const { camera, microphone, screen, source, output } = captured;
  const isOff = [camera, microphone, screen].every(({ status }) => status === "off");
  const open = (): void => {
    void capture.open();
    if (measured.measurement.status === "none") measured.measure();
  };
  useOpenedAsBefore(isOff && isSoon && isKnown, open);
  const hint = output === null ? "goLiveNothing" : source === "sound" ? "goLiveSoundHint" : "goLiveHint";
  return (
    <>
      {isOff ? null : <Checks publishing={publishing} />}
      <div className="prepare-foot">
        <p className="text-muted">{t(isOff ? "publishing.turnOnHint" : `publishing.${hint}`)}</p>
        {choice}
      </div>
      <DeviceDock publishing={publishing} isOpen={!isOff} isLive={false} />
      <InPlace name="go">
        {isOff ? (
          <button type="button" className="button primary" disabled={!isKnown} onClick={open}>
            {t("publishing.turnOn")}
          </button>
        ) : (
          <button type="button" className="button primary" disabled={output === null} onClick={onGoLive}>
            {t("publishing.goLive")}
          </button>
        )}
      </InPlace>
    </>
  );
}

/** Who has used this page before, and has allowed it for good, is not asked again. */
function useOpenedAsBefore(isWanted: boolean, open: () => void): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page is open and the server has answered
  useEffect(() => {
    const { camera, microphone } = readRemembered().devices;
    if (!isWanted || (!camera && !microphone)) return;
    let isGone = false;
    void isGranted().then((granted) => {
      if (granted && !isGone) open();
    });
    return () => {
      isGone = true;
    };
  }, [isWanted]);
}

async function isGranted(): Promise<boolean> {
  try {
    const names = ["camera", "microphone"] as const;
    const found = await Promise.all(names.map((name) => navigator.permissions.query({ name })));
    return found.every(({ state }) => state === "granted");
  } catch {
    // The browser does not tell.
    return false;
  }
}

/** Offers the sound of a camera that is too small in the corner of the stage to offer it itself, where the browser waits for a touch. */
import type { LecternPlayer } from "@lectern/player";
import { useCallback, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";

export function StageSound({ player }: { player: LecternPlayer | null }) {
  const { t } = useTranslation();
  const subscribe = useCallback(
    (listener: () => void) => {
      player?.addEventListener("lectern-volume", listener);
      return () => player?.removeEventListener("lectern-volume", listener);
    },
    [player],
  );
  const isRefused = useSyncExternalStore(subscribe, () => player?.soundRefused ?? false);
  if (!isRefused) return null;
  const allow = (): void => {
    if (player) player.muted = false;
  };
  return (
    <button type="button" className="stage-sound" onClick={allow}>
      {t("tapForSound")}
    </button>
  );
}

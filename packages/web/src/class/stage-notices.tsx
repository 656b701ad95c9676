/** Shows over the slide what a camera in the corner of the stage is too small for: what is wrong with its picture, and the offer of its sound. */
import type { LecternPlayer, PlayerEvents } from "@lectern/player";
import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { useTranslation } from "../texts/use-translation.ts";

export function StageNotices({ player }: { player: LecternPlayer | null }) {
  return (
    <div className="stage-notices">
      <StageStatus player={player} />
      <StageSound player={player} />
    </div>
  );
}

/** Not read aloud: the player's own line is, however small it is. */
function StageStatus({ player }: { player: LecternPlayer | null }) {
  const [status, setStatus] = useState<string | null>(null);
  useEffect(() => {
    setStatus(null);
    const heard = ({ detail }: PlayerEvents["lectern-status"]): void => setStatus(detail.text);
    player?.addEventListener("lectern-status", heard);
    return () => player?.removeEventListener("lectern-status", heard);
  }, [player]);
  return status === null ? null : (
    <p className="stage-notice" aria-hidden="true">
      {status}
    </p>
  );
}

/** The browser waits for a touch before it plays sound. */
function StageSound({ player }: { player: LecternPlayer | null }) {
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

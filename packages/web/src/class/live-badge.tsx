/** Shows "Live now" in the bar of a class, and what is so instead while no picture arrives. */
import type { LecternPlayer, PlayerEvents } from "@lectern/player";
import { useEffect, useState } from "react";
import { useTranslation } from "../texts/use-translation.ts";

/** What the player says of its picture; null: it moves, or there is no player. */
type Trouble = "noPicture" | "reconnecting";

export function LiveBadge({ player }: { player: LecternPlayer | null }) {
  const { t } = useTranslation();
  const trouble = useTrouble(player);
  return trouble === null ? <p className="live">{t("liveNow")}</p> : <p className="live not-now">{t(trouble)}</p>;
}

function useTrouble(player: LecternPlayer | null): Trouble | null {
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  useEffect(() => {
    // Of a player that is there already, nothing more may be told.
    const isWaiting = player?.state === "reconnecting";
    setTrouble(isWaiting ? (player.hasAttribute("publisher-left-at") ? "noPicture" : "reconnecting") : null);
    const heard = ({ detail: { state, problem } }: PlayerEvents["lectern-state"]): void => {
      const lacksVideo = problem === "no-picture" || problem === "not-live" || problem === "picture-undecodable";
      setTrouble(lacksVideo ? "noPicture" : state === "reconnecting" ? "reconnecting" : null);
    };
    player?.addEventListener("lectern-state", heard);
    return () => player?.removeEventListener("lectern-state", heard);
  }, [player]);
  return trouble;
}

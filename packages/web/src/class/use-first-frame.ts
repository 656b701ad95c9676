/** Tells when the page may load more: once the picture has appeared, or does not appear soon. */
import type { LecternPlayer } from "@lectern/player";
import { useEffect, useState } from "react";

/** A picture that takes longer than this has a problem that waiting does not mend. */
const AT_LATEST_MS = 3000;

/** @param isExpected false: there is no picture to wait for */
export function useFirstFrame(player: LecternPlayer | null, isExpected: boolean): boolean {
  const [isOver, setIsOver] = useState(!isExpected);
  useEffect(() => {
    if (isOver) return;
    const end = () => setIsOver(true);
    const timer = setTimeout(end, isExpected ? AT_LATEST_MS : 0);
    player?.addEventListener("lectern-first-frame", end);
    return () => {
      clearTimeout(timer);
      player?.removeEventListener("lectern-first-frame", end);
    };
  }, [player, isExpected, isOver]);
  return isOver;
}

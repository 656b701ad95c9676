/** Shows a small row of reactions. They go to the teacher, and rise over the picture. */
import { Popup } from "@lectern/ui";
import { SMILE_ICON } from "@lectern/ui/icons";
import { useEffect, useRef, useState } from "react";
import type { Room } from "../../room/use-room.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { DockFace } from "../parts/dock-face.tsx";
import { REACTION_EMOJI, REACTIONS, type Reaction } from "../parts/reaction-kinds.ts";
import { useSend } from "../parts/use-send.ts";

/** Between two reactions of a person. */
const PAUSE_MS = 1200;

export function Reactions({ room }: { room: Room }) {
  const { t } = useTranslation();
  const { send, failure } = useSend(room);
  const [isPausing, setIsPausing] = useState(false);
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  const react = (reaction: Reaction): void => {
    if (isPausing) return;
    setIsPausing(true);
    timer.current = window.setTimeout(() => setIsPausing(false), PAUSE_MS);
    void send("reaction", { reaction });
  };
  return (
    <Popup
      className="reactions"
      buttonClass="dock-button"
      label={t("react")}
      face={<DockFace icon={SMILE_ICON} label={t("react")} />}
    >
      <div className="reaction-row">
        {REACTIONS.map((reaction) => (
          <button key={reaction} type="button" aria-disabled={isPausing} onClick={() => react(reaction)}>
            <span aria-hidden="true">{REACTION_EMOJI[reaction]}</span>
            <small>{t(`reactions.${reaction}`)}</small>
          </button>
        ))}
      </div>
      <p role="status" className="text-muted">
        {failure || (isPausing ? t("reacted") : "")}
      </p>
    </Popup>
  );
}

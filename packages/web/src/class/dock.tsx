/** Shows the row of actions of a class: sound, what the room adds (hand, reactions, quiz), rewind, more, leave. */

import type { LecternPlayer } from "@lectern/player";
import { serverClock } from "@lectern/player/server-clock";
import { Popup } from "@lectern/ui";
import { LEAVE_ICON, MORE_ICON, REWIND_ICON, SOUND_ICON, SOUND_OFF_ICON } from "@lectern/ui/icons";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "../texts/use-translation.ts";
import { DockFace } from "./parts/dock-face.tsx";

export type DockProps = {
  readonly player: LecternPlayer | null;
  /** Called with the element that takes the room's actions. */
  readonly onSlot: (slot: HTMLElement | null) => void;
  /** Milliseconds since 1970; null while live. Undefined: there is nothing to rewind. */
  readonly rewoundAt: number | null | undefined;
  /** False: the lesson has not begun. The button has its place all the same. */
  readonly canRewind: boolean;
  readonly onRewind: (rewoundAt: number | null) => void;
  /** Beside the others on wide screens, behind "More" on narrow ones. */
  readonly more: ReactNode;
  /** Shown above the row. */
  readonly children: ReactNode;
};

export function Dock({ player, onSlot, rewoundAt, canRewind, onRewind, more, children }: DockProps) {
  const { t } = useTranslation();
  return (
    <div className="dock">
      <nav className="dock-row" aria-label={t("actions")}>
        {player ? <SoundButton player={player} /> : null}
        <div className="dock-slot" ref={onSlot} />
        {rewoundAt === undefined ? null : <RewindButton rewoundAt={rewoundAt} isEnabled={canRewind} onChange={onRewind} />}
        <Popup
          className="dock-more"
          buttonClass="dock-button"
          label={t("more")}
          face={<DockFace icon={MORE_ICON} label={t("more")} />}
        >
          {more}
        </Popup>
        <a className="dock-button dock-leave" href="/">
          <DockFace icon={LEAVE_ICON} label={t("leave")} />
        </a>
      </nav>
      {children}
    </div>
  );
}

function SoundButton({ player }: { player: LecternPlayer }) {
  const { t } = useTranslation();
  const [isMuted, setIsMuted] = useState(true);
  const video = player.shadowRoot?.querySelector("video") ?? null;
  useEffect(() => {
    if (!video) return;
    const update = () => setIsMuted(video.muted || video.volume === 0);
    update();
    video.addEventListener("volumechange", update);
    return () => video.removeEventListener("volumechange", update);
  }, [video]);
  const toggle = (): void => {
    if (!video) return;
    video.muted = !isMuted;
    if (isMuted && video.volume === 0) video.volume = 0.5;
  };
  return (
    <button type="button" className="dock-button" aria-pressed={!isMuted} onClick={toggle}>
      <DockFace icon={isMuted ? SOUND_OFF_ICON : SOUND_ICON} label={t("sound")} />
    </button>
  );
}

type RewindButtonProps = {
  /** Milliseconds since 1970; null while live. */
  readonly rewoundAt: number | null;
  readonly isEnabled: boolean;
  readonly onChange: DockProps["onRewind"];
};

function RewindButton({ rewoundAt, isEnabled, onChange }: RewindButtonProps) {
  const { t } = useTranslation();
  const isLive = rewoundAt === null;
  return (
    <button
      type="button"
      className={isLive ? "dock-button" : "dock-button chosen"}
      disabled={!isEnabled}
      title={isLive ? t("rewindBy") : undefined}
      aria-label={isLive ? t("rewindBy") : undefined}
      onClick={() => onChange(isLive ? serverClock.now() : null)}
    >
      <DockFace icon={REWIND_ICON} label={t(isLive ? "rewind" : "backToLive")} />
    </button>
  );
}

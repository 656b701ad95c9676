/** Shows the dock of a class with what belongs to the lesson: the way to report a problem, to a television, to another language. */
import type { Joined } from "@lectern/client";
import type { LecternPlayer } from "@lectern/player";
import { PEOPLE_ICON, SCREEN_ICON, WARNING_ICON } from "@lectern/ui/icons";
import { useState } from "react";
import { LanguageButton } from "../components/language-button.tsx";
import { useTranslation } from "../texts/use-translation.ts";
import { Dock, type DockProps } from "./dock.tsx";
import { DockFace } from "./parts/dock-face.tsx";
import { ProblemReport } from "./problem-report.tsx";
import type { useTelevision } from "./use-television.ts";

type LessonDockProps = Pick<DockProps, "rewoundAt" | "canRewind" | "onRewind"> & {
  readonly player: LecternPlayer | null;
  /** The lesson is silent, because this person speaks in it. */
  readonly isSilent: boolean;
  readonly lessonId: string;
  readonly viewer: Joined["viewer"];
  /** This person is let in, and the lesson is not over. */
  readonly isOpen: boolean;
  readonly screen: ReturnType<typeof useTelevision>;
  /** The page that lets a television into the lesson; none where the person may not. */
  readonly televisionHref: string | undefined;
  readonly slot: Readonly<Record<"dock" | "more", (element: HTMLElement | null) => void>>;
};

export function LessonDock(props: LessonDockProps) {
  const { player, isSilent, rewoundAt, canRewind, onRewind, lessonId, viewer, isOpen, slot } = props;
  const [isReporting, setIsReporting] = useState(false);
  const toggleReport = () => setIsReporting(!isReporting);
  return (
    <Dock
      player={isOpen && !isSilent ? player : null}
      onSlot={slot.dock}
      rewoundAt={rewoundAt}
      canRewind={canRewind}
      onRewind={onRewind}
      more={<MoreActions {...props} isReporting={isReporting} toggleReport={toggleReport} />}
    >
      {isReporting ? <ProblemReport player={player} lessonId={lessonId} viewer={viewer} onClose={toggleReport} /> : null}
    </Dock>
  );
}

type MoreActionsProps = Pick<LessonDockProps, "isOpen" | "screen" | "televisionHref" | "slot"> & {
  readonly isReporting: boolean;
  readonly toggleReport: () => void;
};

function MoreActions({ isOpen, isReporting, toggleReport, screen, televisionHref, slot }: MoreActionsProps) {
  const { t } = useTranslation();
  return (
    <>
      {isOpen ? (
        <button type="button" className="dock-button" onClick={toggleReport} aria-expanded={isReporting} data-closes="">
          <DockFace icon={WARNING_ICON} label={t("reportProblem")} />
        </button>
      ) : null}
      {isOpen && televisionHref !== undefined && !screen.isLarge ? (
        <a className="dock-button" href={televisionHref}>
          <DockFace icon={SCREEN_ICON} label={t("television")} />
        </a>
      ) : null}
      {screen.isLarge ? (
        <button
          type="button"
          className="dock-button"
          aria-pressed={screen.isTelevision}
          onClick={() => screen.choose(!screen.isTelevision)}
        >
          <DockFace icon={PEOPLE_ICON} label={t("wholeClass")} />
        </button>
      ) : null}
      <div className="dock-slot" ref={slot.more} />
      <LanguageButton />
    </>
  );
}

/**
 * Shows the bar of the studio: the lesson and how it is, in one line, with the invitation, all that is needed seldom, and the end. What comes later
 * stands behind what is there, so that nothing moves.
 */
import type { Lesson } from "@lectern/client";
import { Icon } from "@lectern/ui";
import { LEFT_ICON, LINK_ICON } from "@lectern/ui/icons";
import { useTranslation } from "../../texts/use-translation.ts";
import type { DrawerName } from "../drawers/studio-drawers.tsx";
import { Place } from "../frame/places.tsx";
import { EndButton } from "./end-button.tsx";
import { LessonState } from "./lesson-state.tsx";
import { StudioMenu } from "./studio-menu.tsx";
import "./studio-bar.css";

type StudioBarProps = {
  readonly lesson: Lesson;
  readonly isRecording: boolean;
  readonly isSmall: boolean;
  readonly isOver: boolean;
  readonly onOpen: (drawer: DrawerName) => void;
  readonly onKeys: () => void;
};

export function StudioBar({ lesson, isRecording, isSmall, isOver, onOpen, onKeys }: StudioBarProps) {
  const { t } = useTranslation();
  return (
    <header className="studio-bar">
      <a className="button quiet icon-only" href="/console" aria-label={t("myLessons")} title={t("myLessons")}>
        <Icon drawing={LEFT_ICON} />
      </a>
      <h1 title={lesson.title}>{lesson.title}</h1>
      <div className="bar-state">
        <LessonState lesson={lesson} />
        <Place name="people" />
        {isOver ? null : (
          <button type="button" className="button quiet bar-invite" aria-keyshortcuts="I" onClick={() => onOpen("invite")}>
            <Icon drawing={LINK_ICON} /> {t("bar.invite")}
          </button>
        )}
        {isOver ? null : (
          <span className="bar-rec" hidden={!isRecording}>
            {t("bar.recording")}
          </span>
        )}
        <Place name="uplink" />
      </div>
      <StudioMenu lesson={lesson} isSmall={isSmall} isOver={isOver} onOpen={onOpen} onKeys={onKeys} />
      <EndButton lesson={lesson} isSmall={isSmall} />
    </header>
  );
}

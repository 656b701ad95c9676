/** Shows what a teacher needs seldom: the drawers, other windows, the keys, the other language, and the way out. */
import type { Lesson } from "@lectern/client";
import { Menu, type MenuItem } from "@lectern/ui";
import {
  BROADCAST_ICON,
  CHART_ICON,
  GROW_ICON,
  LANGUAGE_ICON,
  LEAVE_ICON,
  PEOPLE_ICON,
  PLAY_ICON,
  QUESTION_ICON,
  RECORDING_ICON,
  SCREEN_ICON,
} from "@lectern/ui/icons";
import { changeLanguage } from "../../i18n.ts";
import { LANGUAGES, otherLanguage } from "../../language.ts";
import { useSignOut } from "../../session/use-sign-out.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import type { DrawerName } from "../drawers/studio-drawers.tsx";
import { useStartLesson } from "./end-button.tsx";

type StudioMenuProps = {
  readonly lesson: Lesson;
  readonly isSmall: boolean;
  readonly isOver: boolean;
  readonly onOpen: (drawer: DrawerName) => void;
  readonly onKeys: () => void;
};

export function StudioMenu({ lesson, isSmall, isOver, onOpen, onKeys }: StudioMenuProps) {
  const { t, i18n } = useTranslation();
  const { signOut, error } = useSignOut(() => location.assign("/console"));
  const start = useStartLesson();
  const other = otherLanguage(i18n.language);
  const openWindow = (panel: string) => () => void window.open(`/studio/${lesson.id}?panel=${panel}`, "_blank", "noopener");
  // To sign out would end the picture, and the lesson would go on without it.
  const isTeaching = lesson.state === "live" && lesson.stream !== null;
  const items: readonly (MenuItem | null)[] = [
    lesson.state === "scheduled" && !isSmall ? { label: t("bar.startWithout"), icon: PLAY_ICON, run: () => start.mutate() } : null,
    isOver ? null : { label: t("watchers.title"), icon: PEOPLE_ICON, run: () => onOpen("parents") },
    isOver ? null : { label: t("recordings"), icon: RECORDING_ICON, run: () => onOpen("recordings") },
    isOver || isSmall ? null : { label: t("bar.forwards"), icon: BROADCAST_ICON, run: () => onOpen("forwards") },
    lesson.startedAt === null
      ? null
      : {
          label: t("viewerExperience"),
          icon: CHART_ICON,
          run: () => location.assign(`/console/lessons/${lesson.id}/experience`),
        },
    isOver || isSmall ? null : { label: t("bar.projector"), icon: SCREEN_ICON, run: openWindow("projector") },
    { label: t("bar.classWindow"), icon: GROW_ICON, run: openWindow("people") },
    isOver ? null : { label: t("bar.keys"), icon: QUESTION_ICON, run: onKeys },
    { label: LANGUAGES[other], icon: LANGUAGE_ICON, run: () => changeLanguage(other) },
    isTeaching ? null : { label: t("signOut"), icon: LEAVE_ICON, run: signOut },
  ];
  return (
    <>
      {error ? <span role="alert">{error}</span> : null}
      <Menu label={t("bar.menu")} items={items.filter((item) => item !== null)} />
    </>
  );
}

/** The class beside the teacher's preview: raised hands, and the tabs Chat, Questions, Quiz, People and Review. */
import type { Lesson } from "@lectern/client";
import { useEffect, useMemo, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";
import { roomDoor } from "../../board/pages/board-door.ts";
import { loadedLater } from "../../components/loaded-later.tsx";
import { openByWorker } from "../../room/room-socket-proxy.ts";
import { useRoom } from "../../room/use-room.ts";
import { StudioStage } from "../../stage/studio-stage.tsx";
import { isTwoWay } from "../../stage/two-way.ts";
import { lessonId } from "../lesson/lesson-api.ts";
import { roomAddress, useJoined } from "../lesson/use-joined.ts";
import { ChatPanel } from "./chat-panel.tsx";
import { Hands } from "./hands.tsx";
import { ReactionMeter } from "./reaction-meter.tsx";
import { NoticeLine, RoomCount, RoomStatus } from "./room-status.tsx";
import { SettingsButton } from "./settings-form.tsx";
import { type Tab, Tabs } from "./tabs.tsx";
import { TeacherRoomProvider, useRoomActions } from "./teacher-room.ts";
import { TAB_NAMES, type TabName, useTabCounts } from "./use-tab-counts.ts";
import "./room.css";

// The chat is there at once; each of the others when it is opened.
const QuestionsPanel = loadedLater(() => import("./questions-panel.tsx").then((file) => file.QuestionsPanel));
const QuizPanel = loadedLater(() => import("./quiz-panel.tsx").then((file) => file.QuizPanel));
const PeoplePanel = loadedLater(() => import("./people-panel.tsx").then((file) => file.PeoplePanel));
const ReviewPanel = loadedLater(() => import("./review-panel.tsx").then((file) => file.ReviewPanel));

// The board follows the chat.
const StageBoard = loadedLater(() => import("../../board/stage-board.tsx").then((file) => file.StageBoard));

// Of lessons in which everybody is seen and heard.
const SmallLesson = loadedLater(() => import("../../stage/small-lesson.tsx").then((file) => file.SmallLesson));

const PANELS = { chat: ChatPanel, questions: QuestionsPanel, quiz: QuizPanel, people: PeoplePanel, review: ReviewPanel } as const;

/** Where the class is a drawer; as in the style sheet. */
const DRAWER = "(min-width: 600px) and (max-width: 1279px)";

type ClassSideProps = {
  readonly lesson: Lesson;
  /** The tab that is open at first. Default: the chat. */
  readonly firstTab?: string | null;
  /** Fills a window of its own. */
  readonly isWindow?: boolean;
  /** Where the people of a small lesson are seen. Default: nowhere. */
  readonly peoplePlace?: HTMLElement | null;
};

export function ClassSide({ lesson, firstTab = null, isWindow = false, peoplePlace = null }: ClassSideProps) {
  const { t } = useTranslation();
  const isOver = lesson.state === "ended";
  const isSmall = isTwoWay(lesson);
  const joined = useJoined(!isOver);
  const room = useRoom(isOver ? null : roomAddress(lesson, joined), { openLine: openByWorker });
  const [chosen, setTab] = useState<TabName>(TAB_NAMES.find((name) => name === firstTab) ?? "chat");
  const drawer = useDrawer();
  const teacherRoom = useRoomActions(room, { isOver, isSmall }, () => setTab("chat"));
  const names: readonly TabName[] = isOver ? ["quiz", "people"] : TAB_NAMES;
  const tab = names.includes(chosen) ? chosen : "people";
  // Lines that come while the drawer is closed are new.
  const isHidden = !isWindow && !drawer.isOpen && matchMedia(DRAWER).matches;
  const link = joined?.play?.hls ?? null;
  const door = useMemo(() => (link === null ? null : roomDoor(lesson.code ?? lesson.id, link)), [lesson.code, lesson.id, link]);
  const counts = useTabCounts(room, isHidden ? null : tab);
  const tabs = names.map((name): Tab<TabName> => {
    const Panel = PANELS[name];
    const countLabel = t(`room.counted.${name}`, { count: counts[name] });
    return { name, label: t(`room.tabs.${name}`), count: counts[name], countLabel, panel: <Panel /> };
  });
  return (
    <TeacherRoomProvider value={teacherRoom}>
      {isWindow || isOver || door === null ? null : (
        <StageBoard {...{ room, door, lessonId }} beside={isSmall ? "people" : "camera"} hasFocusMode />
      )}
      {isOver || peoplePlace === null ? null : createPortal(<SmallLesson room={room} />, peoplePlace)}
      {isWindow ? null : <DrawerButton drawer={drawer} hands={room.held("hand").length} unread={counts.chat} />}
      <section
        ref={drawer.panel}
        className={`tile side ${isWindow ? "window" : ""} ${drawer.isOpen ? "open" : ""}`}
        aria-label={t("room.class")}
        onKeyDown={drawer.onKeyDown}
      >
        <div className="row side-header">
          <h2>
            {t("room.class")} <RoomCount />
          </h2>
          <span className="chips">
            {isOver ? null : <SettingsButton />}
            {isWindow ? null : (
              <a className="button small" href={`/studio/${lessonId}?panel=${tab}`} target="_blank" rel="noopener">
                {t("room.ownWindow")}
              </a>
            )}
            <button type="button" className="button small drawer-close" onClick={drawer.close}>
              {t("room.close")}
            </button>
          </span>
        </div>
        {isOver ? null : <RoomStatus />}
        <NoticeLine />
        {isOver ? null : <Hands />}
        {isOver || isWindow || isSmall ? null : <StudioStage room={room} act={teacherRoom.act} />}
        {isOver ? null : <ReactionMeter />}
        <Tabs label={t("room.class")} tabs={tabs} selected={tab} onSelect={setTab} />
      </section>
    </TeacherRoomProvider>
  );
}

type Drawer = ReturnType<typeof useDrawer>;

/** On a tablet the class is a drawer; the style sheet decides where. */
function useDrawer() {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isOpen) panel.current?.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')?.focus();
  }, [isOpen]);
  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  const onKeyDown = (event: { readonly key: string; readonly defaultPrevented: boolean }): void => {
    if (event.key === "Escape" && !event.defaultPrevented && isOpen) close();
  };
  return { isOpen, open: () => setOpen(true), close, onKeyDown, button, panel };
}

function DrawerButton({ drawer, hands, unread }: { drawer: Drawer; hands: number; unread: number }) {
  const { t } = useTranslation();
  const words = [
    t("room.class"),
    ...(hands > 0 ? [`${t("room.hands")} ${hands}`] : []),
    ...(unread > 0 ? [t("room.counted.chat", { count: unread })] : []),
  ];
  return (
    <button ref={drawer.button} type="button" className="button drawer-button" aria-expanded={drawer.isOpen} onClick={drawer.open}>
      {words.join(" · ")}
    </button>
  );
}

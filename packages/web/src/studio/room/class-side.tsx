/** Shows the class beside the stage: raised hands, and the tabs Chat, Questions, Quiz, People and Review. */
import type { Lesson } from "@lectern/client";
import { Icon } from "@lectern/ui";
import { CHAT_ICON, CLOSE_ICON, GROW_ICON, HAND_ICON, PEOPLE_ICON } from "@lectern/ui/icons";
import { type RefObject, useEffect, useMemo, useRef } from "react";
import { createPortal } from "react-dom";
import { roomDoor } from "../../board/pages/board-door.ts";
import { loadedLater } from "../../components/loaded-later.tsx";
import { openByWorker } from "../../room/room-socket-proxy.ts";
import { useRoom } from "../../room/use-room.ts";
import { isSmallLesson } from "../../stage/small-lesson-mode.ts";
import { StudioStage } from "../../stage/studio-stage.tsx";
import { useTranslation } from "../../texts/use-translation.ts";
import { hasTools } from "../../tools/has-tools.ts";
import { InPlace } from "../frame/places.tsx";
import type { Side } from "../frame/side.ts";
import { TAB_NAMES, type TabName } from "../frame/tab-names.ts";
import { lessonId } from "../lesson/lesson-api.ts";
import { roomAddress, useJoined } from "../lesson/use-joined.ts";
import { useParticipants } from "../lesson/use-participants.ts";
import { ChatPanel } from "./chat-panel.tsx";
import { Hands } from "./hands.tsx";
import { ReactionMeter } from "./reaction-meter.tsx";
import { NoticeLine, RoomCount, RoomLine, RoomStatus } from "./room-status.tsx";
import { SettingsButton } from "./settings-form.tsx";
import { type Tab, Tabs } from "./tabs.tsx";
import { TeacherRoomProvider, useRoomActions } from "./teacher-room.ts";
import { useTabCounts } from "./use-tab-counts.ts";
import { WaitingGuests } from "./waiting-guests.tsx";
import "./room.css";

// The chat is there at once; each of the others when it is opened.
const QuestionsPanel = loadedLater(() => import("./questions-panel.tsx").then((file) => file.QuestionsPanel));
const QuizPanel = loadedLater(() => import("./quiz-panel.tsx").then((file) => file.QuizPanel));
const PeoplePanel = loadedLater(() => import("./people-panel.tsx").then((file) => file.PeoplePanel));
const ToolsPanel = loadedLater(() => import("./tools-panel.tsx").then((file) => file.ToolsPanel));
const ReviewPanel = loadedLater(() => import("./review-panel.tsx").then((file) => file.ReviewPanel));

// With the first groups.
const GroupsBar = loadedLater(() => import("./groups-bar.tsx").then((file) => file.GroupsBar));

// With the first tool.
const ToolStrip = loadedLater(() => import("../../tools/tool-strip.tsx").then((file) => file.ToolStrip));

// The board follows the chat.
const StageBoard = loadedLater(() => import("../../board/stage-board.tsx").then((file) => file.StageBoard));

// Of lessons in which everybody is seen and heard.
const SmallLesson = loadedLater(() => import("../../stage/small-lesson.tsx").then((file) => file.SmallLesson));

const PANELS = {
  chat: ChatPanel,
  questions: QuestionsPanel,
  quiz: QuizPanel,
  people: PeoplePanel,
  tools: ToolsPanel,
  review: ReviewPanel,
} as const;

/** Where the class is a drawer, or a sheet; as in the style sheet. */
const DRAWER = "(max-width: 1279px)";

type ClassSideProps = {
  readonly lesson: Lesson;
  readonly side: Side;
  /** Fills a window of its own. */
  readonly isWindow?: boolean;
  /** Where the people of a small lesson are seen. Default: nowhere. */
  readonly peoplePlace?: HTMLElement | null;
};

export function ClassSide({ lesson, side, isWindow = false, peoplePlace = null }: ClassSideProps) {
  const { t } = useTranslation();
  const isOver = lesson.state === "ended";
  const isSmall = isSmallLesson(lesson);
  const joined = useJoined(!isOver);
  const room = useRoom(isOver ? null : roomAddress(lesson, joined), { openLine: openByWorker });
  const drawer = useDrawer(side);
  const teacherRoom = useRoomActions(room, { isOver, isSmall }, () => side.choose("chat"));
  const names: readonly TabName[] = isOver ? ["quiz", "people"] : TAB_NAMES;
  const tab = names.includes(side.tab) ? side.tab : "people";
  // Lines that come while the drawer is closed are new.
  const isHidden = !isWindow && !side.isOpen && isDrawer();
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
      {isWindow || isOver ? null : (
        <ClassButton side={side} button={drawer.button} hands={room.held("hand").length} unread={counts.chat} />
      )}
      <PeopleButton isOver={isOver} button={isOver ? drawer.button : null} onPress={() => side.open("people")} />
      <section
        ref={drawer.panel}
        className={`side ${isWindow ? "window" : ""} ${side.isOpen ? "open" : ""}`}
        aria-label={t("room.class")}
        onKeyDown={drawer.onKeyDown}
      >
        <div className="row side-header">
          <h2>
            {t("room.class")} {isWindow ? <RoomCount /> : null}
          </h2>
          {isOver ? null : <RoomLine />}
          <span className="chips">
            {isOver ? null : <SettingsButton />}
            {isWindow ? null : (
              <a
                className="button quiet icon-only"
                href={`/studio/${lessonId}?panel=${tab}`}
                target="_blank"
                rel="noopener"
                aria-label={t("room.ownWindow")}
                title={t("room.ownWindow")}
              >
                <Icon drawing={GROW_ICON} />
              </a>
            )}
            <button
              type="button"
              className="button quiet icon-only drawer-close"
              aria-label={t("room.close")}
              title={t("room.close")}
              onClick={drawer.close}
            >
              <Icon drawing={CLOSE_ICON} />
            </button>
          </span>
        </div>
        {isOver ? null : <RoomStatus />}
        <NoticeLine />
        {isOver || isWindow ? null : <WaitingGuests />}
        {isOver ? <p className="hands text-muted">{t("publishing.ended.title")}</p> : <Hands />}
        {isOver || isWindow || isSmall ? null : <StudioStage room={room} act={teacherRoom.act} />}
        {isOver || room.one("groups") === null ? null : <GroupsBar />}
        {isOver ? null : <ReactionMeter />}
        {hasTools(room) ? <ToolStrip room={room} /> : null}
        <Tabs label={t("room.class")} tabs={tabs} selected={tab} onSelect={side.choose} />
      </section>
    </TeacherRoomProvider>
  );
}

/** The class is a drawer on narrow screens, and while the stage has the page for itself. */
function isDrawer(): boolean {
  return matchMedia(DRAWER).matches || document.querySelector(".studio[data-focused]") !== null;
}

/** Where there is no room beside the stage the class is a drawer, or on a phone a sheet; the style sheet decides where. */
function useDrawer({ isOpen, close: hide }: Side) {
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isOpen) panel.current?.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')?.focus();
  }, [isOpen]);
  const close = (): void => {
    hide();
    button.current?.focus();
  };
  const onKeyDown = (event: { readonly key: string; readonly defaultPrevented: boolean }): void => {
    if (event.key === "Escape" && !event.defaultPrevented && isOpen) close();
  };
  return { close, onKeyDown, button, panel };
}

type ClassButtonProps = {
  readonly side: Side;
  readonly button: RefObject<HTMLButtonElement | null>;
  readonly hands: number;
  readonly unread: number;
};

/** In the dock, with what waits for the teacher. */
function ClassButton({ side, button, hands, unread }: ClassButtonProps) {
  const { t } = useTranslation();
  const guests = useParticipants().filter(({ waiting }) => waiting).length;
  const words = [
    t("room.class"),
    ...(guests > 0 ? [t("waitingGuests", { count: guests })] : []),
    ...(hands > 0 ? [`${t("room.hands")} ${hands}`] : []),
    ...(unread > 0 ? [t("room.counted.chat", { count: unread })] : []),
  ];
  const waiting = guests + hands + unread;
  return (
    <InPlace name="class">
      <button
        ref={button}
        type="button"
        className="dock-button drawer-button"
        title={words.join(" · ")}
        aria-expanded={side.isOpen}
        onClick={() => (side.isOpen ? side.close() : side.open())}
      >
        <Icon drawing={hands > 0 ? HAND_ICON : CHAT_ICON} />
        <span className="only-spoken">{words.join(" · ")}</span>
        <span aria-hidden="true">{t("room.class")}</span>
        {waiting > 0 ? (
          <span className="tab-count" aria-hidden="true">
            {waiting > 99 ? "99+" : waiting}
          </span>
        ) : null}
      </button>
    </InPlace>
  );
}

type PeopleButtonProps = {
  readonly isOver: boolean;
  /** Gets the focus when the class is closed; null: another button does. */
  readonly button: RefObject<HTMLButtonElement | null> | null;
  readonly onPress: () => void;
};

/** The head count in the bar; after class, the way to who was there, as there is no dock any more. */
function PeopleButton({ isOver, button, onPress }: PeopleButtonProps) {
  const { t } = useTranslation();
  return (
    <InPlace name="people">
      <button ref={button} type="button" className="button quiet" title={t("room.tabs.people")} onClick={onPress}>
        <Icon drawing={PEOPLE_ICON} /> {isOver ? t("room.tabs.people") : <RoomCount />}
      </button>
    </InPlace>
  );
}

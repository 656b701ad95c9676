/** Shows the room in a class: the side with its tabs, what the room adds to the dock and the header, and what flies over the picture. */

import type { LecternPlayer } from "@lectern/player";
import { quizzesOf } from "@lectern/room";
import { Icon, useMediaQuery } from "@lectern/ui";
import { CHECK_ICON, DOWN_ICON, PEOPLE_ICON, UP_ICON } from "@lectern/ui/icons";
import { useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { loadedLater } from "../../components/loaded-later.tsx";
import { addTranslations } from "../../i18n.ts";
import { isObserver, isStudent } from "../../room/roles.ts";
import type { Room } from "../../room/use-room.ts";
import { CalledOn } from "../../stage/called-on.tsx";
import { SmallLesson } from "../../stage/small-lesson.tsx";
import { useTranslation } from "../../texts/use-translation.ts";
import { hasTools } from "../../tools/has-tools.ts";
import type { RoomSlots } from "../parts/room-report.ts";
import { Announcements } from "./announcements.tsx";
import { Announcer, useAnnouncer } from "./announcer.tsx";
import { BulletCommentSettings } from "./bullet-comments/bullet-settings.tsx";
import { useBulletComments } from "./bullet-comments/preferences.ts";
import { useOverlay } from "./bullet-comments/use-overlay.ts";
import { CaptionSettings } from "./captions/caption-settings.tsx";
import { useCaptionChoice } from "./captions/preferences.ts";
import { useCaptions } from "./captions/use-captions.ts";
import { CaptionsNotice } from "./captions-notice.tsx";
import { ChatPanel } from "./chat/chat-panel.tsx";
import { DockActions } from "./dock-actions.tsx";
import { useKeptSet } from "./kept-set.ts";
import { ROOM_MESSAGES } from "./messages.ts";
import { PeoplePanel, peopleCount } from "./people-panel.tsx";
import { QuestionsPanel } from "./questions-panel.tsx";
import { type OwnAnswers, useOwnAnswers } from "./quiz/own-answers.ts";
import { AnsweredQuiz, QuizPanel } from "./quiz/quiz-panel.tsx";
import "./room.css";
import { RoomNotice } from "./room-notice.tsx";
import { ShedNotice } from "./shed-notice.tsx";
import { openRound, SignInSheet } from "./sign-in-sheet.tsx";
import { type Tab, Tabs } from "./tabs.tsx";
import { Television } from "./television.tsx";
import { useAnnouncements } from "./use-announcements.ts";
import { useUnread } from "./use-unread.ts";

// Loaded when a teacher uses the first tool.
const ToolStrip = loadedLater(() => import("../../tools/tool-strip.tsx").then((file) => file.ToolStrip));

// Loaded when a lesson is divided into groups.
const GroupPanel = loadedLater(() => import("./groups/group-panel.tsx").then((file) => file.GroupPanel));

addTranslations(ROOM_MESSAGES);

/** As in classroom.css: the side stands beside the stage, and has room for a quiz and the chat's tabs. */
const WIDE = "(min-width: 1100px) and (min-height: 561px)";

export type ClassRoomProps = {
  readonly room: Room;
  readonly lessonId: string;
  readonly player: LecternPlayer | null;
  readonly slots: RoomSlots;
  readonly isFolded: boolean;
  readonly onFold: (isFolded: boolean) => void;
  readonly isTelevision: boolean;
  /** The stage shows what was before, with the tools of then. */
  readonly isRewound: boolean;
  /** What is said is written down. */
  readonly hasCaptions: boolean;
  /** Everybody is seen and heard. */
  readonly isSmall: boolean;
  /** As `RoomSide` has it. */
  readonly onSilence: (isSilent: boolean) => void;
};

export function ClassRoom(props: ClassRoomProps) {
  const { room, lessonId, player, slots, isFolded, onFold, isTelevision, isSmall, onSilence } = props;
  const [tab, setTab] = useState<Tab>("chat");
  const bulletComments = useBulletComments();
  const { text, announce } = useAnnouncer();
  const quizzes = quizzesOf(room.held("quiz"));
  const open = quizzes.filter(({ state }) => state === "open");
  const answers = useOwnAnswers(
    room,
    lessonId,
    open.map(({ ref }) => ref),
  );
  const waiting = isStudent(room) ? open.filter(({ ref }) => answers.of(ref) === null) : [];
  const isChatInSight = tab === "chat" && !isFolded && !isTelevision;
  const unread = useUnread(room, isChatInSight);
  const sheet = useQuizSheet(isObserver(room) ? null : (open.at(0)?.ref ?? null), setTab, onFold);
  useOverlay(room, player, bulletComments);
  const captions = useCaptionChoice();
  const mediaTime = () => player?.statistics.mediaTime ?? null;
  const hasCaptions = useCaptions(room, player, captions.preferences, mediaTime) || props.hasCaptions;
  useAnnouncements(room, announce);
  const change = (wanted: Tab): void => {
    sheet.close();
    setTab(wanted);
  };
  const badges = { chat: unread, questions: 0, quiz: waiting.length, people: 0 };
  const tools = hasTools(room) && !props.isRewound ? <ToolStrip room={room} announce={announce} /> : null;
  const areToolsAside = isTelevision || isSmall;
  // A quiz that is over stays in its sheet, with its results.
  const shownQuiz = sheet.ref === null ? null : (quizzes.find(({ ref }) => ref === sheet.ref) ?? null);
  return (
    <>
      {into(
        slots.dock,
        isTelevision ? null : (
          <DockActions
            room={room}
            unread={unread}
            isFolded={isFolded}
            onFold={onFold}
            waiting={waiting.length}
            onQuiz={sheet.open}
          />
        ),
      )}
      {into(slots.stage, isSmall ? <SmallLesson room={room} /> : <CalledOn room={room} player={player} onSilence={onSilence} />)}
      {into(areToolsAside ? null : slots.stage, tools)}
      {into(
        slots.more,
        <>
          <BulletCommentSettings bulletComments={bulletComments} />
          {hasCaptions ? <CaptionSettings captions={captions} /> : null}
        </>,
      )}
      {into(slots.count, <PeopleCount room={room} />)}
      {areToolsAside ? tools : null}
      <RoomNotice room={room} />
      <ShedNotice room={room} />
      {hasCaptions ? <CaptionsNotice lessonId={lessonId} /> : null}
      <Announcements room={room} lessonId={lessonId} />
      {isTelevision || room.one("groups") === null ? null : <GroupPanel room={room} announce={announce} />}
      {isTelevision ? (
        <Television room={room} />
      ) : (
        <Tabs active={tab} onChange={change} badges={badges}>
          <Panel tab={tab} room={room} lessonId={lessonId} answers={answers} />
          {shownQuiz ? (
            <QuizSheet onClose={sheet.close}>
              <AnsweredQuiz room={room} answers={answers} quiz={shownQuiz} />
            </QuizSheet>
          ) : null}
          <SignIn room={room} lessonId={lessonId} />
        </Tabs>
      )}
      <Announcer text={text} />
    </>
  );
}

function into(slot: HTMLElement | null, content: React.ReactNode) {
  return slot ? createPortal(content, slot) : null;
}

type PanelProps = { readonly tab: Tab; readonly room: Room; readonly lessonId: string; readonly answers: OwnAnswers };

/** The chat stays mounted behind the others: what was written and how far it was scrolled are kept. */
function Panel({ tab, room, lessonId, answers }: PanelProps) {
  return (
    <>
      <div className="panel-slot" hidden={tab !== "chat"}>
        <ChatPanel room={room} lessonId={lessonId} />
      </div>
      {tab === "questions" ? <QuestionsPanel room={room} lessonId={lessonId} /> : null}
      {tab === "quiz" ? <QuizPanel room={room} answers={answers} /> : null}
      {tab === "people" ? <PeoplePanel room={room} /> : null}
    </>
  );
}

function PeopleCount({ room }: { room: Room }) {
  const { t } = useTranslation();
  const count = peopleCount(room);
  // The person who reads it is counted a moment later.
  if (!count) return null;
  return (
    <p className="people-here" data-count={count}>
      <Icon drawing={PEOPLE_ICON} />
      <span>{t("here", { count })}</span>
    </p>
  );
}

function QuizSheet({ onClose, children }: { onClose: () => void; children: React.ReactNode }) {
  const { t } = useTranslation();
  return (
    <section className="sheet" aria-label={t("quiz")}>
      <div className="sheet-head">
        <h2>{t("quiz")}</h2>
        <button type="button" className="icon-button" aria-label={t("minimise")} onClick={onClose}>
          <Icon drawing={DOWN_ICON} />
        </button>
      </div>
      {children}
    </section>
  );
}

function SignIn({ room, lessonId }: { room: Room; lessonId: string }) {
  const { t } = useTranslation();
  const signed = useKeptSet(`signed.${lessonId}`);
  const [hidden, setHidden] = useState<string | null>(null);
  const [isDone, setIsDone] = useState(false);
  const round = openRound(room, signed.has);
  const ref = round?.ref ?? null;
  useEffect(() => {
    if (!isDone) return;
    const timer = setTimeout(() => setIsDone(false), 5000);
    return () => clearTimeout(timer);
  }, [isDone]);
  const finish = (done: string): void => {
    signed.set(done, true);
    setIsDone(true);
  };
  if (round && ref === hidden)
    return (
      <button type="button" className="minimised" onClick={() => setHidden(null)}>
        {t("signIn")} <Icon drawing={UP_ICON} />
      </button>
    );
  if (round) return <SignInSheet room={room} round={round} onSigned={finish} onClose={() => setHidden(ref)} />;
  return isDone ? (
    <p className="minimised" role="status">
      <Icon drawing={CHECK_ICON} /> {t("signedIn")}
    </p>
  ) : null;
}

type Sheet = { readonly ref: string | null; readonly open: () => void; readonly close: () => void };

/** A new quiz opens by itself, unless the person is writing: as the side's tab where it is wide, else as a sheet. */
function useQuizSheet(newest: string | null, setTab: (tab: Tab) => void, onFold: (isFolded: boolean) => void): Sheet {
  const isWide = useMediaQuery(WIDE);
  const [ref, setRef] = useState<string | null>(null);
  const open = (): void => {
    onFold(false);
    if (isWide) setTab("quiz");
    else setRef(newest);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each quiz
  useEffect(() => {
    const field = document.activeElement;
    const isWriting = field instanceof HTMLInputElement && field.matches(".side input") && field.value !== "";
    if (newest !== null && !isWriting) open();
  }, [newest]);
  return { ref, open, close: () => setRef(null) };
}

/** Shows the room of then beside a recording or a rewound lesson: chat, questions and quizzes as they were, what was said, and what flew over the picture. */

import type { LecternReplay } from "@lectern/player/replay";
import { serverClock } from "@lectern/player/server-clock";
import { pinOf, quizzesOf, showsPage } from "@lectern/room";
import { Icon, TabList, TabPanel } from "@lectern/ui";
import { CHAT_ICON, type IconDrawing, LINES_ICON, PIN_ICON, QUESTION_ICON, QUIZ_ICON } from "@lectern/ui/icons";
import { type ReactNode, type RefObject, useEffect, useMemo, useState } from "react";
import { type BoardDoor, recordingDoor, roomDoor } from "../../../board/pages/board-door.ts";
import { loadedLater } from "../../../components/loaded-later.tsx";
import { addTranslations } from "../../../i18n.ts";
import { sameOriginPath } from "../../../player/media-address.ts";
import { recordingSource, rewoundSource } from "../../../room/replay-sources.ts";
import type { ReplaySource } from "../../../room/replay-track.ts";
import { type PlaceOf, useReplayRoom } from "../../../room/use-replay-room.ts";
import type { Room } from "../../../room/use-room.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { hasTools } from "../../../tools/has-tools.ts";
import { useBulletComments } from "../bullet-comments/preferences.ts";
import { useOverlay } from "../bullet-comments/use-overlay.ts";
import { CaptionSettings } from "../captions/caption-settings.tsx";
import { useCaptionChoice } from "../captions/preferences.ts";
import { useCaptions } from "../captions/use-captions.ts";
import { ChatLines } from "../chat/chat-lines.ts";
import { ChatList } from "../chat/chat-list.tsx";
import { ROOM_MESSAGES } from "../messages.ts";
import { QuizCard } from "../quiz/quiz-card.tsx";
import "../room.css";
import "../chat/chat.css";
import "../quiz/quiz.css";
import "./replay-room.css";
import { REPLAY_MESSAGES } from "./messages.ts";
import { PastQuestions } from "./past-questions.tsx";

const StageBoard = loadedLater(() => import("../../../board/stage-board.tsx").then(({ StageBoard }) => StageBoard));

const ToolStrip = loadedLater(() => import("../../../tools/tool-strip.tsx").then((file) => file.ToolStrip));
const RecordedWords = loadedLater(() =>
  import("../../../recorded-words/recorded-words.tsx").then(({ RecordedWords }) => RecordedWords),
);

addTranslations(ROOM_MESSAGES);
addTranslations(REPLAY_MESSAGES);

type ReplayRoomProps = {
  /** Signed address of HLS: of a recording, or of the live lesson. */
  readonly address: string;
  readonly playerRef: RefObject<LecternReplay | null>;
  readonly lessonId: string;
};

type RecordedRoomProps = ReplayRoomProps & {
  /** Whose words are searched, and for what first; null: the person has no account, which the API asks for. */
  readonly words: { readonly recordingId: string; readonly find: string } | null;
};

const TABS = ["chat", "questions", "quiz", "transcript"] as const;
type Tab = (typeof TABS)[number];
const ICONS: Readonly<Record<Tab, IconDrawing>> = {
  chat: CHAT_ICON,
  questions: QUESTION_ICON,
  quiz: QUIZ_ICON,
  transcript: LINES_ICON,
};

/** Beside a recording. */
export function RecordedRoom({ address, playerRef, lessonId, words }: RecordedRoomProps) {
  const source = useMemo(
    () => recordingSource(sameOriginPath(address, location.href), loadJson, () => serverClock.elapsed()),
    [address],
  );
  const door = useMemo(() => recordingDoor(address), [address]);
  const past = { source, playerRef, door, lessonId, placeOf: positionInRecording };
  return (
    <PastRoom
      {...past}
      words={words && <RecordedWords {...words} playerRef={playerRef} />}
      firstTab={words && words.find !== "" ? "transcript" : "chat"}
    />
  );
}

/** Of a lesson that is live, at the time to which a viewer has rewound. */
export function RewoundRoom({ address, playerRef, lessonId, code }: ReplayRoomProps & { readonly code: string }) {
  const source = useMemo(() => rewoundSource(sameOriginPath(address, location.href), loadJson), [address]);
  const door = useMemo(() => roomDoor(code, address), [code, address]);
  const past = { source, playerRef, door, lessonId, placeOf: positionOnClock };
  return <PastRoom {...past} words={null} firstTab="chat" />;
}

type PastRoomProps = {
  readonly source: ReplaySource;
  readonly playerRef: RefObject<LecternReplay | null>;
  readonly placeOf: PlaceOf;
  readonly door: BoardDoor;
  readonly lessonId: string;
  /** What was said, and the search; null: neither. */
  readonly words: ReactNode;
  readonly firstTab: Tab;
};

function PastRoom({ source, playerRef, placeOf, door, lessonId, words, firstTab }: PastRoomProps) {
  const { t } = useTranslation();
  const room = useReplayRoom(source, playerRef, placeOf);
  const [tab, setTab] = useState(firstTab);
  const [player, setPlayer] = useState<LecternReplay | null>(null);
  useEffect(() => setPlayer(playerRef.current), [playerRef]);
  useOverlay(room, player, useBulletComments());
  const captions = useCaptionChoice();
  const hasCaptions = useCaptions(room, player, captions.preferences, noTime);
  const names = words === null ? TABS.filter((name) => name !== "transcript") : TABS;
  const face = (name: Tab) => (
    <>
      <Icon drawing={ICONS[name]} />
      <span>{t(name)}</span>
    </>
  );
  return (
    <section className="past-room" aria-label={t("pastRoom")}>
      {hasCaptions ? <CaptionSettings captions={captions} /> : null}
      {hasTools(room) ? <ToolStrip room={room} clock={() => playerRef.current?.utc ?? null} /> : null}
      {showsPage(room) ? <StageBoard room={room} door={door} lessonId={lessonId} /> : null}
      <TabList id="past" className="tabs" label={t("pastRoom")} names={names} selected={tab} onSelect={setTab} face={face} />
      <TabPanel id="past" selected={tab}>
        {tab === "chat" ? <PastChat room={room} /> : null}
        {tab === "questions" ? <PastQuestions room={room} /> : null}
        {tab === "quiz" ? <PastQuizzes room={room} /> : null}
        {tab === "transcript" ? words : null}
      </TabPanel>
    </section>
  );
}

function PastChat({ room }: { room: Room }) {
  const { t } = useTranslation();
  const [cache] = useState(() => new ChatLines());
  const held = room.held("chat");
  const lines = useMemo(() => cache.lines(held, [], null), [cache, held]);
  const pinned = pinOf(room.one("pin"));
  return (
    <div className="chat">
      {pinned ? (
        <p className="pinned">
          <Icon drawing={PIN_ICON} />
          <span>
            <strong>{t("pinned")}</strong> <span dir="auto">{pinned.text}</span>
          </span>
        </p>
      ) : null}
      {lines.length === 0 ? <p className="empty">{t("pastSilence")}</p> : <ChatList lines={lines} onReply={null} before={null} />}
    </div>
  );
}

function PastQuizzes({ room }: { room: Room }) {
  const { t } = useTranslation();
  // A quiz of then has no time left.
  const quizzes = quizzesOf(room.held("quiz")).map((quiz) => ({ ...quiz, closesAt: null }));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls takes the arrow keys
    <section className="scroll quizzes" tabIndex={0} aria-label={t("quiz")}>
      {quizzes.length === 0 ? <p className="empty">{t("noQuiz")}</p> : null}
      {quizzes.map((quiz) => (
        <QuizCard key={quiz.ref} quiz={quiz} own={null} onAnswer={null} failure="" />
      ))}
    </section>
  );
}

/** Entries pass when their time comes. */
function noTime(): null {
  return null;
}

function positionInRecording(player: LecternReplay): number {
  return player.currentTime;
}

function positionOnClock({ utc }: LecternReplay): number | null {
  return utc === null ? null : utc / 1000;
}

async function loadJson(address: string): Promise<unknown> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status}`);
  return await response.json();
}

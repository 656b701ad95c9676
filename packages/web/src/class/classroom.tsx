/** Shows the lesson for a student who has joined: the stage, the dock, and the side with the room, whose parts are loaded after the picture. */

import type { Joined } from "@lectern/client";
import type { LecternPlayer } from "@lectern/player";
import type { LecternReplay } from "@lectern/player/replay";
import { serverClock } from "@lectern/player/server-clock";
import { useMemo, useRef, useState } from "react";
import { pictureOf, roomDoor } from "../board/pages/board-door.ts";
import { type AwaitedPage, StageFrame, StageSlot } from "../board/stage-frame.tsx";
import { loadedLater } from "../components/loaded-later.tsx";
import { LivePlayer } from "../player/live-player.tsx";
import type { TamperReport } from "../player/watermark.ts";
import { useTranslation } from "../texts/use-translation.ts";
import "./classroom.css";
import "./board-layout.css";
import { isSmallLesson } from "../stage/small-lesson-mode.ts";
import { LargeScreen } from "./large-screen.tsx";
import { LessonDock } from "./lesson-dock.tsx";
import type { Invitation } from "./lesson-door.ts";
import { LessonStart, LessonTitle } from "./lesson-header.tsx";
import { LiveBadge } from "./live-badge.tsx";
import { type Failure, isOut } from "./parts/failure.ts";
import type { RoomReport, RoomSlots } from "./parts/room-report.ts";
import { RoomSide } from "./room-side.tsx";
import { SoundTest } from "./sound-test.tsx";
import { StageNotices } from "./stage-notices.tsx";
import { useFirstFrame } from "./use-first-frame.ts";
import { useTelevision } from "./use-television.ts";

// Loaded only by students who rewind.
const RewindPlayer = loadedLater(() => import("./rewind-player.tsx").then(({ RewindPlayer }) => RewindPlayer));
const RewoundRoom = loadedLater(() => import("./room/replay/replay-room.tsx").then(({ RewoundRoom }) => RewoundRoom));

type ClassroomProps = {
  readonly invitation: Invitation;
  readonly code: string;
  readonly joined: Joined;
  readonly play: NonNullable<Joined["play"]>;
  /** Why the last renewal of the links failed. */
  readonly failure: Failure | null;
  readonly onTamper: TamperReport;
  /** Whether the page hears when the stream is live: of the room, or of the invitation that it polls. */
  readonly hearsOfStream: boolean;
  /** Told what the room says about the lesson, and whether it is connected. */
  readonly onRoom: (report: RoomReport) => void;
  /** The rung to begin with on a device that remembers none. Default: automatic. */
  readonly quality?: string;
  /** The page that lets a television into the lesson; none where the person may not. */
  readonly televisionHref?: string;
};

export function Classroom(props: ClassroomProps) {
  const { invitation, code, joined, play, failure, onTamper, onRoom, televisionHref } = props;
  const [player, setPlayer] = useState<LecternPlayer | null>(null);
  const [slots, slot] = useSlots();
  const [rewoundAt, setRewoundAt] = useState<number | null>(null);
  const rewoundPlayer = useRef<LecternReplay | null>(null);
  const [isFolded, setIsFolded] = useState(false);
  const [isSilent, setIsSilent] = useState(false);
  const [roomFailure, setRoomFailure] = useState<Failure | null>(null);
  const screen = useTelevision();
  const removed = [failure, roomFailure].find((one) => one !== null && isOut(one)) ?? null;
  const isOpen = invitation.state !== "ended" && failure?.code !== "lesson-ended" && !removed;
  const isLive = invitation.state === "live";
  const isSmall = isSmallLesson(joined.lesson);
  // Who is early for a small lesson meets the others who are.
  const isWaiting = !isLive && !(isSmall && isOpen && isDue(invitation));
  const hasVideo = useFirstFrame(player, isLive && !isSmall);
  const marked = { watermark: joined.watermark, onTamper };
  const stream = playedStream(props);
  const look = classNames({ television: screen.isTelevision, large: screen.isLarge, folded: isFolded, lobbied: isWaiting });
  return (
    <main tabIndex={-1} className={look}>
      <Bar invitation={invitation} joined={joined} player={isLive && isOpen ? player : undefined} onCount={slot.count} />
      <div className="stage-area">
        <StageFrame
          className={isSmall && isOpen ? "of-people" : ""}
          over={overStage(isOpen && rewoundAt === null ? player : null, isWaiting && isOpen && !isSmall ? invitation : null)}
          awaited={isOpen && !isSmall ? awaitedPage(joined, code, play.hls) : null}
        >
          {!isOpen ? (
            <StageMessage removed={removed} />
          ) : isSmall ? null : rewoundAt === null ? (
            <LivePlayer address={play.flv ?? play.hls} onPlayer={setPlayer} {...stream} {...marked} />
          ) : (
            <RewindPlayer address={play.hls} since={invitation.startedAt} now={rewoundAt} playerRef={rewoundPlayer} {...marked} />
          )}
          {isOpen && isSmall ? <div className="stage-people" ref={slot.stage} /> : null}
        </StageFrame>
        <StageSlot name="tools" />
        {isOpen && !isSmall ? <div className="stage-below" ref={slot.stage} /> : null}
      </div>
      <LessonDock
        player={player}
        isSilent={isSilent}
        rewoundAt={isOpen && !isSmall ? rewoundAt : undefined}
        canRewind={isLive}
        onRewind={setRewoundAt}
        lessonId={invitation.lessonId}
        viewer={joined.viewer}
        isOpen={isOpen}
        screen={screen}
        televisionHref={televisionHref}
        slot={slot}
      />
      {isOpen && isWaiting && isSmall ? <Lobby invitation={invitation} /> : null}
      {isOpen && screen.isLarge ? <LargeScreen invitation={invitation} code={joinCode(joined, code)} /> : null}
      <RoomSide
        invitation={invitation}
        code={code}
        player={player}
        slots={slots}
        isOpen={isOpen}
        lesson={joined.lesson}
        isFolded={isFolded}
        hasVideo={hasVideo}
        onRoom={onRoom}
        onFold={setIsFolded}
        address={play.hls}
        isTelevision={screen.isTelevision}
        isRewound={rewoundAt !== null}
        onRefused={setRoomFailure}
        onSilence={setIsSilent}
      >
        {isOpen && rewoundAt !== null ? (
          <RewoundRoom address={play.hls} playerRef={rewoundPlayer} code={code} lessonId={invitation.lessonId} />
        ) : null}
      </RoomSide>
    </main>
  );
}

/** @param awaited the lesson that has not begun; null: it has, or its people are on the stage */
function overStage(player: LecternPlayer | null, awaited: Invitation | null) {
  return (
    <>
      <StageNotices player={player} />
      {awaited ? <Lobby className="over-stage" invitation={awaited} /> : null}
    </>
  );
}

type LobbyProps = Pick<ClassroomProps, "invitation"> & { readonly className?: string };

/** Over the stage, where there is one: nothing moves when the lesson begins. */
function Lobby({ invitation, className = "" }: LobbyProps) {
  return (
    <div className={`lobby ${className}`.trim()}>
      <LessonStart invitation={invitation} saysStage={className !== ""} />
      {invitation.state === "scheduled" ? <SoundTest /> : null}
    </div>
  );
}

/** A watcher's page knows the lesson by its id, which is no way in. */
function joinCode({ lesson }: Joined, code: string): string | null {
  return lesson.code ?? (code === lesson.id ? null : code);
}

type BarProps = Pick<ClassroomProps, "invitation" | "joined"> & {
  /** Undefined: the lesson is not live. */
  readonly player: LecternPlayer | null | undefined;
  readonly onCount: (slot: HTMLElement | null) => void;
};

function Bar({ invitation, joined, player, onCount }: BarProps) {
  const { t } = useTranslation();
  return (
    <header className="lesson-header class-bar">
      <LessonTitle invitation={invitation} />
      <p className="text-muted joined-as">{t("joinedAs", { name: joined.name })}</p>
      {player === undefined ? null : <LiveBadge player={player} />}
      <div className="count-slot" ref={onCount} />
    </header>
  );
}

function playedStream({ invitation: { state, publisherLeftAt }, joined, play, hearsOfStream, quality }: ClassroomProps) {
  // Where students speak, they have to hear and see what is said to them at once.
  const latency = joined.lesson.mode !== "broadcast" && play.whep !== null ? { latency: "realtime" as const } : {};
  const awaitsLive = hearsOfStream && (state !== "live" || publisherLeftAt !== null);
  return { publisherLeftAt, awaitsLive, ...latency, ...(quality === undefined ? {} : { quality }) };
}

function awaitedPage({ shownPage }: Joined, code: string, link: string): AwaitedPage | null {
  return shownPage === null ? null : { picture: pictureOf(shownPage, roomDoor(code, link)) };
}

function isDue({ startsAt }: Invitation): boolean {
  return startsAt === null || Date.parse(startsAt) <= serverClock.now();
}

/** The places of the room, and callbacks for their elements, which stay the same: React calls others again at each draw. */
function useSlots() {
  const [slots, setSlots] = useState<RoomSlots>({ dock: null, more: null, count: null, stage: null });
  const slot = useMemo(() => {
    const into = (name: keyof RoomSlots) => (element: HTMLElement | null) =>
      setSlots((before) => (before[name] === element ? before : { ...before, [name]: element }));
    return { dock: into("dock"), more: into("more"), count: into("count"), stage: into("stage") };
  }, []);
  return [slots, slot] as const;
}

function classNames(flags: Readonly<Record<string, boolean>>): string {
  const names = Object.entries(flags).filter(([, holds]) => holds);
  return ["classroom", ...names.map(([name]) => name)].join(" ");
}

/** @param removed null: the lesson has ended */
function StageMessage({ removed }: { removed: Failure | null }) {
  const { t } = useTranslation();
  return (
    <div className="stage-message" role="status">
      <h2>{removed ? removed.message || t("removed") : t("ended")}</h2>
      {removed ? null : <p>{t("endedHint")}</p>}
    </div>
  );
}

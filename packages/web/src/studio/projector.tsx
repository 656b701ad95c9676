/** Shows `?panel=projector`: the stage alone, for the projector of a room: what students see, with nothing to press. */
import type { Lesson } from "@lectern/client";
import { useMemo } from "react";
import { roomDoor } from "../board/pages/board-door.ts";
import { StageBoard } from "../board/stage-board.tsx";
import { StageFrame } from "../board/stage-frame.tsx";
import { LivePlayer } from "../player/live-player.tsx";
import { openByWorker } from "../room/room-socket-proxy.ts";
import { useRoom } from "../room/use-room.ts";
import { useTranslation } from "../texts/use-translation.ts";
import { hasTools } from "../tools/has-tools.ts";
import { ToolStrip } from "../tools/tool-strip.tsx";
import { lessonId } from "./lesson/lesson-api.ts";
import { roomAddress, useJoined } from "./lesson/use-joined.ts";
import "./projector.css";

export function Projector({ lesson }: { readonly lesson: Lesson }) {
  const { t } = useTranslation();
  const isOver = lesson.state === "ended";
  const joined = useJoined(!isOver);
  const room = useRoom(isOver ? null : roomAddress(lesson, joined), { openLine: openByWorker });
  const link = joined?.play?.hls ?? null;
  const door = useMemo(() => (link === null ? null : roomDoor(lesson.code ?? lesson.id, link)), [lesson.code, lesson.id, link]);
  const play = joined?.play;
  return (
    <main className="projector">
      <h1 className="unseen">{lesson.title}</h1>
      <StageFrame>
        {lesson.state === "live" && joined && play ? (
          <LivePlayer
            address={play.flv ?? play.hls}
            muted
            // A lesson whose publisher is absent goes on: the player says so.
            publisherLeftAt={lesson.publisherLeftAt}
            watermark={joined.watermark}
          />
        ) : (
          <p className="stage-message">{t(isOver ? "projector.over" : "projector.waiting", { title: lesson.title })}</p>
        )}
      </StageFrame>
      {door === null ? null : <StageBoard room={room} door={door} lessonId={lessonId} isViewOnly />}
      {hasTools(room) ? <ToolStrip room={room} /> : null}
    </main>
  );
}

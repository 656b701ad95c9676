/** Plays the recordings of a lesson after it, with chapters and a download. */
import type { Recording } from "@lectern/client";
import { formatDuration } from "@lectern/player/format-duration";
import type { LecternReplay } from "@lectern/player/replay";
import { type RefObject, useCallback, useRef, useState } from "react";
import { StageFrame } from "../board/stage-frame.tsx";
import { loadedLater } from "../components/loaded-later.tsx";
import { DownloadButton } from "../downloads/download-button.tsx";
import { formatDateTime } from "../language.ts";
import { playFrom } from "../player/play-from.ts";
import { ReplayPlayer } from "../player/replay-player.tsx";
import type { TamperReport } from "../player/watermark.ts";
import { api } from "../session/api.ts";
import { isSignedIn } from "../session/signed-in.ts";
import { useTranslation } from "../texts/use-translation.ts";
import type { Invitation } from "./lesson-door.ts";
import { reportTamper } from "./report-tamper.ts";
import { guestBody, guestCodeOf, type Loaded, type RecordingLinks, useRecordingLinks, useRecordings } from "./use-recordings.ts";
import type { WantedRecording } from "./wanted-recording.ts";

// Loaded after the picture.
const RecordedRoom = loadedLater(() => import("./room/replay/replay-room.tsx").then(({ RecordedRoom }) => RecordedRoom));

/** A search field appears above this many chapters. */
const SEARCH_ABOVE = 5;

type LessonRecordingsProps = {
  readonly invitation: Invitation;
  readonly code: string;
  readonly wanted: WantedRecording;
};

export function LessonRecordings({ invitation, code, wanted }: LessonRecordingsProps) {
  const { t } = useTranslation();
  const listed = useRecordings(invitation, code);
  const recordings = listed.value;
  const [selectedId, setSelectedId] = useState(wanted.id);
  const player = useRef<LecternReplay | null>(null);
  const recording = recordings?.find(({ id }) => id === selectedId) ?? recordings?.at(0) ?? null;
  const guestCode = guestCodeOf(invitation, code);
  const opened = useRecordingLinks(recording?.id ?? null, guestCode);
  const links = opened.value;
  if (!recordings)
    return (
      <StageFrame>
        <NotLoaded loading={listed} />
      </StageFrame>
    );
  if (!recording) return <p className="text-muted">{t("noRecording")}</p>;
  const isWanted = recording.id === wanted.id;
  return (
    <>
      <StageFrame>
        {links ? (
          <RecordingPlayer
            recording={recording}
            links={links}
            startAt={isWanted ? wanted.startAt : null}
            playerRef={player}
            onLinkOver={opened.retry}
            onTamper={(what) => reportTamper(invitation.lessonId, code, what, recording.id)}
          />
        ) : (
          <NotLoaded loading={opened} />
        )}
      </StageFrame>
      {links ? (
        <RecordedRoom
          key={recording.id}
          address={links.hls}
          playerRef={player}
          lessonId={invitation.lessonId}
          words={isSignedIn() ? { recordingId: recording.id, find: isWanted ? wanted.find : "" } : null}
        />
      ) : null}
      <div className="row">
        <RecordingSelect recordings={recordings} selected={recording} onSelect={setSelectedId} />
        {links && recording.whole ? <DownloadButton recordingId={recording.id} guest={() => guestBody(guestCode)} /> : null}
      </div>
      {recording.chapters.length > 0 ? (
        <Chapters chapters={recording.chapters} onSelect={(seconds) => playFrom(player.current, seconds)} />
      ) : null}
    </>
  );
}

/** In place of what is not there yet: it loads, or why it does not and what to do. */
function NotLoaded({ loading }: { loading: Loaded<unknown> }) {
  const { t } = useTranslation();
  const { failure, isRetried, retry } = loading;
  if (!failure) return <p className="stage-message">{t("loadingRecording")}</p>;
  return (
    <div className="stage-message" role="alert">
      <p>{isRetried || failure.message === "" ? t("recordingNotLoaded") : failure.message}</p>
      <p>
        <button type="button" className="button primary" onClick={retry}>
          {t("tryAgain")}
        </button>
      </p>
    </div>
  );
}

type RecordingPlayerProps = {
  readonly recording: Recording;
  readonly links: RecordingLinks;
  readonly startAt: number | null;
  readonly playerRef: RefObject<LecternReplay | null>;
  /** The link has expired, or is not accepted any more. */
  readonly onLinkOver: () => void;
  readonly onTamper: TamperReport;
};

/** Resumes where the person left: on this device for guests, on any device for members. */
function RecordingPlayer({ recording, links, startAt, playerRef, onLinkOver, onTamper }: RecordingPlayerProps) {
  const { id: recordingId } = recording;
  const savePosition = useCallback(
    (seconds: number) => {
      // A position that is not saved does not matter enough for a message.
      void api()
        .PUT("/api/v1/recordings/{recordingId}/place", {
          params: { path: { recordingId } },
          body: { seconds },
          // The page may be closing.
          keepalive: true,
        })
        .catch(() => {});
    },
    [recordingId],
  );
  return (
    <ReplayPlayer
      address={links.hls}
      resume={recordingId}
      chapters={recording.chapters}
      playerRef={playerRef}
      watermark={links.watermark}
      onLinkOver={onLinkOver}
      onTamper={onTamper}
      {...startOf(startAt ?? (links.place || null))}
      {...(!isSignedIn() ? {} : { onPosition: savePosition })}
    />
  );
}

function startOf(seconds: number | null): { start?: number } {
  return seconds === null ? {} : { start: seconds };
}

type RecordingSelectProps = {
  readonly recordings: readonly Recording[];
  readonly selected: Recording;
  readonly onSelect: (id: string) => void;
};

function RecordingSelect({ recordings, selected, onSelect }: RecordingSelectProps) {
  const { t, i18n } = useTranslation();
  const timeOf = ({ startedAt }: Recording) => formatDateTime(startedAt, i18n.language);
  if (recordings.length === 1) return <span className="text-muted">{timeOf(selected)}</span>;
  // Clips begin in the middle of others, and have titles of their own.
  const areNamed = recordings.some(({ title }) => title !== selected.title);
  return (
    <label className="field">
      {t("recordings")}
      <select value={selected.id} onChange={(event) => onSelect(event.target.value)}>
        {recordings.map((recording) => (
          <option key={recording.id} value={recording.id}>
            {areNamed ? `${recording.title} · ${timeOf(recording)}` : timeOf(recording)}
          </option>
        ))}
      </select>
    </label>
  );
}

function Chapters({ chapters, onSelect }: { chapters: Recording["chapters"]; onSelect: (seconds: number) => void }) {
  const { t } = useTranslation();
  const [search, setSearch] = useState("");
  const found = chapters.filter(({ title }) => title.toLowerCase().includes(search.trim().toLowerCase()));
  return (
    <section className="panel" aria-label={t("chapters")}>
      <h2>{t("chapters")}</h2>
      {chapters.length > SEARCH_ABOVE ? (
        <input
          type="search"
          aria-label={t("searchChapters")}
          placeholder={t("searchChapters")}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      ) : null}
      <ol className="chapters">
        {found.map(({ seconds, title }) => (
          <li key={`${seconds} ${title}`}>
            <button type="button" className="button" onClick={() => onSelect(seconds)}>
              {formatDuration(seconds)} {title}
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** After the lesson: what was recorded of it, in the place where it was. */
import type { Recording } from "@lectern/client";
import { formatDuration } from "@lectern/player/format-duration";
import type { LecternReplay } from "@lectern/player/replay";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { formatDateTime } from "../i18n.ts";
import { ReplayPlayer } from "../player/replay-player.tsx";
import { api, sessionToken, unwrap } from "../session/api.ts";
import type { Invitation } from "./use-lesson.ts";

type Links = { readonly hls: string; readonly mp4: string; readonly place: number | null };

const LOOK_AGAIN_MS = 5000;

export function LessonRecordings({ invitation, code }: { invitation: Invitation; code: string }) {
  const { t, i18n } = useTranslation();
  const [recordings, setRecordings] = useState<readonly Recording[] | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const [links, setLinks] = useState<Links | null>(null);
  const player = useRef<LecternReplay | null>(null);
  const recording = recordings?.find(({ id }) => id === chosen) ?? recordings?.at(0) ?? null;
  const id = recording?.id ?? null;
  const allWhole = recordings?.every(({ whole }) => whole) ?? false;
  useEffect(() => {
    let over = false;
    const look = async (): Promise<void> => {
      const found = await recordingsOf(invitation, code).catch(() => null);
      if (!over && found) setRecordings(found);
    };
    void look();
    // What has just ended is noted a moment later.
    const timer = setInterval(() => {
      if (!allWhole) void look();
    }, LOOK_AGAIN_MS);
    return () => {
      over = true;
      clearInterval(timer);
    };
  }, [invitation, code, allWhole]);
  useEffect(() => {
    if (id === null) return;
    let over = false;
    setLinks(null);
    const body = invitation.guests ? { code } : {};
    unwrap(api().POST("/api/v1/recordings/{recordingId}/links", { params: { path: { recordingId: id } }, body })).then(
      ({ play, place }) => {
        if (!over) setLinks({ ...play, place });
      },
      () => {},
    );
    return () => {
      over = true;
    };
  }, [id, invitation.guests, code]);
  const onPlace = useCallback(
    (seconds: number) => {
      // Where somebody stopped is no news worth a complaint.
      if (id !== null)
        void api().PUT("/api/v1/recordings/{recordingId}/place", { params: { path: { recordingId: id } }, body: { seconds } });
    },
    [id],
  );
  if (!recording) return <p className="text-muted">{recordings === null ? "" : t("noRecording")}</p>;
  return (
    <>
      <div className="stage">
        {links ? (
          <ReplayPlayer
            address={links.hls}
            resume={recording.id}
            chapters={recording.chapters}
            onPlayer={player}
            {...(links.place ? { start: links.place } : {})}
            {...(sessionToken() === null ? {} : { onPlace })}
          />
        ) : null}
      </div>
      <div className="row">
        {recordings && recordings.length > 1 ? (
          <label className="field">
            {t("recordings")}
            <select value={recording.id} onChange={(event) => setChosen(event.target.value)}>
              {recordings.map(({ id: other, startedAt }) => (
                <option key={other} value={other}>
                  {formatDateTime(startedAt, i18n.language)}
                </option>
              ))}
            </select>
          </label>
        ) : (
          <span className="text-muted">{formatDateTime(recording.startedAt, i18n.language)}</span>
        )}
        {links ? (
          <a className="button" href={`${links.mp4}&download=${encodeURIComponent(recording.title)}`}>
            {t("download")}
          </a>
        ) : null}
      </div>
      {recording.chapters.length > 0 ? (
        <Chapters chapters={recording.chapters} onChoose={(seconds) => goTo(player.current, seconds)} />
      ) : null}
    </>
  );
}

/** Those of which the title has what was typed. */
function Chapters({ chapters, onChoose }: { chapters: Recording["chapters"]; onChoose: (seconds: number) => void }) {
  const { t } = useTranslation();
  const [search, setSearch] = useState("");
  const found = chapters.filter(({ title }) => title.toLowerCase().includes(search.trim().toLowerCase()));
  return (
    <section className="panel" aria-label={t("chapters")}>
      <h2>{t("chapters")}</h2>
      {chapters.length > 5 ? (
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
            <button type="button" className="button" onClick={() => onChoose(seconds)}>
              {formatDuration(seconds)} {title}
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

function goTo(player: LecternReplay | null, seconds: number): void {
  if (!player) return;
  player.currentTime = seconds;
  player.play();
}

/** For guests by the code; for members as they are. */
async function recordingsOf({ lessonId, guests }: Invitation, code: string): Promise<readonly Recording[]> {
  if (guests || sessionToken() === null)
    return (await unwrap(api(null).GET("/api/v1/invitations/{code}/recordings", { params: { path: { code } } }))).items;
  return (await unwrap(api().GET("/api/v1/recordings", { params: { query: { lessonId } } }))).items;
}

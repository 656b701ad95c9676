/** What was recorded of the lesson, and what its teacher makes of it: a name, chapters, clips, whether students see it, the bin. */
import type { Recording } from "@lectern/client";
import { formatDuration } from "@lectern/player/format-duration";
import type { LecternReplay } from "@lectern/player/replay";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, lazy, Suspense, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { formatDateTime } from "../i18n.ts";
import { ApiError, api, unwrap } from "../session/api.ts";

// Most visits to the studio play no recording.
const Replay = lazy(() => import("../player/replay-player.tsx").then(({ ReplayPlayer: Replay }) => ({ default: Replay })));

type Change = { readonly title?: string; readonly published?: boolean; readonly chapters?: Recording["chapters"] };

const LOOK_EVERY_MS = 5000;

/** What the server says, or that there was no answer. */
const said = (error: Error, offline: string) => (error instanceof ApiError ? error.message : offline);

const of = (recording: Pick<Recording, "id">) => ({ params: { path: { recordingId: recording.id } } });

export function Recordings({ lessonId }: { lessonId: string }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const [open, setOpen] = useState<string | null>(null);
  const [binned, setBinned] = useState<Recording | null>(null);
  const list = useQuery({
    queryKey: ["recordings"],
    queryFn: () => unwrap(api().GET("/api/v1/recordings", { params: { query: { lessonId, limit: 100 } } })),
    refetchInterval: LOOK_EVERY_MS,
  });
  const again = () => client.invalidateQueries({ queryKey: ["recordings"] });
  const remove = useMutation({
    mutationFn: (recording: Recording) => unwrap(api().DELETE("/api/v1/recordings/{recordingId}", of(recording))),
    onSuccess: (_, recording) => {
      setBinned(recording);
      return again();
    },
  });
  const restore = useMutation({
    mutationFn: (recording: Recording) => unwrap(api().POST("/api/v1/recordings/{recordingId}/restore", of(recording))),
    onSuccess: () => {
      setBinned(null);
      return again();
    },
  });
  const recordings: readonly Recording[] = list.data?.items ?? [];
  if (recordings.length === 0 && !binned) return null;
  return (
    <section className="tile recordings" aria-label={t("recordings")}>
      <h2>{t("recordings")}</h2>
      <p role="status" className="row">
        {binned ? (
          <>
            {t("binned", { title: binned.title })}
            <button type="button" className="button small" onClick={() => restore.mutate(binned)}>
              {t("undo")}
            </button>
          </>
        ) : null}
      </p>
      <ul>
        {recordings.map((recording) => (
          <li key={recording.id}>
            <div className="row">
              <strong>{recording.title}</strong>
              <span className="text-muted">
                {formatDateTime(recording.startedAt, i18n.language)} ·{" "}
                {recording.whole ? formatDuration(recording.seconds) : t("stillRecording")}
                {recording.published ? "" : ` · ${t("isHidden")}`}
              </span>
              <span className="row">
                <button
                  type="button"
                  className="button small"
                  aria-expanded={open === recording.id}
                  onClick={() => setOpen(open === recording.id ? null : recording.id)}
                >
                  {t("edit")}
                </button>
                {recording.whole ? (
                  <button
                    type="button"
                    className="button small"
                    aria-label={`${t("bin")}: ${recording.title}`}
                    onClick={() => remove.mutate(recording)}
                  >
                    {t("bin")}
                  </button>
                ) : null}
              </span>
            </div>
            {open === recording.id ? <Editor recording={recording} onChanged={again} /> : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Editor({ recording, onChanged }: { recording: Recording; onChanged: () => Promise<void> }) {
  const { t } = useTranslation();
  const player = useRef<LecternReplay | null>(null);
  const links = useQuery({
    queryKey: ["links", recording.id],
    queryFn: () => unwrap(api().POST("/api/v1/recordings/{recordingId}/links", { ...of(recording), body: {} })),
    staleTime: 3_600_000,
  });
  const change = useMutation({
    // Somebody else may have changed it since it was read; then nothing is overwritten.
    mutationFn: (body: Change) => {
      const { path } = of(recording).params;
      const params = { path, header: { "If-Match": `"v${recording.version}"` } };
      return unwrap(api().PATCH("/api/v1/recordings/{recordingId}", { params, body }));
    },
    onSettled: onChanged,
  });
  /** Of a recording that goes on: now. */
  const place = () =>
    recording.whole ? (player.current?.currentTime ?? 0) : Math.max(0, (Date.now() - Date.parse(recording.startedAt)) / 1000);
  const addChapter = (title: string) =>
    change.mutate({ chapters: [...recording.chapters, { seconds: Math.round(place() * 10) / 10, title }] });
  return (
    <div className="editor">
      {recording.whole && links.data ? (
        <div className="stage">
          <Suspense>
            <Replay address={links.data.play.hls} start={0} chapters={recording.chapters} onPlayer={player} />
          </Suspense>
        </div>
      ) : null}
      <OneField label={t(recording.whole ? "chapterHere" : "chapterNow")} action={t("addChapter")} onSave={addChapter} />
      <ul aria-label={t("chapters")}>
        {recording.chapters.map((one) => (
          <li key={`${one.seconds} ${one.title}`} className="row">
            <span>
              {formatDuration(one.seconds)} {one.title}
            </span>
            <button
              type="button"
              className="button small"
              aria-label={`${t("removeChapter")}: ${one.title}`}
              onClick={() => change.mutate({ chapters: recording.chapters.filter((other) => other !== one) })}
            >
              {t("removeChapter")}
            </button>
          </li>
        ))}
      </ul>
      <OneField
        label={t("recordingTitle")}
        action={t("rename")}
        value={recording.title}
        onSave={(title) => change.mutate({ title })}
      />
      {recording.whole ? <Clip recording={recording} placeOf={place} onMade={onChanged} /> : null}
      <div className="row">
        <button type="button" className="button" onClick={() => change.mutate({ published: !recording.published })}>
          {t(recording.published ? "hide" : "publish")}
        </button>
        {recording.whole && links.data ? (
          <a className="button" href={`${links.data.play.mp4}&download=${encodeURIComponent(recording.title)}`}>
            {t("download")}
          </a>
        ) : null}
      </div>
      {change.error ? <p role="alert">{said(change.error, t("offline"))}</p> : null}
    </div>
  );
}

/** A line to type, and a button that takes it. What is added leaves an empty line. */
function OneField({
  label,
  action,
  value = "",
  onSave,
}: {
  label: string;
  action: string;
  value?: string;
  onSave: (text: string) => void;
}) {
  const id = useId();
  const [text, setText] = useState(value);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSave(text.trim());
    if (value === "") setText("");
  };
  return (
    <form className="row" onSubmit={submit}>
      <span className="field">
        <label htmlFor={id}>{label}</label>
        <input id={id} required maxLength={200} value={text} onChange={(event) => setText(event.target.value)} />
      </span>
      <button type="submit" className="button">
        {action}
      </button>
    </form>
  );
}

/** A piece as a recording of its own: from where the player stands now, to where it stands then. */
function Clip({ recording, placeOf, onMade }: { recording: Recording; placeOf: () => number; onMade: () => Promise<void> }) {
  const { t } = useTranslation();
  const [from, setFrom] = useState(0);
  const [to, setTo] = useState(recording.seconds);
  const make = useMutation({
    mutationFn: () => unwrap(api().POST("/api/v1/recordings/{recordingId}/clip", { ...of(recording), body: { from, to } })),
    onSuccess: onMade,
  });
  return (
    <div className="row">
      <button type="button" className="button" onClick={() => setFrom(placeOf())}>
        {t("clipFrom", { time: formatDuration(from) })}
      </button>
      <button type="button" className="button" onClick={() => setTo(placeOf())}>
        {t("clipTo", { time: formatDuration(to) })}
      </button>
      <button type="button" className="button" disabled={to <= from || make.isPending} onClick={() => make.mutate()}>
        {t("makeClip")}
      </button>
      <span role="status" className="text-muted">
        {make.isSuccess ? t("clipMade") : make.error ? said(make.error, t("offline")) : ""}
      </span>
    </div>
  );
}

/** Cuts a clip out of a recording: its ends are dragged on a strip of stills, or set at the player's position. */
import type { Recording } from "@lectern/client";
import { formatDuration } from "@lectern/player/format-duration";
import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { ClipStrip } from "./clip-strip.tsx";

const MAX_TITLE = 200;

type ClipEditorProps = {
  readonly recording: Recording;
  /** Of the recording's playlist, beside which its stills are; null: not known yet. */
  readonly playlist: string | null;
  readonly currentSeconds: () => number;
  readonly onSeek: (seconds: number) => void;
  readonly onCreated: () => Promise<void>;
};

export function ClipEditor({ recording, playlist, currentSeconds, onSeek, onCreated }: ClipEditorProps) {
  const { t } = useTranslation();
  const [from, setFrom] = useState(0);
  const [to, setTo] = useState(recording.seconds);
  const [title, setTitle] = useState(() => t("clipOf", { title: recording.title }));
  const id = useId();
  const create = useMutation({
    mutationFn: () => {
      const params = { path: { recordingId: recording.id } };
      return unwrap(api().POST("/api/v1/recordings/{recordingId}/clip", { params, body: { from, to, title: title.trim() } }));
    },
    onSuccess: onCreated,
  });
  return (
    <>
      <ClipStrip
        recording={recording}
        playlist={playlist}
        from={from}
        to={to}
        onSeek={onSeek}
        onChange={(range) => {
          setFrom(range.from);
          setTo(range.to);
        }}
      />
      <div className="row">
        <button type="button" className="button" onClick={() => setFrom(currentSeconds())}>
          {t("clipStart", { time: formatDuration(from) })}
        </button>
        <button type="button" className="button" onClick={() => setTo(currentSeconds())}>
          {t("clipEnd", { time: formatDuration(to) })}
        </button>
        <div className="field">
          <label htmlFor={id}>{t("clipTitle")}</label>
          <input id={id} value={title} maxLength={MAX_TITLE} onChange={({ target }) => setTitle(target.value)} />
        </div>
        <button
          type="button"
          className="button"
          disabled={title.trim() === "" || to <= from || create.isPending}
          onClick={() => create.mutate()}
        >
          {t("createClip")}
        </button>
        <span role="status" className="text-muted">
          {create.isSuccess ? t("clipCreated") : create.error ? errorMessage(create.error, t("offline")) : ""}
        </span>
      </div>
    </>
  );
}

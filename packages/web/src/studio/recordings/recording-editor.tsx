/** Edits a recording: chapters, title, clips, whether students see it. */

import type { Recording } from "@lectern/client";
import type { LecternReplay } from "@lectern/player/replay";
import { serverClock } from "@lectern/player/server-clock";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { loadedLater } from "../../components/loaded-later.tsx";
import { DownloadButton } from "../../downloads/download-button.tsx";
import { sameOriginPath } from "../../player/media-address.ts";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { ChapterEditor } from "./chapter-editor.tsx";
import { ClipEditor } from "./clip-editor.tsx";
import { mediaPlaylistAddress } from "./still-address.ts";
import { TextForm } from "./text-form.tsx";

// Most visits to the studio play no recording.
const ReplayPlayer = loadedLater(() => import("../../player/replay-player.tsx").then(({ ReplayPlayer }) => ReplayPlayer));

type Change = { readonly title?: string; readonly published?: boolean; readonly chapters?: Recording["chapters"] };

/** Shorter than the lifetime of the signed links. */
const LINKS_STALE_MS = 3_600_000;

type RecordingEditorProps = {
  readonly recording: Recording;
  /** The lesson has ended: what is still being written can soon be played, in the place that it has already. */
  readonly isOver: boolean;
  readonly onChanged: () => Promise<void>;
};

export function RecordingEditor({ recording, isOver, onChanged }: RecordingEditorProps) {
  const { t } = useTranslation();
  const player = useRef<LecternReplay | null>(null);
  const path = { recordingId: recording.id };
  const links = useQuery({
    queryKey: ["links", recording.id],
    queryFn: () => unwrap(api().POST("/api/v1/recordings/{recordingId}/links", { params: { path }, body: {} })),
    staleTime: LINKS_STALE_MS,
  });
  const change = useMutation({
    mutationFn: (body: Change) => {
      // The server refuses the change when the recording has changed since it was read.
      const params = { path, header: { "If-Match": `"v${recording.version}"` } };
      return unwrap(api().PATCH("/api/v1/recordings/{recordingId}", { params, body }));
    },
    onSettled: onChanged,
  });
  const currentSeconds = () => (recording.whole ? (player.current?.currentTime ?? 0) : secondsSince(recording.startedAt));
  const onSeek = (seconds: number): void => {
    if (player.current) player.current.currentTime = seconds;
  };
  const play = recording.whole ? links.data?.play : undefined;
  const playlist = useMediaPlaylist(play?.hls ?? null);
  return (
    <div className="editor">
      {play || isOver ? (
        <div className="stage">
          {play ? (
            <ReplayPlayer
              address={play.hls}
              start={0}
              chapters={recording.chapters}
              playerRef={player}
              watermark={links.data?.watermark ?? null}
            />
          ) : (
            <p className="stage-message">{recording.whole ? null : t("publishing.ended.writing")}</p>
          )}
        </div>
      ) : null}
      <div className="row">
        <button
          type="button"
          className={recording.published ? "button" : "button primary"}
          onClick={() => change.mutate({ published: !recording.published })}
        >
          {t(recording.published ? "hide" : "publish")}
        </button>
        {play ? <DownloadButton recordingId={recording.id} /> : null}
      </div>
      <ChapterEditor
        chapters={recording.chapters}
        isRecording={!recording.whole}
        currentSeconds={currentSeconds}
        onChange={(chapters) => change.mutate({ chapters })}
      />
      <TextForm
        label={t("recordingTitle")}
        action={t("rename")}
        initialText={recording.title}
        onSubmit={(title) => change.mutate({ title })}
      />
      {recording.whole ? (
        <ClipEditor
          recording={recording}
          currentSeconds={currentSeconds}
          onSeek={onSeek}
          playlist={playlist}
          onCreated={onChanged}
        />
      ) : null}
      {change.error ? <p role="alert">{errorMessage(change.error, t("offline"))}</p> : null}
    </div>
  );
}

/** Null while it is not known. @param hls the multivariant playlist's address */
function useMediaPlaylist(hls: string | null): string | null {
  const playlist = useQuery({
    queryKey: ["media playlist", hls],
    queryFn: async ({ signal }) => {
      const response = await fetch(sameOriginPath(hls ?? ""), { signal });
      return response.ok ? mediaPlaylistAddress(await response.text(), response.url) : null;
    },
    enabled: hls !== null,
    staleTime: LINKS_STALE_MS,
  });
  return playlist.data ?? null;
}

function secondsSince(iso: string): number {
  return Math.max(0, (serverClock.now() - Date.parse(iso)) / 1000);
}

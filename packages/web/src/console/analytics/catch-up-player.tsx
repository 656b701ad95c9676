/** Plays a recording from where a student has not seen it. */
import { Stack, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { reportTamper } from "../../class/report-tamper.ts";
import { ReplayPlayer } from "../../player/replay-player.tsx";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";

type CatchUpPlayerProps = {
  readonly recordingId: string;
  /** Seconds. */
  readonly start: number;
};

export function CatchUpPlayer({ recordingId, start }: CatchUpPlayerProps) {
  const { t } = useTranslation();
  const params = { path: { recordingId } };
  const recording = useQuery({
    queryKey: ["recording", recordingId],
    queryFn: () => unwrap(api().GET("/api/v1/recordings/{recordingId}", { params })),
  });
  const links = useQuery({
    queryKey: ["recording links", recordingId],
    queryFn: () => unwrap(api().POST("/api/v1/recordings/{recordingId}/links", { params, body: {} })),
    // Other links would begin the playback again.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  const error = recording.error ?? links.error;
  if (error) return <p role="alert">{t("failed", { message: errorMessage(error, t("offline")) })}</p>;
  if (!recording.data || !links.data) return <p role="status">{t("analytics.loading")}</p>;
  const { title, chapters, lessonId } = recording.data;
  return (
    <Stack component="section" className="catch-up-player" gap="xs">
      <Title order={2}>{title}</Title>
      <div className="stage">
        <ReplayPlayer
          address={links.data.play.hls}
          start={start}
          chapters={chapters}
          watermark={links.data.watermark}
          onTamper={(what) => lessonId !== null && reportTamper(lessonId, lessonId, what, recordingId)}
        />
      </div>
    </Stack>
  );
}

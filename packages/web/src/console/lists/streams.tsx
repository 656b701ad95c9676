/** Shows the list of live streams, each with the qualities that are made of it. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { ListPage } from "../list/list-page.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { RungMarks } from "./rung-marks.tsx";
import { lessonStream, rungsOfStream, titlesOfStreams, withoutRungs } from "./stream-rungs.ts";
import { useSchoolLessons } from "./use-school-lessons.ts";

const REFETCH_MS = 3000;

type Stream = { readonly app: string; readonly name: string; readonly recording: string | null };

export function Streams() {
  const { t } = useTranslation();
  const ladders = useQuery({
    queryKey: ["jobs", "ladders"],
    queryFn: () => unwrap(api().GET("/api/v1/jobs", { params: { query: { kind: "ladder", limit: 1000 } } })),
    refetchInterval: REFETCH_MS,
  });
  const lessons = useSchoolLessons("live", { state: "live", limit: 1000 }, REFETCH_MS);
  const titles = titlesOfStreams(lessons.data?.items ?? []);
  const record = (action: "start" | "stop") => ({
    label: t(action === "start" ? "record" : "stopRecording"),
    doneMessage: (count: number) => t(action === "start" ? "recordingStarts" : "recordingStops", { count }),
    run: ({ app, name }: Stream) =>
      unwrap(api().POST("/api/v1/streams/{app}/{name}/record", { params: { path: { app, name } }, body: { action } })),
    appliesTo: ({ recording }: Stream) => (recording === null) === (action === "start"),
  });
  return (
    <ListPage
      title={t("nav.streams")}
      queryKey={["streams", "list"]}
      path="/streams"
      load={(cursor) => unwrap(api().GET("/api/v1/streams", { params: { query: nonEmpty({ cursor }) } }))}
      arrange={withoutRungs}
      keyOf={(stream) => `${stream.app}/${stream.name}`}
      nameOf={(stream) => stream.name}
      columns={[
        {
          label: t("fields.stream"),
          show: ({ app, name }) => (
            <Link href={`/streams/${app}/${name}`} className="wraps">
              {name}
            </Link>
          ),
        },
        { label: t("fields.lesson"), show: ({ app, name }) => titles.get(`${app}/${lessonStream(name)}`) ?? "" },
        {
          label: t("fields.uplink"),
          show: ({ uplink }) => `${t([`uplinkHealth.${uplink.health}`, "uplinkHealth.unknown"])}, ${Math.round(uplink.fps)} fps`,
        },
        {
          label: t("fields.video"),
          show: ({ video }) =>
            video ? `${video.codec} ${video.width}×${video.height}, ${Math.round(video.bitrateKbps)} kbps` : "",
        },
        {
          label: t("ladders.short"),
          show: (stream) => <RungMarks rungs={rungsOfStream(ladders.data?.items ?? [], stream)} />,
        },
        { label: t("nav.recordings"), show: (stream) => (stream.recording === null ? "" : t("isRecording")) },
        { label: t("fields.viewers"), show: (stream) => stream.viewers.total },
      ]}
      actions={[
        record("start"),
        record("stop"),
        {
          label: t("disconnect"),
          doneMessage: (count) => t("disconnected", { count }),
          run: ({ app, name }) => unwrap(api().DELETE("/api/v1/streams/{app}/{name}", { params: { path: { app, name } } })),
        },
      ]}
      refetchMs={REFETCH_MS}
    />
  );
}

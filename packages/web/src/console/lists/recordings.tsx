/** Recordings, and those in the bin. */
import { useTranslation } from "react-i18next";
import { api, unwrap } from "../../session/api.ts";
import { nonEmpty, SearchFilter, SelectFilter, useUrlFilter } from "../list/filters.tsx";
import { ListPage } from "../list/list-page.tsx";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { useFormatTime } from "../school/school-time.ts";

/** In the filter. */
const BIN = "deleted";
const BYTES_OF_A_MEGABYTE = 1e6;

type Recording = { readonly id: string; readonly title: string; readonly version: number; readonly published: boolean };

export function Recordings() {
  const { t } = useTranslation();
  const time = useFormatTime();
  const scope = schoolQuery(useSchoolScope());
  const searchFilter = useUrlFilter("search");
  const stateFilter = useUrlFilter("state");
  const inBin = stateFilter[0] === BIN;
  const query = { ...scope, ...nonEmpty({ search: searchFilter[0], deleted: inBin ? "true" : undefined }) };
  const params = ({ id }: Recording) => ({ params: { path: { recordingId: id } } });
  const change = (recording: Recording, body: { title?: string; published?: boolean }) =>
    unwrap(api().PATCH("/api/v1/recordings/{recordingId}", { ...params(recording), body }));
  const remove = (recording: Recording) => unwrap(api().DELETE("/api/v1/recordings/{recordingId}", params(recording)));
  const restore = (recording: Recording) => unwrap(api().POST("/api/v1/recordings/{recordingId}/restore", params(recording)));
  const download = async (recording: Recording): Promise<void> => {
    const { play } = await unwrap(api().POST("/api/v1/recordings/{recordingId}/links", { ...params(recording), body: {} }));
    location.href = `${play.mp4}&download=${encodeURIComponent(recording.title)}`;
  };
  const publish = (published: boolean) => ({
    label: t(published ? "publish" : "hide"),
    doneMessage: (count: number) => t(published ? "published" : "hidden", { count }),
    run: (recording: Recording) => change(recording, { published }),
    undo: (recording: Recording) => change(recording, { published: !published }),
    appliesTo: (recording: Recording) => recording.published !== published,
  });
  return (
    <ListPage
      title={t("nav.recordings")}
      queryKey={["recordings", query]}
      path="/recordings"
      query={query}
      load={(cursor) => unwrap(api().GET("/api/v1/recordings", { params: { query: { ...query, ...nonEmpty({ cursor }) } } }))}
      keyOf={(recording) => recording.id}
      nameOf={(recording) => recording.title}
      filters={
        <>
          <SearchFilter filter={searchFilter} />
          <SelectFilter label={t("fields.state")} options={[{ value: BIN, label: t("states.deleted") }]} filter={stateFilter} />
        </>
      }
      columns={[
        { label: t("fields.title"), show: (recording) => recording.title },
        { label: t("fields.at"), show: (recording) => time(recording.startedAt) },
        {
          label: t("fields.length"),
          show: (recording) => t("minutes", { count: Math.max(1, Math.round(recording.seconds / 60)) }),
        },
        { label: t("fields.size"), show: (recording) => `${Math.ceil(recording.bytes / BYTES_OF_A_MEGABYTE)} MB` },
        {
          label: t("fields.state"),
          show: (recording) => t(recording.whole ? (recording.published ? "isPublished" : "isHidden") : "isRecording"),
        },
        {
          label: t("download"),
          show: (recording) =>
            inBin ? (
              ""
            ) : (
              <button
                type="button"
                className="link-button"
                aria-label={`MP4: ${recording.title}`}
                onClick={() => void download(recording)}
              >
                MP4
              </button>
            ),
        },
      ]}
      {...(inBin
        ? {}
        : {
            edit: {
              fields: (recording: Recording) => [
                { name: "title", label: t("fields.title"), required: true, value: recording.title },
              ],
              save: (recording: Recording, { title = "" }: Readonly<Record<string, string>>) => change(recording, { title }),
            },
          })}
      actions={
        inBin
          ? [{ label: t("restore"), doneMessage: (count: number) => t("restored", { count }), run: restore, undo: remove }]
          : [
              publish(true),
              publish(false),
              { label: t("remove"), doneMessage: (count: number) => t("binned", { count }), run: remove, undo: restore },
            ]
      }
      refetchMs={5000}
    />
  );
}

/** Shows the list of recordings, and of those in the trash. */

import type { Recording } from "@lectern/client";
import { formatDuration } from "@lectern/player/format-duration";
import { Link } from "wouter";
import { DownloadButton } from "../../downloads/download-button.tsx";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { targetPath } from "../access/policies/target.ts";
import { useSentRequests } from "../approvals/use-sent-requests.ts";
import type { BulkAction } from "../list/bulk-actions.tsx";
import type { Values } from "../list/fields-form.tsx";
import { SearchFilter, SelectFilter, useUrlFilter } from "../list/filters.tsx";
import { ListPage } from "../list/list-page.tsx";
import type { Column } from "../list/list-table.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { schoolPath, schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { useFormatTime } from "../school/school-time.ts";

/** Value of the state filter. */
const TRASH = "deleted";
const BYTES_PER_MEGABYTE = 1e6;

const path = ({ id }: Recording) => ({ params: { path: { recordingId: id } } });
const change = (recording: Recording, body: { title?: string; published?: boolean }) =>
  unwrap(api().PATCH("/api/v1/recordings/{recordingId}", { ...path(recording), body }));
const remove = (recording: Recording) => unwrap(api().DELETE("/api/v1/recordings/{recordingId}", path(recording)));
const restore = (recording: Recording) => unwrap(api().POST("/api/v1/recordings/{recordingId}/restore", path(recording)));

type RecordingsProps = {
  /** Lists the recordings of one course's lessons. */
  readonly course?: { readonly id: string; readonly schoolId: string };
  readonly title?: string;
};

export function Recordings({ course, title: heading }: RecordingsProps) {
  const { t } = useTranslation();
  const ofConsole = schoolQuery(useSchoolScope());
  const scope = course ? { schoolId: course.schoolId, courseId: course.id } : ofConsole;
  const search = useUrlFilter("search");
  const state = useUrlFilter("state");
  const inTrash = state[0] === TRASH;
  const query = { ...scope, ...nonEmpty({ search: search[0], deleted: inTrash || undefined }) };
  const edit = {
    fields: ({ title }: Recording) => [{ name: "title", label: t("fields.title"), required: true, value: title }],
    save: (recording: Recording, { title = "" }: Values) => change(recording, { title }),
  };
  return (
    <ListPage
      title={heading ?? t("nav.recordings")}
      queryKey={["recordings", query]}
      path="/recordings"
      query={query}
      load={(cursor) => unwrap(api().GET("/api/v1/recordings", { params: { query: { ...query, ...nonEmpty({ cursor }) } } }))}
      keyOf={(recording) => recording.id}
      nameOf={(recording) => recording.title}
      filters={
        <>
          <SearchFilter filter={search} />
          <SelectFilter label={t("fields.state")} options={[{ value: TRASH, label: t("states.deleted") }]} filter={state} />
        </>
      }
      columns={useColumns(inTrash)}
      actions={useActions(inTrash)}
      {...(inTrash ? {} : { edit })}
      refetchMs={5000}
    />
  );
}

function useColumns(inTrash: boolean): readonly Column<Recording>[] {
  const { t } = useTranslation();
  const time = useFormatTime();
  const place = useSchoolScope();
  return [
    {
      label: t("fields.title"),
      show: ({ title, lessonId }) => (inTrash ? title : <a href={`/class/${lessonId}`}>{title}</a>),
    },
    { label: t("fields.time"), show: ({ startedAt }) => time(startedAt) },
    { label: t("fields.duration"), show: ({ seconds }) => formatDuration(seconds) },
    { label: t("fields.size"), show: ({ bytes }) => `${Math.ceil(bytes / BYTES_PER_MEGABYTE)} MB` },
    {
      label: t("fields.state"),
      show: ({ whole, published }) => t(whole ? (published ? "isPublished" : "isHidden") : "isRecording"),
    },
    {
      label: t("manage"),
      show: ({ id }) =>
        inTrash ? "" : <Link href={schoolPath(place, targetPath({ level: "recording", id }))}>{t("access.whoMayWatch")}</Link>,
    },
    { label: t("download"), show: (recording) => (inTrash ? "" : <RecordingDownload recording={recording} />) },
  ];
}

function RecordingDownload({ recording: { id, title } }: { recording: Recording }) {
  const { t } = useTranslation();
  const ariaLabel = t("downloadOne", { name: title });
  return <DownloadButton recordingId={id} label="MP4" ariaLabel={ariaLabel} className="link-button" />;
}

function useActions(inTrash: boolean): readonly BulkAction<Recording>[] {
  const { t } = useTranslation();
  const { countSent, sentMessage } = useSentRequests();
  const setPublished = (published: boolean): BulkAction<Recording> => ({
    label: t(published ? "publish" : "hide"),
    doneMessage: (count) => sentMessage() ?? t(published ? "published" : "hidden", { count }),
    run: (recording) => countSent(change(recording, { published })),
    undo: (recording) => change(recording, { published: !published }),
    appliesTo: (recording) => recording.published !== published,
  });
  if (inTrash) return [{ label: t("restore"), doneMessage: (count) => t("restored", { count }), run: restore, undo: remove }];
  return [
    setPublished(true),
    setPublished(false),
    { label: t("delete"), doneMessage: (count) => t("movedToTrash", { count }), run: remove, undo: restore },
  ];
}

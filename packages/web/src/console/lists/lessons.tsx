/** Shows the list of lessons, and of those in the trash. */

import type { Lesson } from "@lectern/client";
import { Badge, type MenuItem } from "@lectern/ui";
import {
  BROADCAST_ICON,
  CHART_ICON,
  CHECKLIST_ICON,
  DOWNLOAD_ICON,
  GAUGE_ICON,
  PEOPLE_ICON,
  SHIELD_ICON,
  UPLOAD_ICON,
} from "@lectern/ui/icons";
import { useLocation } from "wouter";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { targetPath } from "../access/policies/target.ts";
import { CourseSeries } from "../lessons/course-series.tsx";
import { LessonDrawer } from "../lessons/lesson-drawer.tsx";
import { RepeatMark } from "../lessons/repeat-mark.tsx";
import { type FormOptions, useLessonForm } from "../lessons/use-lesson-form.tsx";
import type { BulkAction } from "../list/bulk-actions.tsx";
import { type Option, SearchFilter, SelectFilter, useUrlFilter } from "../list/filters.tsx";
import { ListPage } from "../list/list-page.tsx";
import type { Column } from "../list/list-table.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { schoolPath, schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { useFormatTime } from "../school/school-time.ts";

const STATES = ["scheduled", "live", "ended"] as const;
/** Value of the state filter, beside the states. */
const TRASH = "deleted";

const TONES = { scheduled: "neutral", live: "on-air", ended: "neutral" } as const;

const path = ({ id }: Lesson) => ({ params: { path: { lessonId: id } } });

type LessonsProps = {
  /** Lists the lessons of one course, and adds to it. */
  readonly course?: { readonly id: string; readonly schoolId: string };
  readonly title?: string;
};

export function Lessons({ course: only, title }: LessonsProps) {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const place = useSchoolScope();
  const ofConsole = schoolQuery(place);
  const scope = only ? { schoolId: only.schoolId } : ofConsole;
  const state = useUrlFilter("state");
  const search = useUrlFilter("search");
  const course = useUrlFilter("course");
  const { options, adding } = useLessonForm();
  const inTrash = state[0] === TRASH;
  const query = {
    ...scope,
    ...nonEmpty({
      state: STATES.find((one) => one === state[0]),
      deleted: inTrash || undefined,
      search: search[0],
      courseId: only?.id ?? course[0],
    }),
  };
  return (
    <ListPage
      title={title ?? t("nav.lessons")}
      queryKey={["lessons", query]}
      path="/lessons"
      query={query}
      load={(cursor) => unwrap(api().GET("/api/v1/lessons", { params: { query: { ...query, ...nonEmpty({ cursor }) } } }))}
      keyOf={(lesson) => lesson.id}
      nameOf={(lesson) => lesson.title}
      filters={
        <>
          <SearchFilter filter={search} />
          <SelectFilter
            label={t("fields.state")}
            options={[...STATES, TRASH].map((value) => ({ value, label: t(`states.${value}`) }))}
            filter={state}
          />
          {only ? null : <SelectFilter label={t("fields.course")} options={options.courses} filter={course} />}
        </>
      }
      menu={[
        {
          label: t("imports.open"),
          icon: UPLOAD_ICON,
          run: () => navigate(schoolPath(place, only ? `/lessons/import?course=${only.id}` : "/lessons/import")),
        },
        {
          label: t("exportAttendance"),
          icon: DOWNLOAD_ICON,
          run: () => location.assign(`/api/v1/exports/attendance.csv?${new URLSearchParams(scope)}`),
        },
      ]}
      columns={useColumns(inTrash, options)}
      add={adding(only ? { courseId: only.id } : {})}
      editing={inTrash ? undefined : (lesson, onClose) => <LessonDrawer lesson={lesson} onClose={onClose} />}
      overview={only && !inTrash ? <CourseSeries courseId={only.id} /> : null}
      rowActions={useRowActions(inTrash)}
      actions={useActions(inTrash)}
      refetchMs={5000}
    />
  );
}

function useColumns(inTrash: boolean, { teachers, courses }: FormOptions): readonly Column<Lesson>[] {
  const { t } = useTranslation();
  const time = useFormatTime();
  const nameIn = (options: readonly Option[], id: string | null) => options.find(({ value }) => value === id)?.label ?? "";
  return [
    {
      label: t("fields.title"),
      show: ({ id, title, seriesId, isEdited }) =>
        inTrash ? (
          title
        ) : (
          <span className="lesson-title">
            <a className="wraps" href={`/studio/${id}`}>
              {title}
            </a>
            {seriesId ? <RepeatMark isEdited={isEdited} /> : null}
          </span>
        ),
    },
    {
      label: t("fields.state"),
      show: ({ deletedAt, state }) => (
        <Badge tone={deletedAt ? "neutral" : TONES[state]}>{t(`states.${deletedAt ? TRASH : state}`)}</Badge>
      ),
    },
    { label: t("fields.startsAt"), show: ({ startsAt }) => time(startsAt) },
    { label: t("fields.teacher"), show: ({ teacherId }) => nameIn(teachers, teacherId) },
    { label: t("fields.course"), show: ({ courseId }) => nameIn(courses, courseId) },
    { label: t("fields.code"), show: ({ code }) => (code && !inTrash ? <a href={`/j/${code}`}>{code}</a> : "") },
  ];
}

/** The pages of a lesson. */
function useRowActions(inTrash: boolean): (lesson: Lesson) => readonly MenuItem[] {
  const { t } = useTranslation();
  const place = useSchoolScope();
  const [, navigate] = useLocation();
  const to = (below: string) => () => navigate(schoolPath(place, below));
  if (inTrash) return () => [];
  return ({ id, state }) => [
    { label: t("invitedOpen"), icon: PEOPLE_ICON, run: to(`/lessons/${id}/invited`) },
    { label: t("forwardsOpen"), icon: BROADCAST_ICON, run: to(`/lessons/${id}/forwards`) },
    { label: t("access.whoMayWatch"), icon: SHIELD_ICON, run: to(targetPath({ level: "lesson", id })) },
    { label: t("experience.open"), icon: GAUGE_ICON, run: to(`/lessons/${id}/experience`) },
    { label: t("analytics.open"), icon: CHART_ICON, run: to(`/lessons/${id}/analytics`) },
    ...(state === "ended" ? [{ label: t("quality.lessonLink"), icon: CHECKLIST_ICON, run: to(`/lessons/${id}/quality`) }] : []),
  ];
}

function useActions(inTrash: boolean): readonly BulkAction<Lesson>[] {
  const { t } = useTranslation();
  const remove = (lesson: Lesson) => unwrap(api().DELETE("/api/v1/lessons/{lessonId}", path(lesson)));
  const restore = (lesson: Lesson) => unwrap(api().POST("/api/v1/lessons/{lessonId}/restore", path(lesson)));
  if (inTrash) return [{ label: t("restore"), doneMessage: (count) => t("restored", { count }), run: restore, undo: remove }];
  return [
    {
      label: t("delete"),
      doneMessage: (count) => t("movedToTrash", { count }),
      run: remove,
      undo: restore,
      appliesTo: ({ state }) => state !== "live",
    },
    {
      label: t("endLessons"),
      doneMessage: (count) => t("ended", { count }),
      run: (lesson) => unwrap(api().POST("/api/v1/lessons/{lessonId}/end", path(lesson))),
      appliesTo: ({ state }) => state === "live",
    },
  ];
}

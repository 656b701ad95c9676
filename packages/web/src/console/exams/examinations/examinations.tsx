/** Shows the list of examinations: of the school, or of a course. */
import type { Examination } from "@lectern/client";
import { Badge } from "@lectern/ui";
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { useNow } from "../../../schedule/use-now.ts";
import { api, unwrap } from "../../../session/api.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { SearchFilter, useUrlFilter } from "../../list/filters.tsx";
import { ListPage } from "../../list/list-page.tsx";
import { nonEmpty } from "../../list/url-filters.ts";
import { schoolPath, schoolQuery, useSchoolScope } from "../../school/school-context.ts";
import { useFormatTime } from "../../school/school-time.ts";
import { useCourseOptions } from "../course-options.ts";
import { ExamPages } from "../exam-pages.tsx";
import { type ExamStage, examStage } from "./exam-form.ts";
import { useExamForm } from "./use-exam-form.tsx";

type Tone = "neutral" | "accent" | "success" | "warning" | "on-air";
export const STAGE_TONES: Readonly<Record<ExamStage, Tone>> = {
  draft: "neutral",
  waiting: "accent",
  open: "on-air",
  closed: "warning",
  released: "success",
};

type ExaminationsProps = {
  /** Lists those of one course, and adds to it. */
  readonly course?: { readonly id: string; readonly schoolId: string };
  readonly title?: string;
};

export function Examinations({ course, title }: ExaminationsProps) {
  const { t } = useTranslation();
  const place = useSchoolScope();
  const [, navigate] = useLocation();
  const search = useUrlFilter("search");
  const now = useNow();
  const time = useFormatTime();
  const courses = useCourseOptions();
  const scope = course ? { schoolId: course.schoolId } : schoolQuery(place);
  const query = { ...scope, ...nonEmpty({ search: search[0], courseId: course?.id }) };
  const pathOf = (id: string) => schoolPath(place, `/examinations/${id}`);
  const form = useExamForm(course ? { courseId: course.id } : {}, (id) => navigate(pathOf(id)));
  const frame = (list: ReactNode) => (course ? list : <ExamPages current="examinations">{list}</ExamPages>);
  return frame(
    <ListPage
      title={title ?? t("nav.examinations")}
      hint={course ? undefined : t("exams.hint")}
      addLabel={t("exams.newExam")}
      queryKey={["examinations", query]}
      path="/exams"
      query={query}
      load={(cursor) => unwrap(api().GET("/api/v1/exams", { params: { query: { ...query, ...nonEmpty({ cursor }) } } }))}
      keyOf={({ id }) => id}
      nameOf={(exam) => exam.title}
      filters={<SearchFilter filter={search} />}
      columns={[
        {
          label: t("fields.title"),
          show: (exam) => (
            <Link className="wraps" href={pathOf(exam.id)}>
              {exam.title}
            </Link>
          ),
        },
        {
          label: t("fields.state"),
          show: (exam) => {
            const stage = examStage(exam, now);
            return <Badge tone={STAGE_TONES[stage]}>{t(`exams.stages.${stage}`)}</Badge>;
          },
        },
        { label: t("exams.opensAt"), show: (exam) => time(exam.opensAt) },
        { label: t("exams.minutes"), show: (exam) => Math.round(exam.seconds / 60) },
        ...(course
          ? []
          : [
              {
                label: t("fields.course"),
                show: ({ courseId }: Examination) => courses.find(({ value }) => value === courseId)?.label ?? "",
              },
            ]),
        { label: t("exams.code"), show: (exam) => (exam.publishedAt === null ? "" : exam.code) },
      ]}
      add={form.add}
      edit={form.edit}
      actions={[
        {
          label: t("deletePermanently"),
          doneMessage: (count) => t("deletedPermanently", { count }),
          run: ({ id }) => unwrap(api().DELETE("/api/v1/exams/{examinationId}", { params: { path: { examinationId: id } } })),
        },
      ]}
      emptyText={t("exams.noExams")}
      refetchMs={15_000}
    />,
  );
}

/** Shows the results of a course: what each of its students attended and answered. */

import { Link } from "wouter";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { useFigures } from "../analytics/figures.ts";
import { ListPage } from "../list/list-page.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { schoolPath, useSchoolScope } from "../school/school-context.ts";
import type { ShownCourse } from "./members.ts";

export function CourseResults({ course, title }: { readonly course: ShownCourse; readonly title: string }) {
  const { t } = useTranslation();
  const place = useSchoolScope();
  const { count, time } = useFigures();
  const path = { courseId: course.id };
  return (
    <ListPage
      title={title}
      hint={t("course.resultsHint")}
      queryKey={["course results", course.id]}
      path={`/reports/courses/${course.id}/students`}
      load={(cursor) =>
        unwrap(api().GET("/api/v1/reports/courses/{courseId}/students", { params: { path, query: nonEmpty({ cursor }) } }))
      }
      keyOf={({ userId }) => userId}
      nameOf={({ name }) => name}
      columns={[
        {
          label: t("course.student"),
          show: ({ userId, name }) => <Link href={schoolPath(place, `/people/${userId}/record`)}>{name}</Link>,
        },
        { label: t("course.attended"), show: ({ attended, lessons }) => `${count(attended)} / ${count(lessons)}` },
        { label: t("analytics.partly"), show: ({ partly }) => count(partly) },
        { label: t("analytics.presentTime"), show: ({ presentMs }) => time(presentMs) },
        { label: t("analytics.watched"), show: ({ watchedMs }) => time(watchedMs) },
        {
          label: t("analytics.quizResults"),
          show: ({ correct, answered, quizzes }) => `${count(correct)} / ${count(answered)} / ${count(quizzes)}`,
        },
      ]}
      emptyText={t("course.noResults")}
    />
  );
}

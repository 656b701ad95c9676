/** Shows the list of papers. */
import type { ExamPaperSummary } from "@lectern/client";
import { Link, useLocation } from "wouter";
import { api, unwrap } from "../../../session/api.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { SearchFilter, useUrlFilter } from "../../list/filters.tsx";
import { ListPage } from "../../list/list-page.tsx";
import { nonEmpty } from "../../list/url-filters.ts";
import { schoolPath, schoolQuery, useSchoolScope } from "../../school/school-context.ts";
import { useCourseOptions } from "../course-options.ts";
import { ExamPages } from "../exam-pages.tsx";

export function Papers() {
  const { t } = useTranslation();
  const place = useSchoolScope();
  const [, navigate] = useLocation();
  const search = useUrlFilter("search");
  const scope = schoolQuery(place);
  const query = { ...scope, ...nonEmpty({ search: search[0] }) };
  const courses = useCourseOptions();
  const courseName = (id: string | null) => courses.find(({ value }) => value === id)?.label ?? "";
  const fields = (paper: ExamPaperSummary | null) => [
    { name: "title", label: t("fields.title"), required: true, value: paper?.title ?? "" },
    {
      name: "courseId",
      label: t("fields.course"),
      hint: t("exams.paperCourseHint"),
      options: courses,
      value: paper?.courseId ?? "",
      searchable: true,
    },
  ];
  return (
    <ExamPages current="papers">
      <ListPage
        title={t("exams.papers")}
        hint={t("exams.papersHint")}
        addLabel={t("exams.newPaper")}
        queryKey={["exam-papers", query]}
        path="/papers"
        query={query}
        load={(cursor) => unwrap(api().GET("/api/v1/papers", { params: { query: { ...query, ...nonEmpty({ cursor }) } } }))}
        keyOf={({ id }) => id}
        nameOf={({ title }) => title}
        filters={<SearchFilter filter={search} />}
        columns={[
          {
            label: t("fields.title"),
            show: ({ id, title }) => (
              <Link className="wraps" href={schoolPath(place, `/examinations/papers/${id}`)}>
                {title}
              </Link>
            ),
          },
          { label: t("exams.questions"), show: ({ questions }) => questions },
          { label: t("exams.points"), show: ({ points }) => points },
          { label: t("fields.course"), show: ({ courseId }) => courseName(courseId) },
        ]}
        add={{
          fields: fields(null),
          save: async ({ title = "", courseId = "" }) => {
            const { id } = await unwrap(api().POST("/api/v1/papers", { body: { ...scope, title, courseId: courseId || null } }));
            navigate(schoolPath(place, `/examinations/papers/${id}`));
            return undefined;
          },
        }}
        edit={{
          fields,
          save: ({ id, version }, { title = "", courseId = "" }) =>
            unwrap(
              api().PATCH("/api/v1/papers/{paperId}", {
                params: { path: { paperId: id }, header: { "If-Match": `"v${version}"` } },
                body: { title, courseId: courseId || null },
              }),
            ),
        }}
        actions={[
          {
            label: t("deletePermanently"),
            doneMessage: (count) => t("deletedPermanently", { count }),
            run: ({ id }) => unwrap(api().DELETE("/api/v1/papers/{paperId}", { params: { path: { paperId: id } } })),
          },
        ]}
        emptyText={t("exams.noPapers")}
      />
    </ExamPages>
  );
}

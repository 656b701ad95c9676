/** Courses. */
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { api, take } from "../../session/api.ts";
import { filled, SearchBox, useFilter } from "../list/filters.tsx";
import { ListPage } from "../list/list-page.tsx";
import { schoolQuery, usePlace } from "../school/school-context.ts";

type Course = { readonly id: string; readonly name: string; readonly description: string; readonly version: number };

export function Courses() {
  const { t } = useTranslation();
  const place = usePlace();
  const searchFilter = useFilter("search");
  const scope = schoolQuery(place);
  const query = { ...scope, ...filled({ search: searchFilter[0] }) };
  const fields = (course: Course | null) => [
    { name: "name", label: t("fields.title"), required: true, value: course?.name ?? "" },
    { name: "description", label: t("fields.description"), value: course?.description ?? "" },
  ];
  return (
    <ListPage
      title={t("nav.courses")}
      of={["courses", query]}
      path="/courses"
      query={query}
      load={(cursor) => take(api().GET("/api/v1/courses", { params: { query: { ...query, ...filled({ cursor }) } } }))}
      keyOf={(course) => course.id}
      nameOf={(course) => course.name}
      filters={<SearchBox filter={searchFilter} />}
      columns={[
        { label: t("fields.title"), show: (course) => course.name },
        { label: t("fields.description"), show: (course) => course.description },
        { label: t("nav.lessons"), show: (course) => <Link href={`/lessons?course=${course.id}`}>{t("nav.lessons")}</Link> },
      ]}
      add={{
        fields: fields(null),
        save: async ({ name = "", description = "" }) => {
          await take(api().POST("/api/v1/courses", { body: { ...scope, name, description } }));
          return undefined;
        },
      }}
      change={{
        fields,
        save: ({ id, version }, { name = "", description = "" }) =>
          take(
            api().PATCH("/api/v1/courses/{courseId}", {
              params: { path: { courseId: id }, header: { "If-Match": `"v${version}"` } },
              body: { name, description },
            }),
          ),
      }}
      actions={[
        {
          label: t("remove"),
          said: (count) => t("gone", { count }),
          run: ({ id }) => take(api().DELETE("/api/v1/courses/{courseId}", { params: { path: { courseId: id } } })),
        },
      ]}
    />
  );
}

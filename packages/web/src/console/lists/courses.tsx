/** Shows the list of courses. */

import { Link } from "wouter";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { targetPath } from "../access/policies/target.ts";
import { inheritedSetting, type LadderSetting, qualityFields, settingOf } from "../ladders/quality-fields.ts";
import { useLadders } from "../ladders/use-ladders.ts";
import { SearchFilter, useUrlFilter } from "../list/filters.tsx";
import { ListPage } from "../list/list-page.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { schoolPath, schoolQuery, useSchoolScope } from "../school/school-context.ts";

type Course = LadderSetting & {
  readonly id: string;
  readonly schoolId: string;
  readonly name: string;
  readonly description: string;
  readonly version: number;
};

export function Courses() {
  const { t } = useTranslation();
  const place = useSchoolScope();
  const searchFilter = useUrlFilter("search");
  const scope = schoolQuery(place);
  const query = { ...scope, ...nonEmpty({ search: searchFilter[0] }) };
  const known = useLadders(scope);
  const qualities = (course: Course | null) => {
    const schoolId = course?.schoolId ?? scope.schoolId;
    const school = place.schools.find(({ id }) => id === schoolId);
    return qualityFields(course, known, schoolId, () => inheritedSetting([school]), t);
  };
  const fields = (course: Course | null) => [
    { name: "name", label: t("fields.title"), required: true, value: course?.name ?? "" },
    { name: "description", label: t("fields.description"), value: course?.description ?? "" },
    ...qualities(course),
  ];
  return (
    <ListPage
      title={t("nav.courses")}
      addLabel={t("course.new")}
      queryKey={["courses", query]}
      path="/courses"
      query={query}
      load={(cursor) => unwrap(api().GET("/api/v1/courses", { params: { query: { ...query, ...nonEmpty({ cursor }) } } }))}
      keyOf={(course) => course.id}
      nameOf={(course) => course.name}
      filters={<SearchFilter filter={searchFilter} />}
      columns={[
        {
          label: t("fields.title"),
          show: ({ id, name }) => <Link href={schoolPath(place, `/courses/${id}`)}>{name}</Link>,
        },
        { label: t("fields.description"), show: (course) => course.description },
        {
          label: t("nav.lessons"),
          show: ({ id }) => <Link href={schoolPath(place, `/courses/${id}/lessons`)}>{t("nav.lessons")}</Link>,
        },
        {
          label: t("manage"),
          show: ({ id }) => <Link href={schoolPath(place, targetPath({ level: "course", id }))}>{t("access.whoMayWatch")}</Link>,
        },
      ]}
      add={{
        fields: fields(null),
        save: async ({ name = "", description = "", ...values }) => {
          await unwrap(api().POST("/api/v1/courses", { body: { ...scope, name, description, ...settingOf(values) } }));
          return undefined;
        },
      }}
      edit={{
        fields,
        save: ({ id, version }, { name = "", description = "", ...values }) =>
          unwrap(
            api().PATCH("/api/v1/courses/{courseId}", {
              params: { path: { courseId: id }, header: { "If-Match": `"v${version}"` } },
              body: { name, description, ...settingOf(values) },
            }),
          ),
      }}
      actions={[
        {
          label: t("deletePermanently"),
          doneMessage: (count) => t("deletedPermanently", { count }),
          run: ({ id }) => unwrap(api().DELETE("/api/v1/courses/{courseId}", { params: { path: { courseId: id } } })),
        },
      ]}
    />
  );
}

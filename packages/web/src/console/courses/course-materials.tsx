/** Shows the materials of a course's lessons. */

import type { Material } from "@lectern/client";
import { Badge } from "@lectern/ui";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { SearchFilter, useUrlFilter } from "../list/filters.tsx";
import { ListPage } from "../list/list-page.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { useFormatTime } from "../school/school-time.ts";
import type { ShownCourse } from "./members.ts";

const TONES = { uploading: "neutral", waiting: "neutral", converting: "neutral", ready: "success", failed: "danger" } as const;

export function CourseMaterials({ course, title }: { readonly course: ShownCourse; readonly title: string }) {
  const { t } = useTranslation();
  const time = useFormatTime();
  const search = useUrlFilter("search");
  const query = { schoolId: course.schoolId, courseId: course.id, ...nonEmpty({ search: search[0] }) };
  return (
    <ListPage
      title={title}
      queryKey={["materials", query]}
      path="/materials"
      query={query}
      load={(cursor) => unwrap(api().GET("/api/v1/materials", { params: { query: { ...query, ...nonEmpty({ cursor }) } } }))}
      keyOf={({ id }) => id}
      nameOf={(material) => material.title}
      filters={<SearchFilter filter={search} />}
      columns={[
        { label: t("fields.title"), show: (material) => material.title },
        { label: t("course.file"), show: ({ filename }) => <span className="wraps">{filename}</span> },
        {
          label: t("course.pageCount"),
          show: ({ pages, total }) => (total === null || pages === total ? pages : `${pages} / ${total}`),
        },
        { label: t("fields.state"), show: ({ state }) => <Badge tone={TONES[state]}>{t(`course.materialStates.${state}`)}</Badge> },
        { label: t("course.uploadedAt"), show: ({ createdAt }) => time(createdAt) },
      ]}
      edit={{
        fields: (material) => [{ name: "title", label: t("fields.title"), required: true, value: material.title }],
        save: (material, { title: changed = "" }) => renamed(material, changed),
      }}
      emptyText={t("course.noMaterials")}
    />
  );
}

function renamed({ id, version }: Material, title: string): Promise<Material> {
  const params = { path: { materialId: id }, header: { "If-Match": `"v${version}"` } };
  return unwrap(api().PATCH("/api/v1/materials/{materialId}", { params, body: { title } }));
}

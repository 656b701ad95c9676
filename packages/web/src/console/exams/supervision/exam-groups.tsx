/** Shows the groups of an examination's candidates: who is in them, and who supervises them. */
import type { ExamGroup, Examination } from "@lectern/client";
import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../../../session/api.ts";
import { type Translate, useTranslation } from "../../../texts/use-translation.ts";
import type { Field, Values } from "../../list/fields-form.tsx";
import type { Option } from "../../list/filters.tsx";
import { ListPage } from "../../list/list-page.tsx";
import { useCourseOptions } from "../course-options.ts";
import { groupBody } from "./group-body.ts";
import { WallLink } from "./wall-link.tsx";

const MAX_PEOPLE = 1000;
const STAFF = ["supervisor", "teacher", "assistant", "administrator"] as const;

export function ExamGroups({ exam }: { readonly exam: Examination }) {
  const { t } = useTranslation();
  const people = usePeople(exam.schoolId);
  const courses = useCourseOptions();
  const path = { examinationId: exam.id };
  const nameOf = (id: string): string => people.staff.find(({ value }) => value === id)?.label ?? "";
  const fields = (group: ExamGroup | null) => groupFields(group, { t, courses, ...people });
  const save = (group: ExamGroup, values: Values) =>
    unwrap(
      api().PATCH("/api/v1/exams/{examinationId}/groups/{examGroupId}", {
        params: { path: { ...path, examGroupId: group.id }, header: { "If-Match": `"v${group.version}"` } },
        body: groupBody(values),
      }),
    );
  return (
    <ListPage
      title={t("supervision.groups")}
      hint={t("supervision.groupsHint")}
      addLabel={t("supervision.newGroup")}
      queryKey={["exam-groups", exam.id]}
      path={`/exams/${exam.id}/groups`}
      load={() => unwrap(api().GET("/api/v1/exams/{examinationId}/groups", { params: { path } }))}
      keyOf={({ id }) => id}
      nameOf={({ name }) => name}
      overview={<WallLink exam={exam} />}
      columns={[
        { label: t("fields.name"), show: ({ name }) => name },
        { label: t("supervision.supervisors"), show: ({ supervisorIds }) => supervisorIds.map(nameOf).filter(Boolean).join(", ") },
        { label: t("fields.course"), show: ({ courseId }) => courses.find(({ value }) => value === courseId)?.label ?? "" },
        { label: t("supervision.entered"), show: ({ attempts }) => attempts },
      ]}
      add={{
        fields: fields(null),
        save: async (values) => {
          await unwrap(api().POST("/api/v1/exams/{examinationId}/groups", { params: { path }, body: groupBody(values) }));
          return undefined;
        },
      }}
      edit={{ fields, save }}
      actions={[
        {
          label: t("deletePermanently"),
          doneMessage: (count) => t("deletedPermanently", { count }),
          run: ({ id }) =>
            unwrap(
              api().DELETE("/api/v1/exams/{examinationId}/groups/{examGroupId}", {
                params: { path: { ...path, examGroupId: id } },
              }),
            ),
        },
      ]}
      emptyText={t("supervision.noGroups")}
    />
  );
}

type GroupFormParts = {
  readonly t: Translate;
  readonly courses: readonly Option[];
  readonly staff: readonly Option[];
  readonly candidates: readonly Option[];
};

/** @param group null: a new one */
function groupFields(group: ExamGroup | null, { t, courses, staff, candidates }: GroupFormParts): readonly Field[] {
  return [
    { name: "name", label: t("fields.name"), required: true, value: group?.name ?? "" },
    {
      name: "supervisorIds",
      label: t("supervision.supervisors"),
      hint: t("supervision.supervisorsHint"),
      options: staff,
      multiple: true,
      searchable: true,
      value: group?.supervisorIds.join(" ") ?? "",
    },
    {
      name: "courseId",
      label: t("fields.course"),
      hint: t("supervision.courseHint"),
      options: courses,
      searchable: true,
      value: group?.courseId ?? "",
    },
    {
      name: "candidateIds",
      label: t("supervision.candidates"),
      hint: t("supervision.candidatesHint"),
      options: candidates,
      multiple: true,
      searchable: true,
      value: group?.candidateIds.join(" ") ?? "",
    },
  ];
}

/** Those who may supervise, and those who may sit. */
function usePeople(schoolId: string): { readonly staff: readonly Option[]; readonly candidates: readonly Option[] } {
  const { data } = useQuery({
    queryKey: ["users", "of-groups", schoolId],
    queryFn: async () => {
      const ofRole = async (role: (typeof STAFF)[number] | "student"): Promise<readonly Option[]> => {
        const { items } = await unwrap(api().GET("/api/v1/users", { params: { query: { schoolId, role, limit: MAX_PEOPLE } } }));
        return items.map(({ id, name, login }) => ({ value: id, label: `${name} (${login})` }));
      };
      const [candidates, ...staff] = await Promise.all(["student" as const, ...STAFF].map(ofRole));
      return { candidates: candidates ?? [], staff: staff.flat() };
    },
  });
  return data ?? { staff: [], candidates: [] };
}

/** Shows the form of an examination: adds one, and changes it. */
import type { Examination } from "@lectern/client";
import { Checkbox } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../../../session/api.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import type { Values } from "../../list/fields-form.tsx";
import type { Adding, Editing } from "../../list/list-drawers.tsx";
import { isYes, yesText } from "../../question-bank/question-values.ts";
import { schoolQuery, useSchoolScope } from "../../school/school-context.ts";
import { useTimeZone } from "../../school/school-time.ts";
import { useCourseOptions } from "../course-options.ts";
import { examBody, examFields } from "./exam-form.ts";

const MAX_PAPERS = 200;

type ExamForm = { readonly add: Adding; readonly edit: Editing<Examination> };

/** @param preset values of a new one; @param onAdded is called with its id */
export function useExamForm(preset: Values, onAdded: (id: string) => void): ExamForm {
  const { t } = useTranslation();
  const scope = schoolQuery(useSchoolScope());
  const zone = useTimeZone();
  const courses = useCourseOptions();
  const query = { ...scope, limit: MAX_PAPERS };
  const papers = useQuery({
    queryKey: ["exam-papers", "options", query],
    queryFn: () => unwrap(api().GET("/api/v1/papers", { params: { query } })),
  });
  const parts = {
    t,
    zone,
    courses,
    papers: papers.data?.items.map(({ id, title }) => ({ value: id, label: title })) ?? [],
    box: (label: string, hint?: string) => (value: string, onChange: (value: string) => void) => (
      <Checkbox
        key={label}
        label={label}
        {...(hint === undefined ? {} : { description: hint })}
        checked={isYes(value)}
        onChange={(event) => onChange(yesText(event.target.checked))}
      />
    ),
  };
  return {
    add: {
      fields: examFields(null, parts, preset),
      save: async (values) => {
        const { id } = await unwrap(api().POST("/api/v1/exams", { body: { ...scope, ...examBody(values, zone, t) } }));
        onAdded(id);
        return undefined;
      },
    },
    edit: {
      fields: (exam) => examFields(exam, parts),
      save: ({ id, version }, values) =>
        unwrap(
          api().PATCH("/api/v1/exams/{examinationId}", {
            params: { path: { examinationId: id }, header: { "If-Match": `"v${version}"` } },
            body: examBody(values, zone, t),
          }),
        ),
    },
  };
}

/** Shows the forms of a school's daily check-in. */
import type { CheckInForm } from "@lectern/client";
import { Link } from "wouter";
import { api, unwrap } from "../../session/api.ts";
import { InputError } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import type { BulkAction } from "../list/bulk-actions.tsx";
import { useEnabling } from "../list/enabling.ts";
import type { Field } from "../list/fields-form.tsx";
import { ListPage } from "../list/list-page.tsx";
import { schoolPath, schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { FieldsInput } from "./fields-input.tsx";
import { isComplete, newField, readFields, writeFields } from "./form-fields.ts";

export function CheckInForms() {
  const { t } = useTranslation();
  const school = useSchoolScope();
  const scope = schoolQuery(school);
  const read = (text = "") => {
    const fields = readFields(text);
    if (!isComplete(fields)) throw new InputError(t("checkIns.noQuestions"));
    return fields;
  };
  const fields = (form: CheckInForm | null): readonly Field[] => [
    { name: "name", label: t("fields.name"), required: true, value: form?.name ?? "" },
    {
      name: "fields",
      label: t("checkIns.questions"),
      value: writeFields(form?.fields ?? [newField([])]),
      input: (value, onChange) => <FieldsInput key="fields" value={value} onChange={onChange} />,
    },
  ];
  return (
    <ListPage
      title={t("nav.check-ins")}
      hint={t("checkIns.hint")}
      queryKey={["check-in forms", scope]}
      path="/check-in-forms"
      query={scope}
      load={async () => {
        const { items } = await unwrap(api().GET("/api/v1/check-in-forms", { params: { query: scope } }));
        return { items, nextCursor: null };
      }}
      keyOf={(form) => form.id}
      nameOf={(form) => form.name}
      columns={[
        { label: t("fields.name"), show: (form) => <strong className="wraps">{form.name}</strong> },
        { label: t("checkIns.questions"), show: (form) => t("checkIns.questionCount", { count: form.fields.length }) },
        { label: t("fields.state"), show: (form) => t(form.enabled ? "isEnabled" : "isDisabled") },
        {
          label: t("checkIns.answers"),
          show: (form) => (
            <Link href={schoolPath(school, `/check-ins/${form.id}`)}>{t("checkIns.answersOf", { name: form.name })}</Link>
          ),
        },
      ]}
      add={{
        fields: fields(null),
        save: async ({ name = "", fields: text }) => {
          await unwrap(api().POST("/api/v1/check-in-forms", { body: { ...scope, name, fields: read(text) } }));
          return undefined;
        },
      }}
      edit={{
        fields,
        save: (form, { name = "", fields: text }) => {
          const params = { ...pathOf(form), header: { "If-Match": `"v${form.version}"` } };
          return unwrap(api().PATCH("/api/v1/check-in-forms/{formId}", { params, body: { name, fields: read(text) } }));
        },
      }}
      actions={useActions()}
      emptyText={t("checkIns.empty")}
    />
  );
}

function useActions(): readonly BulkAction<CheckInForm>[] {
  const { t } = useTranslation();
  const enabling = useEnabling((form: CheckInForm, enabled) =>
    unwrap(api().PATCH("/api/v1/check-in-forms/{formId}", { params: pathOf(form), body: { enabled } })),
  );
  return [
    ...enabling,
    {
      label: t("deletePermanently"),
      doneMessage: (count) => t("deletedPermanently", { count }),
      run: (form) => unwrap(api().DELETE("/api/v1/check-in-forms/{formId}", { params: pathOf(form) })),
    },
  ];
}

function pathOf({ id }: CheckInForm) {
  return { path: { formId: id } };
}

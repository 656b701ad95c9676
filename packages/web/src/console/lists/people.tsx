/** The people of a school. */
import { Alert, Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, unwrap } from "../../session/api.ts";
import { CsvImport } from "../list/csv-import.tsx";
import type { Field } from "../list/fields-form.tsx";
import { nonEmpty, SearchFilter, SelectFilter, useUrlFilter } from "../list/filters.tsx";
import { ListPage } from "../list/list-page.tsx";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";

const ROLES = ["administrator", "teacher", "assistant", "student", "supervisor"] as const;

type User = {
  readonly id: string;
  readonly name: string;
  readonly login: string;
  readonly email: string | null;
  readonly role: string;
  readonly disabledAt: string | null;
  readonly version: number;
};

export function People() {
  const { t } = useTranslation();
  const place = useSchoolScope();
  const searchFilter = useUrlFilter("search");
  const roleFilter = useUrlFilter("role");
  const [link, setLink] = useState("");
  const scope = schoolQuery(place);
  const role = ROLES.find((one) => one === roleFilter[0]);
  const query = { ...scope, ...nonEmpty({ search: searchFilter[0], role }) };
  const roleOptions = ROLES.map((value) => ({ value, label: t(`roles.${value}`) }));
  const reset = async (userId: string): Promise<void> => {
    const { url, hours } = await unwrap(api().POST("/api/v1/users/{userId}/password-reset", { params: { path: { userId } } }));
    setLink(t("resetSaid", { url, hours }));
  };
  const turn = (disabled: boolean) => (user: User) =>
    unwrap(api().PATCH("/api/v1/users/{userId}", { params: { path: { userId: user.id } }, body: { disabled } }));
  const fields = (user: User | null): Field[] => [
    { name: "name", label: t("fields.name"), required: true, value: user?.name ?? "" },
    { name: "login", label: t("fields.login"), required: true, value: user?.login ?? "" },
    { name: "email", label: t("fields.email"), type: "email", value: user?.email ?? "" },
    { name: "role", label: t("fields.role"), required: true, value: user?.role ?? "student", options: roleOptions },
    ...(user ? [] : [{ name: "password", label: t("fields.password"), type: "password" as const }]),
  ];
  return (
    <ListPage
      title={t("nav.people")}
      queryKey={["users", query]}
      path="/users"
      query={query}
      load={(cursor) => unwrap(api().GET("/api/v1/users", { params: { query: { ...query, ...nonEmpty({ cursor }) } } }))}
      keyOf={(user) => user.id}
      nameOf={(user) => user.name}
      filters={
        <>
          <SearchFilter filter={searchFilter} />
          <SelectFilter label={t("fields.role")} options={roleOptions} filter={roleFilter} />
          {link ? <Alert role="status">{link}</Alert> : null}
          <CsvImport kind="people" of="users" />
        </>
      }
      columns={[
        { label: t("fields.name"), show: (user) => user.name },
        { label: t("fields.login"), show: (user) => user.login },
        { label: t("fields.role"), show: (user) => t(`roles.${user.role}`) },
        { label: t("fields.state"), show: (user) => (user.disabledAt === null ? "" : t("isShutOut")) },
        {
          label: t("fields.password"),
          show: (user) => (
            <Button variant="default" aria-label={`${t("resetLink")}: ${user.name}`} onClick={() => void reset(user.id)}>
              {t("resetLink")}
            </Button>
          ),
        },
      ]}
      add={{
        fields: fields(null),
        save: async ({ name = "", login = "", email, role: wanted, password }) => {
          const given = { role: ROLES.find((one) => one === wanted) ?? "student", email: email || null };
          await unwrap(api().POST("/api/v1/users", { body: { ...scope, name, login, ...given, ...nonEmpty({ password }) } }));
          return undefined;
        },
      }}
      edit={{
        fields,
        save: ({ id, version }, { name = "", login = "", email, role: wanted }) => {
          const given = { email: email || null, ...nonEmpty({ role: ROLES.find((one) => one === wanted) }) };
          return unwrap(
            api().PATCH("/api/v1/users/{userId}", {
              params: { path: { userId: id }, header: { "If-Match": `"v${version}"` } },
              body: { name, login, ...given },
            }),
          );
        },
      }}
      actions={[
        {
          label: t("shutOut"),
          doneMessage: (count) => t("wereShutOut", { count }),
          run: turn(true),
          undo: turn(false),
          appliesTo: ({ disabledAt }) => disabledAt === null,
        },
        {
          label: t("letIn"),
          doneMessage: (count) => t("wereLetIn", { count }),
          run: turn(false),
          undo: turn(true),
          appliesTo: ({ disabledAt }) => disabledAt !== null,
        },
      ]}
    />
  );
}

/** API keys. */
import { useTranslation } from "react-i18next";
import { api, unwrap } from "../../session/api.ts";
import { nonEmpty } from "../list/filters.tsx";
import { ListPage } from "../list/list-page.tsx";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { useFormatTime } from "../school/school-time.ts";

const SCOPES = ["lessons:read", "lessons:write", "people:read", "people:write", "streams:read", "streams:write"] as const;

export function Keys() {
  const { t } = useTranslation();
  const time = useFormatTime();
  const scope = schoolQuery(useSchoolScope());
  return (
    <ListPage
      title={t("nav.keys")}
      queryKey={["keys", scope]}
      path="/api-keys"
      query={scope}
      load={(cursor) => unwrap(api().GET("/api/v1/api-keys", { params: { query: { ...scope, ...nonEmpty({ cursor }) } } }))}
      keyOf={(key) => key.id}
      nameOf={(key) => key.name}
      columns={[
        { label: t("fields.name"), show: (key) => key.name },
        { label: t("fields.scopes"), show: (key) => key.scopes.join(", ") },
        { label: t("fields.usedAt"), show: (key) => time(key.usedAt) },
      ]}
      add={{
        fields: [
          { name: "name", label: t("fields.name"), required: true },
          {
            name: "scope",
            label: t("fields.scopes"),
            required: true,
            value: "lessons:write",
            options: SCOPES.map((value) => ({ value, label: value })),
          },
        ],
        save: async ({ name = "", scope: wanted }) => {
          const scopes = SCOPES.filter((one) => one === wanted || one === wanted?.replace(":write", ":read"));
          const { key } = await unwrap(api().POST("/api/v1/api-keys", { body: { ...scope, name, scopes } }));
          return t("keyOnce", { key });
        },
      }}
      actions={[
        {
          label: t("remove"),
          doneMessage: (count) => t("gone", { count }),
          run: ({ id }) => unwrap(api().DELETE("/api/v1/api-keys/{keyId}", { params: { path: { keyId: id } } })),
        },
      ]}
    />
  );
}

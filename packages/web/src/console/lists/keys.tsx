/** API keys. */
import { useTranslation } from "react-i18next";
import { api, take } from "../../session/api.ts";
import { filled } from "../list/filters.tsx";
import { ListPage } from "../list/list-page.tsx";
import { schoolQuery, usePlace } from "../school/school-context.ts";
import { useTime } from "../school/school-time.ts";

const SCOPES = ["lessons:read", "lessons:write", "people:read", "people:write", "streams:read", "streams:write"] as const;

export function Keys() {
  const { t } = useTranslation();
  const time = useTime();
  const scope = schoolQuery(usePlace());
  return (
    <ListPage
      title={t("nav.keys")}
      of={["keys", scope]}
      path="/api-keys"
      query={scope}
      load={(cursor) => take(api().GET("/api/v1/api-keys", { params: { query: { ...scope, ...filled({ cursor }) } } }))}
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
          const { key } = await take(api().POST("/api/v1/api-keys", { body: { ...scope, name, scopes } }));
          return t("keyOnce", { key });
        },
      }}
      actions={[
        {
          label: t("remove"),
          said: (count) => t("gone", { count }),
          run: ({ id }) => take(api().DELETE("/api/v1/api-keys/{keyId}", { params: { path: { keyId: id } } })),
        },
      ]}
    />
  );
}

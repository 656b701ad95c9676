/** Shows the list of API keys. */
import { useRef } from "react";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { DeveloperSwitch } from "../list/developer-switch.tsx";
import { ListPage } from "../list/list-page.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { useFormatTime } from "../school/school-time.ts";

const SCOPES = [
  "lessons:read",
  "lessons:write",
  "publish-keys:write",
  "recordings:read",
  "recordings:write",
  "recording-links:write",
  "people:read",
  "people:write",
  "streams:read",
  "streams:write",
  "sources:read",
  "sources:write",
  "policies:read",
  "policies:write",
  "rooms:read",
  "rooms:write",
  "webhooks:read",
  "webhooks:write",
  "webhook-secrets:write",
  "schools:read",
  "schools:write",
  "audit:read",
  "system:read",
  "system:write",
  "scim",
] as const;

export function ApiKeys() {
  const { t } = useTranslation();
  const time = useFormatTime();
  /** New secrets, until the message shows them once. */
  const rotated = useRef<string[]>([]);
  const scope = schoolQuery(useSchoolScope());
  return (
    <ListPage
      title={t("nav.keys")}
      queryKey={["keys", scope]}
      path="/api-keys"
      query={scope}
      load={(cursor) => unwrap(api().GET("/api/v1/api-keys", { params: { query: { ...scope, ...nonEmpty({ cursor }) } } }))}
      overview={<DeveloperSwitch />}
      keyOf={(key) => key.id}
      nameOf={(key) => key.name}
      columns={[
        { label: t("fields.name"), show: (key) => key.name },
        { label: t("fields.scopes"), show: (key) => key.scopes.join(", ") },
        { label: t("fields.lastUsed"), show: (key) => time(key.usedAt) },
      ]}
      add={{
        fields: [
          { name: "name", label: t("fields.name"), required: true },
          {
            name: "scope",
            label: t("fields.scopes"),
            required: true,
            value: "lessons:read lessons:write",
            multiple: true,
            options: SCOPES.map((value) => ({ value, label: value })),
          },
        ],
        save: async ({ name = "", scope: selected }) => {
          const scopes = SCOPES.filter((one) => selected?.split(" ").includes(one));
          const { key } = await unwrap(api().POST("/api/v1/api-keys", { body: { ...scope, name, scopes } }));
          return t("keyShownOnce", { key });
        },
      }}
      actions={[
        {
          label: t("rotateKey"),
          keepsMessage: true,
          doneMessage: () => t("keyRotated", { key: rotated.current.splice(0).join(", ") }),
          run: async ({ id }) => {
            const { key } = await unwrap(
              api().POST("/api/v1/api-keys/{keyId}/rotate", { params: { path: { keyId: id } }, body: {} }),
            );
            rotated.current.push(key);
          },
        },
        {
          label: t("deletePermanently"),
          doneMessage: (count) => t("deletedPermanently", { count }),
          run: ({ id }) => unwrap(api().DELETE("/api/v1/api-keys/{keyId}", { params: { path: { keyId: id } } })),
        },
      ]}
    />
  );
}

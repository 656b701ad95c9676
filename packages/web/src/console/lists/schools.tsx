/** Shows the list of schools, for operators. */

import { Link } from "wouter";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { ListPage } from "../list/list-page.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { zoneName } from "../school/zone-name.ts";
import { zoneOptions } from "../school/zone-options.ts";

const BROWSER_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

export function Schools() {
  const { t, i18n } = useTranslation();
  return (
    <ListPage
      title={t("nav.schools")}
      queryKey={["schools", "list"]}
      path="/schools"
      load={(cursor) => unwrap(api().GET("/api/v1/schools", { params: { query: nonEmpty({ cursor }) } }))}
      keyOf={(school) => school.id}
      nameOf={(school) => school.name}
      columns={[
        { label: t("fields.name"), show: (school) => <Link href={`/?school=${school.id}`}>{school.name}</Link> },
        { label: t("fields.slug"), show: (school) => school.slug },
        { label: t("fields.timeZone"), show: (school) => zoneName(school.timeZone, i18n.language) },
        { label: t("nav.settings"), show: (school) => <Link href={`/settings?school=${school.id}`}>{t("nav.settings")}</Link> },
      ]}
      add={{
        fields: [
          { name: "name", label: t("fields.name"), required: true },
          { name: "slug", label: t("fields.slug"), required: true },
          {
            name: "timeZone",
            label: t("fields.timeZone"),
            required: true,
            value: BROWSER_ZONE,
            searchable: true,
            options: zoneOptions(BROWSER_ZONE, i18n.language),
          },
        ],
        save: async ({ name = "", slug = "", timeZone = BROWSER_ZONE }) => {
          await unwrap(api().POST("/api/v1/schools", { body: { name, slug, timeZone, guests: true, adminNetworks: [] } }));
          return undefined;
        },
      }}
    />
  );
}

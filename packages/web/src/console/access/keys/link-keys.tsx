/** Shows the list of link keys: the secrets with which other systems sign links. */
import type { LinkKey } from "@lectern/client";
import { api, unwrap } from "../../../session/api.ts";
import { type Translate, useTranslation } from "../../../texts/use-translation.ts";
import type { Field } from "../../list/fields-form.tsx";
import { ListPage } from "../../list/list-page.tsx";
import type { Column } from "../../list/list-table.tsx";
import { nonEmpty } from "../../list/url-filters.ts";
import { useSchoolScope } from "../../school/school-context.ts";
import { useFormatTime } from "../../school/school-time.ts";
import { AccessPage } from "../access-page.tsx";
import { ownedQuery, ownerFields, ownerName, ownerOf } from "../owner.ts";

const SCHEMES = ["tencent", "aliyun-a", "aliyun-b", "aliyun-c", "upyun", "nginx"] as const;

const pathOf = ({ id }: LinkKey) => ({ path: { linkKeyId: id } });

export function LinkKeys() {
  const { t } = useTranslation();
  const place = useSchoolScope();
  const query = ownedQuery(place);
  return (
    <AccessPage page="keys">
      <ListPage
        title={t("access.pages.keys")}
        hint={t("linkKeys.hint")}
        queryKey={["link keys", query]}
        path="/link-keys"
        query={query}
        load={(cursor) => unwrap(api().GET("/api/v1/link-keys", { params: { query: { ...query, ...nonEmpty({ cursor }) } } }))}
        keyOf={(key) => key.id}
        nameOf={(key) => key.name}
        columns={useColumns()}
        add={{
          fields: [...newFields(t), ...ownerFields(place, t)],
          save: async ({ name = "", scheme, secret = "", validSeconds = "", owner }) => {
            const given = { ...nonEmpty({ secret }), ...(validSeconds === "" ? {} : { validSeconds: Number(validSeconds) }) };
            const of = SCHEMES.find((one) => one === scheme) ?? "tencent";
            const body = { ...ownerOf(owner, place), name: name.trim(), scheme: of, ...given };
            const created = await unwrap(api().POST("/api/v1/link-keys", { body }));
            return secret === "" ? t("linkKeys.shownOnce", { secret: created.secret }) : undefined;
          },
        }}
        edit={{
          fields: (key) => [nameField(key, t), validField(key, t)],
          save: (key, { name = "", validSeconds = "" }) => {
            const params = { ...pathOf(key), header: { "If-Match": `"v${key.version}"` } };
            const body = { name: name.trim(), validSeconds: Number(validSeconds) };
            return unwrap(api().PATCH("/api/v1/link-keys/{linkKeyId}", { params, body }));
          },
        }}
        actions={[
          {
            label: t("deletePermanently"),
            doneMessage: (count) => t("deletedPermanently", { count }),
            run: (key) => unwrap(api().DELETE("/api/v1/link-keys/{linkKeyId}", { params: pathOf(key) })),
          },
        ]}
        emptyText={t("linkKeys.empty")}
      />
    </AccessPage>
  );
}

function newFields(t: Translate): readonly Field[] {
  return [
    nameField(null, t),
    {
      name: "scheme",
      label: t("linkKeys.scheme"),
      hint: t("linkKeys.schemeHint"),
      required: true,
      value: "tencent",
      options: SCHEMES.map((value) => ({ value, label: t(`linkKeys.schemes.${value}`) })),
    },
    { name: "secret", label: t("linkKeys.secret"), hint: t("linkKeys.secretHint"), type: "password" },
    validField(null, t),
  ];
}

function nameField(key: LinkKey | null, t: Translate): Field {
  return { name: "name", label: t("fields.name"), required: true, value: key?.name ?? "" };
}

function validField(key: LinkKey | null, t: Translate): Field {
  return {
    name: "validSeconds",
    label: t("linkKeys.validSeconds"),
    hint: t("linkKeys.validHint"),
    type: "number",
    ...(key ? { value: String(key.validSeconds), required: true } : {}),
  };
}

function useColumns(): readonly Column<LinkKey>[] {
  const { t } = useTranslation();
  const time = useFormatTime();
  const place = useSchoolScope();
  return [
    {
      label: t("fields.name"),
      show: (key) => (
        <span className="policy-target">
          <strong className="wraps">{key.name}</strong>
          {place.isOperator ? <small className="text-muted">{ownerName(key.schoolId, place, t)}</small> : null}
        </span>
      ),
    },
    { label: t("linkKeys.scheme"), show: (key) => <span className="wraps">{t(`linkKeys.schemes.${key.scheme}`)}</span> },
    { label: t("linkKeys.validSeconds"), show: (key) => key.validSeconds },
    { label: t("fields.since"), show: (key) => time(key.createdAt) },
  ];
}

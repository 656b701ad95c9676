/** Shows the list of a school's providers of single sign-on. */
import { Alert, Button } from "@mantine/core";
import { useState } from "react";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage, InputError } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { useEnabling } from "../list/enabling.ts";
import type { Field, Values } from "../list/fields-form.tsx";
import { ListPage } from "../list/list-page.tsx";
import type { Column } from "../list/list-table.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { formatRoleMap, parseRoleMap } from "./role-map.ts";

const DEFAULT_ROLES = ["student", "supervisor", "assistant", "teacher"] as const;
const NO_ROLE = "none";

type Provider = {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly roleClaim: string;
  readonly roles: Readonly<Record<string, string>>;
  readonly defaultRole: string | null;
  readonly courseClaim: string;
  readonly enabled: boolean;
  readonly redirectUri: string;
  readonly version: number;
};

export function Providers() {
  const { t } = useTranslation();
  const scope = schoolQuery(useSchoolScope());
  const [notice, setNotice] = useState("");
  const fields = useFields();
  const enabling = useEnabling((provider: Provider, enabled) =>
    unwrap(api().PATCH("/api/v1/providers/{providerId}", { params: pathOf(provider), body: { enabled } })),
  );
  return (
    <ListPage
      title={t("nav.providers")}
      queryKey={["providers", scope]}
      path="/providers"
      query={scope}
      load={(cursor) => unwrap(api().GET("/api/v1/providers", { params: { query: { ...scope, ...nonEmpty({ cursor }) } } }))}
      keyOf={(provider) => provider.id}
      nameOf={(provider) => provider.name}
      filters={notice ? <Alert role="status">{notice}</Alert> : undefined}
      columns={useColumns(setNotice)}
      add={{
        fields: fields(null),
        save: async (values) => {
          const body = { ...scope, ...settingsOf(values, t("roleMapWrong")), clientSecret: values["clientSecret"] ?? "" };
          const { redirectUri } = await unwrap(api().POST("/api/v1/providers", { body }));
          return t("redirectUri", { url: redirectUri });
        },
      }}
      edit={{
        fields,
        save: (provider, values) => {
          const params = { ...pathOf(provider), header: { "If-Match": `"v${provider.version}"` } };
          // An empty field keeps the secret that is there.
          const body = { ...settingsOf(values, t("roleMapWrong")), ...nonEmpty({ clientSecret: values["clientSecret"] }) };
          return unwrap(api().PATCH("/api/v1/providers/{providerId}", { params, body }));
        },
      }}
      actions={[
        ...enabling,
        {
          label: t("deletePermanently"),
          doneMessage: (count) => t("deletedPermanently", { count }),
          run: (provider) => unwrap(api().DELETE("/api/v1/providers/{providerId}", { params: pathOf(provider) })),
        },
      ]}
    />
  );
}

function pathOf({ id }: Provider) {
  return { path: { providerId: id } };
}

function useColumns(onNotice: (text: string) => void): readonly Column<Provider>[] {
  const { t } = useTranslation();
  const test = async (provider: Provider): Promise<void> => {
    try {
      await unwrap(api().POST("/api/v1/providers/{providerId}/test", { params: pathOf(provider) }));
      onNotice(t("providerReached", { name: provider.name }));
    } catch (failure) {
      onNotice(t("failed", { message: errorMessage(failure, t("offline")) }));
    }
  };
  return [
    { label: t("fields.name"), show: (provider) => provider.name },
    { label: t("fields.issuer"), show: (provider) => provider.issuer },
    { label: t("fields.redirectUri"), show: (provider) => <code className="wraps">{provider.redirectUri}</code> },
    { label: t("fields.state"), show: ({ enabled }) => t(enabled ? "isEnabled" : "isDisabled") },
    {
      label: t("testProvider"),
      show: (provider) => (
        <Button variant="default" aria-label={`${t("testProvider")}: ${provider.name}`} onClick={() => void test(provider)}>
          {t("testProvider")}
        </Button>
      ),
    },
  ];
}

/** The fields of the form; of an empty one for null. */
function useFields(): (provider: Provider | null) => readonly Field[] {
  const { t } = useTranslation();
  const options = [
    { value: NO_ROLE, label: t("noDefaultRole") },
    ...DEFAULT_ROLES.map((value) => ({ value, label: t(`roles.${value}`) })),
  ];
  return (provider) => [
    { name: "name", label: t("fields.name"), required: true, value: provider?.name ?? "" },
    { name: "issuer", label: t("fields.issuer"), type: "url", required: true, value: provider?.issuer ?? "" },
    { name: "clientId", label: t("fields.clientId"), required: true, value: provider?.clientId ?? "" },
    { name: "clientSecret", label: t("fields.clientSecret"), type: "password" },
    { name: "roleClaim", label: t("fields.roleClaim"), value: provider?.roleClaim ?? "" },
    { name: "roles", label: t("fields.roleMap"), value: formatRoleMap(provider?.roles ?? {}) },
    {
      name: "defaultRole",
      label: t("fields.defaultRole"),
      required: true,
      value: provider ? (provider.defaultRole ?? NO_ROLE) : "student",
      options,
    },
    { name: "courseClaim", label: t("fields.courseClaim"), value: provider?.courseClaim ?? "" },
  ];
}

/** @throws InputError with the text for a wrong map of roles */
function settingsOf(values: Values, wrongRoles: string) {
  const { name = "", issuer = "", clientId = "", roleClaim = "", defaultRole, courseClaim = "" } = values;
  const roles = parseRoleMap(values["roles"] ?? "");
  if (!roles) throw new InputError(wrongRoles);
  const role = DEFAULT_ROLES.find((one) => one === defaultRole) ?? null;
  return { name, issuer, clientId, roleClaim, roles, defaultRole: role, courseClaim };
}

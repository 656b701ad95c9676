/** Shows the list of a school's providers of single sign-on. */
import type { Provider } from "@lectern/client";
import { Alert, Button, Stack } from "@mantine/core";
import { useState } from "react";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { type Translate, useTranslation } from "../../texts/use-translation.ts";
import { useEnabling } from "../list/enabling.ts";
import { ListPage } from "../list/list-page.tsx";
import type { Column } from "../list/list-table.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { changedProviderBody, KIND_NAMES, newProviderBody, providerFields } from "./provider-form.ts";

export function Providers() {
  const { t } = useTranslation();
  const scope = schoolQuery(useSchoolScope());
  const [notice, setNotice] = useState("");
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
        fields: providerFields(null, t),
        save: async (values) => {
          const body = { ...scope, ...(await newProviderBody(values, t)) };
          return registrationOf(await unwrap(api().POST("/api/v1/providers", { body })), t);
        },
      }}
      edit={{
        fields: (provider) => providerFields(provider, t),
        save: async (provider, values) => {
          const params = { ...pathOf(provider), header: { "If-Match": `"v${provider.version}"` } };
          const body = await changedProviderBody(provider, values, t);
          return await unwrap(api().PATCH("/api/v1/providers/{providerId}", { params, body }));
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
      onNotice(t("providers.reached", { name: provider.name }));
    } catch (failure) {
      onNotice(t("failed", { message: errorMessage(failure, t("offline")) }));
    }
  };
  return [
    { label: t("fields.name"), show: (provider) => provider.name },
    { label: t("providers.kind"), show: ({ kind }) => KIND_NAMES[kind] },
    { label: t("fields.issuer"), show: (provider) => provider.issuer },
    {
      label: t("providers.redirectUri"),
      show: ({ redirectUri, saml }) => (
        <Stack gap={4}>
          <code className="wraps">{redirectUri}</code>
          {saml ? <code className="wraps">{saml.serviceMetadataUrl}</code> : null}
        </Stack>
      ),
    },
    { label: t("fields.state"), show: ({ enabled }) => t(enabled ? "isEnabled" : "isDisabled") },
    {
      label: t("testProvider"),
      show: (provider) =>
        canBeTested(provider) ? (
          <Button variant="default" aria-label={`${t("testProvider")}: ${provider.name}`} onClick={() => void test(provider)}>
            {t("testProvider")}
          </Button>
        ) : null,
    },
  ];
}

/** What is registered at the provider. */
function registrationOf({ kind, saml, redirectUri: url }: Provider, t: Translate): string {
  if (saml) return t("providers.registerSaml", { metadata: saml.serviceMetadataUrl });
  return t(kind === "cas" ? "providers.registerCas" : "providers.registerOidc", { url });
}

/** Without the address of its metadata, this server asks an identity provider nothing: the browser does. */
function canBeTested({ saml }: Provider): boolean {
  return saml === null || saml.metadataUrl !== "";
}

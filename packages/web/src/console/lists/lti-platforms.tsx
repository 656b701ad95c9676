/** Shows the list of a school's learning platforms (LTI 1.3), and the addresses to enter there. */
import { Alert, Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { useEnabling } from "../list/enabling.ts";
import type { Field, Values } from "../list/fields-form.tsx";
import { ListPage } from "../list/list-page.tsx";
import type { Column } from "../list/list-table.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";

type Platform = {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly deploymentIds: readonly string[];
  readonly loginUrl: string;
  readonly tokenUrl: string;
  readonly keysUrl: string;
  readonly origins: readonly string[];
  readonly grades: boolean;
  readonly enabled: boolean;
  readonly version: number;
};

export function LtiPlatforms() {
  const { t } = useTranslation();
  const { school, ...scope } = useSchoolScope();
  const query = schoolQuery({ school, ...scope });
  const [notice, setNotice] = useState("");
  const fields = useFields();
  const enabling = useEnabling((platform: Platform, enabled) =>
    unwrap(api().PATCH("/api/v1/lti/platforms/{platformId}", { params: pathOf(platform), body: { enabled } })),
  );
  const top = (
    <>
      {school ? <ToolAddresses schoolId={school.id} /> : null}
      {notice ? <Alert role="status">{notice}</Alert> : null}
    </>
  );
  return (
    <ListPage
      title={t("nav.platforms")}
      queryKey={["lti-platforms", query]}
      path="/lti/platforms"
      query={query}
      load={(cursor) => unwrap(api().GET("/api/v1/lti/platforms", { params: { query: { ...query, ...nonEmpty({ cursor }) } } }))}
      keyOf={(platform) => platform.id}
      nameOf={(platform) => platform.name}
      filters={top}
      columns={useColumns(setNotice)}
      add={{
        fields: fields(null),
        save: async (values) => {
          const { issuer = "", clientId = "" } = values;
          const body = { ...query, ...settingsOf(values), issuer, clientId };
          await unwrap(api().POST("/api/v1/lti/platforms", { body }));
          return undefined;
        },
      }}
      edit={{
        fields,
        save: (platform, values) => {
          const params = { ...pathOf(platform), header: { "If-Match": `"v${platform.version}"` } };
          return unwrap(api().PATCH("/api/v1/lti/platforms/{platformId}", { params, body: settingsOf(values) }));
        },
      }}
      actions={[
        ...enabling,
        {
          label: t("deletePermanently"),
          doneMessage: (count) => t("deletedPermanently", { count }),
          run: (platform) => unwrap(api().DELETE("/api/v1/lti/platforms/{platformId}", { params: pathOf(platform) })),
        },
      ]}
    />
  );
}

function pathOf({ id }: Platform) {
  return { path: { platformId: id } };
}

/** What administrators enter at the platform, before it gives a client ID. */
function ToolAddresses({ schoolId }: { schoolId: string }) {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: ["lti-tool", schoolId],
    queryFn: () => unwrap(api().GET("/api/v1/lti/tool", { params: { query: { schoolId } } })),
  });
  if (!data) return null;
  return (
    <Alert title={t("lti.addresses")}>
      {(["launchUrl", "loginUrl", "keysUrl"] as const).map((name) => (
        <div key={name}>
          {t(`lti.${name}`)}: <code>{data[name]}</code>
        </div>
      ))}
    </Alert>
  );
}

function useColumns(onNotice: (text: string) => void): readonly Column<Platform>[] {
  const { t } = useTranslation();
  const test = async (platform: Platform): Promise<void> => {
    try {
      const { keys } = await unwrap(api().POST("/api/v1/lti/platforms/{platformId}/test", { params: pathOf(platform) }));
      onNotice(t("lti.reached", { name: platform.name, count: keys }));
    } catch (failure) {
      onNotice(t("failed", { message: errorMessage(failure, t("offline")) }));
    }
  };
  return [
    { label: t("fields.name"), show: (platform) => platform.name },
    { label: t("fields.issuer"), show: (platform) => platform.issuer },
    { label: t("fields.clientId"), show: (platform) => platform.clientId },
    { label: t("fields.attendance"), show: ({ grades }) => t(grades ? "lti.grades.yes" : "lti.grades.no") },
    { label: t("fields.state"), show: ({ enabled }) => t(enabled ? "isEnabled" : "isDisabled") },
    {
      label: t("testProvider"),
      show: (platform) => (
        <Button variant="default" aria-label={`${t("testProvider")}: ${platform.name}`} onClick={() => void test(platform)}>
          {t("testProvider")}
        </Button>
      ),
    },
  ];
}

/** The fields of the form; of an empty one for null. Issuer and client ID identify the platform and stay. */
function useFields(): (platform: Platform | null) => readonly Field[] {
  const { t } = useTranslation();
  const listOf = (name: "deploymentIds" | "origins") => `${t(`fields.${name}`)} (${t("lti.lists")})`;
  const grades = (["yes", "no"] as const).map((value) => ({ value, label: t(`lti.grades.${value}`) }));
  return (platform) => [
    { name: "name", label: t("fields.name"), required: true, value: platform?.name ?? "" },
    ...(platform
      ? []
      : ([
          { name: "issuer", label: t("fields.issuer"), type: "url", required: true },
          { name: "clientId", label: t("fields.clientId"), required: true },
        ] as const)),
    { name: "deploymentIds", label: listOf("deploymentIds"), required: true, value: platform?.deploymentIds.join(" ") ?? "" },
    { name: "loginUrl", label: t("fields.platformLoginUrl"), type: "url", required: true, value: platform?.loginUrl ?? "" },
    { name: "tokenUrl", label: t("fields.tokenUrl"), type: "url", required: true, value: platform?.tokenUrl ?? "" },
    { name: "keysUrl", label: t("fields.platformKeysUrl"), type: "url", required: true, value: platform?.keysUrl ?? "" },
    { name: "origins", label: listOf("origins"), value: platform?.origins.join(" ") ?? "" },
    {
      name: "grades",
      label: t("fields.attendance"),
      required: true,
      value: platform?.grades === false ? "no" : "yes",
      options: grades,
    },
  ];
}

function settingsOf(values: Values) {
  const { name = "", loginUrl = "", tokenUrl = "", keysUrl = "" } = values;
  const [deploymentIds, origins] = [wordsOf(values["deploymentIds"]), wordsOf(values["origins"])];
  return { name, deploymentIds, loginUrl, tokenUrl, keysUrl, origins, grades: values["grades"] !== "no" };
}

function wordsOf(text = ""): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

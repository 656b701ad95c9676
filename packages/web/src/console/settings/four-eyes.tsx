/** Shows which acts of the school a second person approves. Turning one on holds at once, turning one off waits for approval. */
import { Alert, Checkbox, Stack, Title } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { isRequest } from "../approvals/acts.ts";

const SWITCHES = ["erase", "publish", "operatorEntry"] as const;

export function FourEyes({ schoolId }: { readonly schoolId: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [error, setError] = useState("");
  const [isSent, setIsSent] = useState(false);
  const params = { path: { schoolId } };
  const switches = useQuery({
    queryKey: ["four-eyes", schoolId],
    queryFn: () => unwrap(api().GET("/api/v1/schools/{schoolId}/four-eyes", { params })),
  });
  const { data } = switches;
  if (!data) return null;
  const set = async (name: (typeof SWITCHES)[number], on: boolean): Promise<void> => {
    try {
      const body = { ...data, [name]: on };
      setIsSent(isRequest(await unwrap(api().PUT("/api/v1/schools/{schoolId}/four-eyes", { params, body }))));
      setError("");
    } catch (failure) {
      setIsSent(false);
      setError(errorMessage(failure, t("offline")));
    }
    await client.invalidateQueries({ queryKey: ["four-eyes"] });
    await client.invalidateQueries({ queryKey: ["approvals"] });
  };
  return (
    <Stack component="section" aria-label={t("approvals.title")} mt="xl">
      <Title order={2}>{t("approvals.title")}</Title>
      <p className="text-muted">{t("approvals.settingsHint")}</p>
      {SWITCHES.map((name) => (
        <Checkbox
          key={name}
          label={t(`approvals.switches.${name}`)}
          description={t(`approvals.switchHints.${name}`)}
          checked={data[name]}
          onChange={(event) => void set(name, event.target.checked)}
        />
      ))}
      <div role="status">
        {isSent ? (
          <Alert>
            {t("approvals.offSent")} <Link href="/approvals">{t("nav.approvals")}</Link>
          </Alert>
        ) : null}
      </div>
      {error ? (
        <Alert color="red" role="alert">
          {t("failed", { message: error })}
        </Alert>
      ) : null}
    </Stack>
  );
}

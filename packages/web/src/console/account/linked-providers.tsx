/** Lists the providers that sign in to the own account, removes them, and links others of the school. */
import { Alert, Button, Group, Stack, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { formatDateTime } from "../../language.ts";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { IDENTITIES_KEY, useIdentities } from "./use-identities.ts";

export function LinkedProviders() {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const identities = useIdentities();
  const [error, setError] = useState("");
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
      setError("");
    } catch (failure) {
      setError(errorMessage(failure, t("offline")));
    }
    await client.invalidateQueries({ queryKey: IDENTITIES_KEY });
    await client.invalidateQueries({ queryKey: ["my-sessions"] });
  };
  const link = (providerId: string): Promise<void> =>
    attempt(async () => {
      const body = { providerId, link: true, returnTo: location.pathname };
      location.assign((await unwrap(api().POST("/api/v1/sign-on", { body }))).url);
    });
  const unlink = (identityId: string): Promise<void> =>
    attempt(async () => {
      await unwrap(api().DELETE("/api/v1/me/identities/{identityId}", { params: { path: { identityId } } }));
    });
  const { items = [], linkable = [] } = identities.data ?? {};
  if (items.length === 0 && linkable.length === 0) return null;
  return (
    <Stack maw={560} component="section" aria-label={t("identities.title")}>
      <Title order={2}>{t("identities.title")}</Title>
      {error ? (
        <Alert color="red" role="alert">
          {t("failed", { message: error })}
        </Alert>
      ) : null}
      {items.length === 0 ? <p>{t("identities.none")}</p> : null}
      {items.map(({ id, name, issuer, createdAt }) => (
        <Group key={id} justify="space-between">
          <span className="identity">
            {name ?? issuer}{" "}
            <small className="text-muted">{t("identities.since", { time: formatDateTime(createdAt, i18n.language) })}</small>
          </span>
          <Button variant="default" aria-label={`${t("identities.unlink")}: ${name ?? issuer}`} onClick={() => void unlink(id)}>
            {t("identities.unlink")}
          </Button>
        </Group>
      ))}
      <Group>
        {linkable.map(({ id, name }) => (
          <Button key={id} variant="default" onClick={() => void link(id)}>
            {t("identities.link", { name })}
          </Button>
        ))}
      </Group>
    </Stack>
  );
}

/** Confirms that the person at the page is the account's own, before changes of how they sign in: by password, by a code, by a passkey, or by signing on again. */
import { Alert, Button, Group, Stack, TextInput, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, publicApi, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { proveWithPasskey } from "../../session/passkey.ts";
import { hasPasskeys, passkeyProblem } from "../../session/passkey-support.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { useIdentities } from "./use-identities.ts";

export function ProofForm() {
  const { t } = useTranslation();
  const factor = useQuery({ queryKey: ["second-factor"], queryFn: () => unwrap(api().GET("/api/v1/me/second-factor")) });
  const identities = useIdentities();
  const [secret, setSecret] = useState("");
  const [minutes, setMinutes] = useState(0);
  const [error, setError] = useState("");
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
      setError("");
    } catch (failure) {
      setMinutes(0);
      setError(errorMessage(failure, t(passkeyProblem(failure) ?? "offline")));
    }
  };
  const hasCode = factor.data?.on ?? false;
  const confirm = (event: FormEvent): Promise<void> => {
    event.preventDefault();
    return attempt(async () => {
      const body = hasCode ? { code: secret } : { password: secret };
      setMinutes((await unwrap(api().POST("/api/v1/me/proof", { body }))).minutes);
      setSecret("");
    });
  };
  const withPasskey = (): Promise<void> => attempt(async () => setMinutes((await proveWithPasskey()) ?? minutes));
  const signOn = (providerId: string): Promise<void> =>
    attempt(async () => {
      const body = { providerId, fresh: true, returnTo: location.pathname };
      location.assign((await unwrap(publicApi().POST("/api/v1/sign-on", { body }))).url);
    });
  if (!factor.data || !identities.data) return null;
  const { items, hasPassword } = identities.data;
  return (
    <Stack maw={560}>
      <Title order={2}>{t("proof.title")}</Title>
      <p>{t("proof.hint")}</p>
      {error ? (
        <Alert color="red" role="alert">
          {t("failed", { message: error })}
        </Alert>
      ) : null}
      <p role="status">{minutes > 0 ? t("proof.done", { minutes }) : ""}</p>
      {hasCode || hasPassword ? (
        <form onSubmit={(event) => void confirm(event)}>
          <Group align="end">
            <TextInput
              type={hasCode ? "text" : "password"}
              label={t(hasCode ? "secondFactor.code" : "password")}
              required
              autoComplete={hasCode ? "one-time-code" : "current-password"}
              value={secret}
              onChange={(event) => setSecret(event.target.value)}
            />
            <Button type="submit" variant="default">
              {t("confirm")}
            </Button>
          </Group>
        </form>
      ) : null}
      <Group>
        {factor.data.passkeys > 0 && hasPasskeys() ? (
          <Button variant="default" onClick={() => void withPasskey()}>
            {t("passkeys.prove")}
          </Button>
        ) : null}
        {items.map(({ id, providerId, name }) =>
          providerId === null ? null : (
            <Button key={id} variant="default" onClick={() => void signOn(providerId)}>
              {t("proof.signOn", { name })}
            </Button>
          ),
        )}
      </Group>
    </Stack>
  );
}

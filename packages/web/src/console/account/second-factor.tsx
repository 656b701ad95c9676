/** Shows the second factor of the own account: setting it up with an authenticator app, recovery codes, turning it off. */
import { Alert, Button, Group, Stack, TextInput, Title } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { QrCode } from "../../components/qr-code.tsx";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { RecoveryCodes } from "./recovery-codes.tsx";

type Secret = { readonly secret: string; readonly uri: string };

export function SecondFactor() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const factor = useQuery({ queryKey: ["second-factor"], queryFn: () => unwrap(api().GET("/api/v1/me/second-factor")) });
  const [secret, setSecret] = useState<Secret | null>(null);
  const [recoveryCodes, setRecoveryCodes] = useState<readonly string[]>([]);
  const [error, setError] = useState("");
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
      setError("");
    } catch (failure) {
      setError(errorMessage(failure, t("offline")));
    }
    await client.invalidateQueries({ queryKey: ["second-factor"] });
    await client.invalidateQueries({ queryKey: ["my-sessions"] });
  };
  const begin = (current: string) =>
    attempt(async () => setSecret(await unwrap(api().POST("/api/v1/me/second-factor", { body: { current } }))));
  const confirm = (code: string) =>
    attempt(async () => {
      const codes = await unwrap(api().PUT("/api/v1/me/second-factor", { body: { code } }));
      setRecoveryCodes(codes.recoveryCodes);
      setSecret(null);
    });
  const renew = (code: string) =>
    attempt(async () => {
      setRecoveryCodes((await unwrap(api().POST("/api/v1/me/second-factor/recovery-codes", { body: { code } }))).recoveryCodes);
    });
  const turnOff = (code: string, current: string) =>
    attempt(async () => {
      await unwrap(api().POST("/api/v1/me/second-factor/off", { body: { code, current } }));
      setRecoveryCodes([]);
    });
  if (!factor.data) return null;
  const { on, passkeys, required, recoveryCodes: left } = factor.data;
  const off = passkeys > 0 ? "secondFactor.byPasskey" : required ? "secondFactor.required" : "secondFactor.off";
  return (
    <Stack maw={560}>
      <Title order={2}>{t("secondFactor.title")}</Title>
      {on || !secret ? <p>{t(on ? "secondFactor.on" : off, { left })}</p> : null}
      {error ? (
        <Alert color="red" role="alert">
          {t("failed", { message: error })}
        </Alert>
      ) : null}
      {recoveryCodes.length > 0 ? <RecoveryCodes codes={recoveryCodes} /> : null}
      {!on && secret ? <ConfirmForm secret={secret} onConfirm={confirm} /> : null}
      {!on && !secret ? (
        <CodeForm
          fields={["password"]}
          label={t("secondFactor.begin")}
          isNext={required}
          onSubmit={(_, password) => begin(password)}
        />
      ) : null}
      {recoveryCodes.length === 0 && (on || passkeys > 0) ? (
        <CodeForm fields={["code"]} label={t("secondFactor.renew")} onSubmit={renew} />
      ) : null}
      {on && (!required || passkeys > 0) ? (
        <CodeForm fields={["code", "password"]} label={t("secondFactor.turnOff")} onSubmit={turnOff} />
      ) : null}
    </Stack>
  );
}

function ConfirmForm({ secret, onConfirm }: { secret: Secret; onConfirm: (code: string) => Promise<void> }) {
  const { t } = useTranslation();
  return (
    <>
      <p>{t("secondFactor.scan")}</p>
      <QrCode text={secret.uri} label={t("secondFactor.scan")} />
      <p>
        {t("secondFactor.type")} <code>{secret.secret}</code>
      </p>
      <CodeForm fields={["code"]} label={t("confirm")} isNext onSubmit={onConfirm} />
    </>
  );
}

type CodeFormProps = {
  readonly fields: readonly ("code" | "password")[];
  readonly label: string;
  /** It is the one thing to do now. */
  readonly isNext?: boolean;
  readonly onSubmit: (code: string, password: string) => Promise<void>;
};

function CodeForm({ fields, label, isNext = false, onSubmit }: CodeFormProps) {
  const { t } = useTranslation();
  const [code, setCode] = useState("");
  const [password, setPassword] = useState("");
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    await onSubmit(code, password);
    setCode("");
    setPassword("");
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Group align="end">
        {fields.includes("code") ? (
          <TextInput
            label={t("secondFactor.code")}
            required
            autoComplete="one-time-code"
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
        ) : null}
        {fields.includes("password") ? (
          <TextInput
            type="password"
            label={t("password")}
            required
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        ) : null}
        <Button type="submit" variant={isNext ? "filled" : "default"}>
          {label}
        </Button>
      </Group>
    </form>
  );
}

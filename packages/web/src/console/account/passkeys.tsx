/** Lists the passkeys of the own account, adds one of this device, renames and removes them. */
import { Alert, Button, Group, Stack, TextInput, Title } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { formatDateTime } from "../../language.ts";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { addPasskey } from "../../session/passkey.ts";
import { hasPasskeys, passkeyProblem } from "../../session/passkey-support.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { RecoveryCodes } from "./recovery-codes.tsx";

const KEY = ["my-passkeys"];
/** What the page shows of the account besides, and a passkey changes. */
const CHANGED = [KEY, ["second-factor"], ["my-sessions"]];

type Passkey = {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly usedAt: string | null;
};

export function Passkeys() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const passkeys = useQuery({ queryKey: KEY, queryFn: () => unwrap(api().GET("/api/v1/me/passkeys")) });
  const [recoveryCodes, setRecoveryCodes] = useState<readonly string[]>([]);
  const [error, setError] = useState("");
  const [isAdded, setIsAdded] = useState(false);
  const attempt = async (work: () => Promise<boolean>): Promise<void> => {
    setIsAdded(false);
    try {
      setIsAdded(await work());
      setError("");
    } catch (failure) {
      setError(errorMessage(failure, t(passkeyProblem(failure) ?? "offline")));
    }
    await Promise.all(CHANGED.map((queryKey) => client.invalidateQueries({ queryKey })));
  };
  const add = (name: string): Promise<void> =>
    attempt(async () => {
      const codes = await addPasskey(name);
      if (codes !== null && codes.length > 0) setRecoveryCodes(codes);
      return codes !== null;
    });
  const rename = (passkeyId: string, name: string): Promise<void> =>
    attempt(async () => {
      await unwrap(api().PATCH("/api/v1/me/passkeys/{passkeyId}", { params: { path: { passkeyId } }, body: { name } }));
      return false;
    });
  const remove = (passkeyId: string): Promise<void> =>
    attempt(async () => {
      await unwrap(api().DELETE("/api/v1/me/passkeys/{passkeyId}", { params: { path: { passkeyId } } }));
      return false;
    });
  const items = passkeys.data?.items ?? [];
  return (
    <Stack maw={560} component="section" aria-label={t("passkeys.title")}>
      <Title order={2}>{t("passkeys.title")}</Title>
      <p>{t("passkeys.hint")}</p>
      {error ? (
        <Alert color="red" role="alert">
          {t("failed", { message: error })}
        </Alert>
      ) : null}
      <p role="status">{isAdded ? t("passkeys.added") : ""}</p>
      {recoveryCodes.length > 0 ? <RecoveryCodes codes={recoveryCodes} /> : null}
      {passkeys.data && items.length === 0 ? <p>{t("passkeys.none")}</p> : null}
      {items.map((passkey) => (
        <PasskeyRow key={passkey.id} passkey={passkey} onRename={rename} onRemove={remove} />
      ))}
      {hasPasskeys() ? (
        <NameForm label={t("passkeys.name")} action={t("passkeys.add")} onSubmit={add} />
      ) : (
        <p className="text-muted">{t("passkeys.unavailable")}</p>
      )}
    </Stack>
  );
}

type PasskeyRowProps = {
  readonly passkey: Passkey;
  readonly onRename: (id: string, name: string) => Promise<void>;
  readonly onRemove: (id: string) => Promise<void>;
};

function PasskeyRow({ passkey: { id, name, createdAt, usedAt }, onRename, onRemove }: PasskeyRowProps) {
  const { t, i18n } = useTranslation();
  const [isRenaming, setIsRenaming] = useState(false);
  const submit = async (newName: string): Promise<void> => {
    await onRename(id, newName);
    setIsRenaming(false);
  };
  if (isRenaming) return <NameForm label={t("passkeys.newName")} action={t("save")} initial={name} onSubmit={submit} />;
  const used = usedAt === null ? t("passkeys.unused") : t("passkeys.used", { time: formatDateTime(usedAt, i18n.language) });
  return (
    <Group justify="space-between">
      <span className="identity">
        {name}{" "}
        <small className="text-muted">
          {t("passkeys.since", { time: formatDateTime(createdAt, i18n.language) })} {used}
        </small>
      </span>
      <Group gap="xs">
        <Button variant="default" aria-label={`${t("passkeys.rename")}: ${name}`} onClick={() => setIsRenaming(true)}>
          {t("passkeys.rename")}
        </Button>
        <Button variant="default" aria-label={`${t("passkeys.remove")}: ${name}`} onClick={() => void onRemove(id)}>
          {t("passkeys.remove")}
        </Button>
      </Group>
    </Group>
  );
}

type NameFormProps = {
  readonly label: string;
  /** Of the button. */
  readonly action: string;
  readonly initial?: string;
  readonly onSubmit: (name: string) => Promise<void>;
};

function NameForm({ label, action, initial = "", onSubmit }: NameFormProps) {
  const { t } = useTranslation();
  const [name, setName] = useState(initial);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    await onSubmit(name);
    setName("");
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Group align="end">
        <TextInput
          label={label}
          placeholder={t("passkeys.nameExample")}
          required
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" variant="default">
          {action}
        </Button>
      </Group>
    </form>
  );
}

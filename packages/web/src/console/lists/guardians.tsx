/** Shows the guardians of a student, in the form of the person. What is changed here is saved at once. */
import { Button, Checkbox, Fieldset, Group, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, useState } from "react";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";

const EMPTY = { name: "", email: "", absences: true, checkIns: true };
type Typed = typeof EMPTY;

export function Guardians({ userId }: { readonly userId: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const path = { userId };
  const queryKey = ["guardians", userId];
  const list = useQuery({
    queryKey,
    queryFn: () => unwrap(api().GET("/api/v1/users/{userId}/guardians", { params: { path } })),
  });
  const onSuccess = () => client.invalidateQueries({ queryKey });
  const add = useMutation({
    mutationFn: (body: Typed) => unwrap(api().POST("/api/v1/users/{userId}/guardians", { params: { path }, body })),
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: (guardianId: string) =>
      unwrap(api().DELETE("/api/v1/users/{userId}/guardians/{guardianId}", { params: { path: { userId, guardianId } } })),
    onSuccess,
  });
  const error = add.error ?? remove.error ?? list.error;
  const told = (guardian: Pick<Typed, "absences" | "checkIns">) =>
    (["absences", "checkIns"] as const)
      .filter((kind) => guardian[kind])
      .map((kind) => t(`guardians.${kind}`))
      .join(", ");
  return (
    <Fieldset legend={t("guardians.title")}>
      <p className="text-muted">{t("guardians.hint")}</p>
      {list.data?.items.length === 0 ? <p>{t("guardians.none")}</p> : null}
      <ul>
        {list.data?.items.map((guardian) => (
          <li key={guardian.id}>
            {guardian.name} · {guardian.email} <small className="text-muted">{told(guardian)}</small>{" "}
            <Button
              variant="default"
              aria-label={`${t("guardians.remove")}: ${guardian.name}`}
              onClick={() => remove.mutate(guardian.id)}
            >
              {t("guardians.remove")}
            </Button>
          </li>
        ))}
      </ul>
      <NewGuardian isPending={add.isPending} onAdd={add.mutateAsync} />
      {error ? (
        <p className="error" role="alert">
          {errorMessage(error, t("offline"))}
        </p>
      ) : null}
    </Fieldset>
  );
}

type NewGuardianProps = { readonly isPending: boolean; readonly onAdd: (typed: Typed) => Promise<unknown> };

function NewGuardian({ isPending, onAdd }: NewGuardianProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(EMPTY);
  const add = (): void => {
    // After a refusal, what was typed stays; the list says why.
    onAdd(typed).then(
      () => setTyped(EMPTY),
      () => {},
    );
  };
  // Enter adds the guardian, and does not save the person.
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    add();
  };
  return (
    <Group align="end">
      {(["name", "email"] as const).map((name) => (
        <TextInput
          key={name}
          label={t(`guardians.${name}`)}
          type={name === "email" ? "email" : "text"}
          autoComplete="off"
          value={typed[name]}
          onKeyDown={onKeyDown}
          onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
        />
      ))}
      {(["absences", "checkIns"] as const).map((kind) => (
        <Checkbox
          key={kind}
          label={t(`guardians.${kind}`)}
          checked={typed[kind]}
          onChange={(event) => setTyped({ ...typed, [kind]: event.target.checked })}
        />
      ))}
      <Button variant="default" disabled={isPending} onClick={add}>
        {t("guardians.add")}
      </Button>
    </Group>
  );
}

/** Asks a school to let the operator in for some minutes, where the school wants to be asked. */
import { Button, Group, NumberInput, Stack, TextInput, Title } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";

const MINUTES = { usual: 30, least: 5, most: 480 } as const;

export function EntryForm({ schoolId }: { readonly schoolId: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const params = { path: { schoolId } };
  const switches = useQuery({
    queryKey: ["four-eyes", schoolId],
    queryFn: () => unwrap(api().GET("/api/v1/schools/{schoolId}/four-eyes", { params })),
  });
  const [minutes, setMinutes] = useState<number | string>(MINUTES.usual);
  const [reason, setReason] = useState("");
  const [error, setError] = useState("");
  if (!switches.data?.operatorEntry) return null;
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    try {
      const body = { minutes: Number(minutes), reason };
      await unwrap(api().POST("/api/v1/schools/{schoolId}/operator-entries", { params, body }));
      setReason("");
      setError("");
    } catch (failure) {
      setError(errorMessage(failure, t("offline")));
    }
    await client.invalidateQueries({ queryKey: ["approvals"] });
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="xs">
        <Title order={2}>{t("approvals.entry")}</Title>
        <p className="text-muted">{t("approvals.entryHint")}</p>
        <Group align="end">
          <NumberInput
            label={t("approvals.minutes")}
            min={MINUTES.least}
            max={MINUTES.most}
            required
            value={minutes}
            onChange={setMinutes}
          />
          <TextInput
            label={t("approvals.reason")}
            required
            maxLength={500}
            error={error || null}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
          <Button type="submit">{t("approvals.ask")}</Button>
        </Group>
      </Stack>
    </form>
  );
}

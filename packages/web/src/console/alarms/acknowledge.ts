/** Acknowledges alarms: somebody takes care of them, and nobody is reminded any more. */
import type { Alarm } from "@lectern/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../../session/api.ts";

export async function acknowledge(alarms: readonly Pick<Alarm, "id">[], acknowledged: boolean): Promise<void> {
  for (const { id } of alarms)
    await unwrap(api().POST("/api/v1/alarms/{alarmId}/acknowledge", { params: { path: { alarmId: id } }, body: { acknowledged } }));
}

type Acknowledged = { readonly alarms: readonly Pick<Alarm, "id">[]; readonly acknowledged: boolean };

export function useAcknowledge() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ alarms, acknowledged }: Acknowledged) => acknowledge(alarms, acknowledged),
    onSettled: () => client.invalidateQueries({ queryKey: ["alarms"] }),
  });
}

/** Lists where the own account is signed in, and ends these sessions. */
import { Alert, Button, Table, Title } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { formatDateTime } from "../../language.ts";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { TableScroll } from "../list/table-scroll.tsx";

const KEY = ["my-sessions"];

export function OpenSessions() {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const [error, setError] = useState("");
  const sessions = useQuery({ queryKey: KEY, queryFn: () => unwrap(api().GET("/api/v1/me/sessions")) });
  const end = async (request: Promise<{ data?: unknown; error?: unknown }>): Promise<void> => {
    try {
      await unwrap(request);
      setError("");
    } catch (failure) {
      setError(errorMessage(failure, t("offline")));
    }
    await client.invalidateQueries({ queryKey: KEY });
  };
  const items = sessions.data?.items ?? [];
  return (
    <>
      <Title order={2}>{t("sessions")}</Title>
      {error ? (
        <Alert color="red" role="alert">
          {t("failed", { message: error })}
        </Alert>
      ) : null}
      <TableScroll label={t("sessions")}>
        <Table className="list">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("fields.browser")}</Table.Th>
              <Table.Th>{t("fields.ip")}</Table.Th>
              <Table.Th>{t("fields.lastUsed")}</Table.Th>
              <Table.Th>{t("fields.state")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map(({ id, agent, ip, usedAt, current }) => (
              <Table.Tr key={id}>
                <Table.Td data-label={t("fields.browser")}>{agent}</Table.Td>
                <Table.Td data-label={t("fields.ip")}>{ip}</Table.Td>
                <Table.Td data-label={t("fields.lastUsed")}>{formatDateTime(usedAt, i18n.language)}</Table.Td>
                <Table.Td data-label={t("fields.state")}>
                  {current ? (
                    t("thisSession")
                  ) : (
                    <Button
                      variant="default"
                      onClick={() =>
                        void end(api().DELETE("/api/v1/me/sessions/{sessionId}", { params: { path: { sessionId: id } } }))
                      }
                    >
                      {t("endSession")}
                    </Button>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </TableScroll>
      {items.length > 1 ? (
        <Button variant="default" onClick={() => void end(api().DELETE("/api/v1/me/sessions"))}>
          {t("endOtherSessions")}
        </Button>
      ) : null}
    </>
  );
}

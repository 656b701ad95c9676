/** Importing a CSV file: how far it is, and every line that is wrong. With one mistake nothing is imported. */
import { Alert, Button, FileButton, Group, Progress, Stack, Table } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";

type Import = {
  readonly id: string;
  readonly state: "running" | "done" | "failed";
  readonly rowsTotal: number;
  readonly rowsDone: number;
  readonly errors: readonly { readonly line: number; readonly column: string; readonly message: string }[];
};

const LOOK_EVERY_MS = 500;

/** @param kind which import; @param of the list that has more in it afterwards */
export function CsvImport({ kind, of }: { kind: "people" | "timetable"; of: string }) {
  const { t } = useTranslation();
  const place = useSchoolScope();
  const client = useQueryClient();
  const [running, setRunning] = useState<Import | null>(null);
  const [trouble, setTrouble] = useState("");
  const id = running?.state === "running" ? running.id : null;
  useEffect(() => {
    if (id === null) return;
    const timer = setInterval(async () => {
      try {
        const now = await unwrap(api().GET("/api/v1/imports/{importId}", { params: { path: { importId: id } } }));
        setRunning(now);
        if (now.state === "done") await client.invalidateQueries({ queryKey: [of] });
      } catch (error) {
        setTrouble(errorMessage(error, t("offline")));
      }
    }, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [id, of, client, t]);
  const send = async (file: File | null): Promise<void> => {
    if (!file) return;
    setTrouble("");
    const options = {
      params: { query: schoolQuery(place) },
      body: await file.text(),
      bodySerializer: (body: string) => body,
      headers: { "content-type": "text/csv" },
    };
    try {
      setRunning(
        await unwrap(
          kind === "people" ? api().POST("/api/v1/imports/people", options) : api().POST("/api/v1/imports/timetable", options),
        ),
      );
    } catch (error) {
      setTrouble(errorMessage(error, t("offline")));
    }
  };
  return (
    <Stack className="csv-import">
      <Group>
        <FileButton accept=".csv,text/csv" onChange={(file) => void send(file)}>
          {(props) => (
            <Button variant="default" {...props}>
              {t("csv")}
            </Button>
          )}
        </FileButton>
        <span className="text-muted csv-columns">{t(`csvColumns.${kind}`)}</span>
      </Group>
      {running?.state === "running" ? (
        <Progress value={running.rowsTotal > 0 ? (100 * running.rowsDone) / running.rowsTotal : 0} aria-label={t("csv")} />
      ) : null}
      {running?.state === "done" ? <Alert role="status">{t("csvDone", { count: running.rowsDone })}</Alert> : null}
      {trouble ? (
        <Alert color="red" role="alert">
          {t("refused", { words: trouble })}
        </Alert>
      ) : null}
      {running?.state === "failed" ? (
        <Alert color="red" role="alert" title={t("csvFailed")}>
          <Table>
            <Table.Tbody>
              {running.errors.map(({ line, column, message }) => (
                <Table.Tr key={`${line} ${column} ${message}`}>
                  <Table.Td>{t("csvLine", { line })}</Table.Td>
                  <Table.Td>{column}</Table.Td>
                  <Table.Td>{message}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Alert>
      ) : null}
    </Stack>
  );
}

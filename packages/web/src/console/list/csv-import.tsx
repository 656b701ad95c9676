/** Imports a CSV file, with progress and the errors of each line. One wrong line stops it. */
import { Alert, Button, FileButton, Group, Progress, Stack, Table } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";

type ImportKind = "people" | "timetable";
export type LineError = { readonly line: number; readonly column: string; readonly message: string };
type Import = {
  readonly id: string;
  readonly state: "running" | "done" | "failed";
  readonly rowsTotal: number;
  readonly rowsDone: number;
  readonly rowsAdded: number;
  readonly errors: readonly LineError[];
};

const POLL_MS = 500;

/** @param listKey the query key of the list that is loaded again after the import */
export function CsvImport({ kind, listKey }: { kind: ImportKind; listKey: string }) {
  const { t } = useTranslation();
  const { current, error, start } = useImport(kind, listKey);
  return (
    <Stack className="csv-import">
      <Group>
        <CsvFileButton onChoose={(file) => void start(file)} />
        <span className="text-muted csv-columns">{t(`csvColumns.${kind}`)}</span>
      </Group>
      {current?.state === "running" ? <Progress value={100 * shareDone(current)} aria-label={t("csv")} /> : null}
      {current?.state === "done" ? <Done current={current} /> : null}
      {error ? (
        <Alert color="red" role="alert">
          {t("failed", { message: error })}
        </Alert>
      ) : null}
      {current?.state === "failed" ? <FailedImport current={current} /> : null}
    </Stack>
  );
}

/** Lets the person choose a file, and the same one again after it was corrected. */
export function CsvFileButton({ onChoose, isBusy = false }: { onChoose: (file: File) => void; isBusy?: boolean }) {
  const { t } = useTranslation();
  const reset = useRef<() => void>(null);
  const choose = (file: File | null): void => {
    reset.current?.();
    if (file) onChoose(file);
  };
  return (
    <FileButton accept=".csv,text/csv" resetRef={reset} onChange={choose}>
      {(props) => (
        <Button variant="default" loading={isBusy} {...props}>
          {t("csv")}
        </Button>
      )}
    </FileButton>
  );
}

function shareDone({ rowsTotal, rowsDone }: Import): number {
  return rowsTotal > 0 ? rowsDone / rowsTotal : 0;
}

/** Sends the file, and polls the import until it has ended. */
function useImport(kind: ImportKind, listKey: string) {
  const { t } = useTranslation();
  const scope = useSchoolScope();
  const client = useQueryClient();
  const [current, setCurrent] = useState<Import | null>(null);
  const [error, setError] = useState("");
  const runningId = current?.state === "running" ? current.id : null;
  useEffect(() => {
    if (runningId === null) return;
    const timer = setInterval(async () => {
      try {
        const now = await unwrap(api().GET("/api/v1/imports/{importId}", { params: { path: { importId: runningId } } }));
        setCurrent(now);
        if (now.state === "done") await client.invalidateQueries({ queryKey: [listKey] });
      } catch (failure) {
        setError(errorMessage(failure, t("offline")));
      }
    }, POLL_MS);
    return () => clearInterval(timer);
  }, [runningId, listKey, client, t]);
  const start = async (file: File): Promise<void> => {
    setError("");
    try {
      setCurrent(await startImport(kind, file, schoolQuery(scope)));
    } catch (failure) {
      setError(errorMessage(failure, t("offline")));
    }
  };
  return { current, error, start };
}

/** The server finds out in which encoding a spreadsheet has written the file. */
function startImport(kind: ImportKind, file: File, query: { schoolId?: string }): Promise<Import> {
  const options = {
    params: { query },
    body: file.name,
    bodySerializer: () => file,
    headers: { "content-type": "text/csv" },
  };
  if (kind === "people") return unwrap(api().POST("/api/v1/imports/people", options));
  return unwrap(api().POST("/api/v1/imports/timetable", options));
}

function Done({ current: { rowsDone, rowsAdded } }: { current: Import }) {
  const { t } = useTranslation();
  const present = rowsDone - rowsAdded;
  return (
    <Alert role="status">
      {t("csvDone", { count: rowsAdded })} {present > 0 ? t("csvPresent", { count: present }) : null}
    </Alert>
  );
}

function FailedImport({ current: { errors, rowsDone } }: { current: Import }) {
  const { t } = useTranslation();
  return <LineErrors title={rowsDone > 0 ? t("csvPartly", { count: rowsDone }) : t("csvFailed")} errors={errors} />;
}

export function LineErrors({ title, errors }: { readonly title: string; readonly errors: readonly LineError[] }) {
  const { t } = useTranslation();
  return (
    <Alert color="red" role="alert" title={title}>
      <Table w="auto">
        <Table.Tbody>
          {errors.map(({ line, column, message }) => (
            <Table.Tr key={`${line} ${column} ${message}`}>
              <Table.Td>{t("csvLine", { line })}</Table.Td>
              <Table.Td>{column}</Table.Td>
              <Table.Td>{message}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Alert>
  );
}

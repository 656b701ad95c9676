/** Imports the question bank from CSV, all or nothing, and exports it: of the school, or of the course that the list shows. */
import { Alert, Button, Group, Stack } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { loadCsvPages } from "../../downloads/csv-pages.ts";
import { saveCsv } from "../../downloads/save-csv.ts";
import { ApiError, api, unwrap } from "../../session/api.ts";
import { errorMessage, InputError } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { CsvFileButton, type LineError, LineErrors } from "../list/csv-import.tsx";
import type { Option } from "../list/filters.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { isOfAllSchools, schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { fileErrors } from "./file-errors.ts";

const MEGABYTE = 1024 * 1024;
const MAX_MEGABYTES = 4;

type Outcome =
  | { readonly kind: "imported"; readonly added: number; readonly skipped: number }
  | { readonly kind: "failed"; readonly message: string; readonly mistakes: readonly LineError[] };
type Query = { readonly schoolId?: string; readonly courseId?: string };

type BankTransferProps = {
  /** Null: questions for all courses are imported, and all questions exported. */
  readonly course: Option | null;
  readonly canImport: boolean;
  /** The list that is loaded again after an import. */
  readonly listKey: string;
};

export function BankTransfer({ course, canImport, listKey }: BankTransferProps) {
  const { t } = useTranslation();
  const query = { ...schoolQuery(useSchoolScope()), ...nonEmpty({ courseId: course?.value }) };
  const { isBusy, outcome, run } = useTransfer(listKey);
  const tooLarge = t("questionBank.tooLarge", { megabytes: MAX_MEGABYTES });
  const hint = course ? t("questionBank.ofCourse", { course: course.label }) : t("questionBank.ofAll");
  return (
    <Stack gap="xs">
      <details className="bank-transfer">
        <summary>{t(canImport ? "questionBank.transfer" : "questionBank.export")}</summary>
        {canImport ? <p className="text-muted">{hint}</p> : null}
        {canImport ? <p className="text-muted csv-columns">{t("csvColumns.questionBank")}</p> : null}
        <Group>
          {canImport ? (
            <CsvFileButton isBusy={isBusy} onChoose={(file) => void run(() => importFile(file, query, tooLarge))} />
          ) : null}
          <Button variant="default" disabled={isBusy} onClick={() => void run(() => saveExport(query))}>
            {t("exportCsv")}
          </Button>
        </Group>
      </details>
      {outcome ? <TransferOutcome outcome={outcome} /> : null}
    </Stack>
  );
}

function useTransfer(listKey: string) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const place = useSchoolScope();
  const [isBusy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const run = async (call: () => Promise<Outcome | null>): Promise<void> => {
    setBusy(true);
    setOutcome(null);
    try {
      if (isOfAllSchools(place)) throw new InputError(t("selectSchool"));
      const done = await call();
      setOutcome(done);
      if (done) await client.invalidateQueries({ queryKey: [listKey] });
    } catch (failure) {
      const mistakes = failure instanceof ApiError ? fileErrors(failure.problem) : [];
      setOutcome({ kind: "failed", message: errorMessage(failure, t("offline")), mistakes });
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, outcome, run };
}

/** @param tooLarge what the person is told of a file that the API would not take; @throws ApiError, InputError */
async function importFile(file: File, query: Query, tooLarge: string): Promise<Outcome> {
  if (file.size > MAX_MEGABYTES * MEGABYTE) throw new InputError(tooLarge);
  const imported = await unwrap(
    api().POST("/api/v1/quiz-bank/import", {
      // The file itself, as its text may be in GBK, which the server reads.
      params: { query },
      body: file.name,
      bodySerializer: () => file,
      headers: { "content-type": "text/plain" },
    }),
  );
  return { kind: "imported", ...imported };
}

async function saveExport(query: Query): Promise<null> {
  const text = await loadCsvPages((after) =>
    api().GET("/api/v1/quiz-bank/export", { params: { query: { ...query, ...after } }, parseAs: "text" }),
  );
  saveCsv("question-bank.csv", text);
  return null;
}

function TransferOutcome({ outcome }: { outcome: Outcome }) {
  const { t } = useTranslation();
  if (outcome.kind === "imported") {
    const { added, skipped } = outcome;
    return (
      <Alert role="status">
        {t("csvDone", { count: added })} {skipped > 0 ? t("csvPresent", { count: skipped }) : null}
      </Alert>
    );
  }
  if (outcome.mistakes.length > 0) return <LineErrors title={outcome.message} errors={outcome.mistakes} />;
  return (
    <Alert color="red" role="alert">
      {t("failed", { message: outcome.message })}
    </Alert>
  );
}

/** Shows what imports of CSV files share: the buttons that choose a file, and the errors of its lines. */
import { Alert, Button, FileButton, Table } from "@mantine/core";
import { useRef } from "react";
import { useTranslation } from "../../texts/use-translation.ts";

export type LineError = { readonly line: number; readonly column: string; readonly message: string };

type ChooseFileProps = {
  readonly label: string;
  /** Types and endings, as `accept` of an input of files has them. */
  readonly types: string;
  readonly onChoose: (file: File) => void;
  readonly isBusy?: boolean;
};

/** Lets the person choose a file, and the same one again after it was corrected. */
export function ChooseFile({ label, types, onChoose, isBusy = false }: ChooseFileProps) {
  const reset = useRef<() => void>(null);
  const choose = (file: File | null): void => {
    reset.current?.();
    if (file) onChoose(file);
  };
  return (
    <FileButton accept={types} resetRef={reset} onChange={choose}>
      {(props) => (
        <Button variant="default" loading={isBusy} {...props}>
          {label}
        </Button>
      )}
    </FileButton>
  );
}

export function CsvFileButton(props: Pick<ChooseFileProps, "onChoose" | "isBusy">) {
  const { t } = useTranslation();
  return <ChooseFile label={t("csv")} types=".csv,text/csv" {...props} />;
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

/** Shows how a file is read: its first rows below what each column means, what can be chosen, and all faults. */

import type { ImportPreview } from "@lectern/client";
import { Button } from "@lectern/ui";
import { Checkbox, NativeSelect, Table } from "@mantine/core";
import { useTranslation } from "../../texts/use-translation.ts";
import { TableScroll } from "../list/table-scroll.tsx";
import type { Chosen } from "./import-calls.ts";
import { ImportFaults } from "./import-faults.tsx";

type Choice = Omit<Chosen, "schoolId" | "courseId">;
type ImportPreviewProps = {
  readonly preview: ImportPreview;
  readonly choice: Choice;
  readonly onChoice: (choice: Choice) => void;
  readonly isPending: boolean;
  readonly onStart: () => void;
};

/** As a request names a column that is not read. */
const NOT_READ = "-";

export function ImportPreviewTable({ preview, choice, onChoice, isPending, onStart }: ImportPreviewProps) {
  const { t } = useTranslation();
  const { rowsTotal, rowsRight, errors, missingCourses } = preview;
  const unknown = preview.columns.filter(({ field }) => field === null).map(({ heading }) => heading);
  const isFileWrong =
    preview.columns.length === 0 || missingFields(preview).length > 0 || (unknown.length > 0 && !leavesOut(choice));
  const isWhole = errors.length === 0 || isFileWrong;
  return (
    <div className="import-preview">
      <h2>{t("imports.preview")}</h2>
      <PreviewTable preview={preview} choice={choice} onChoice={onChoice} />
      {unknown.length > 0 && choice.columns === null ? (
        <Checkbox
          label={t("imports.ignoreUnknown", { headings: unknown.join(", ") })}
          checked={choice.ignoreUnknown}
          onChange={(event) => onChoice({ ...choice, ignoreUnknown: event.currentTarget.checked })}
        />
      ) : null}
      {missingCourses.length > 0 ? (
        <Checkbox
          label={t("imports.createCourses", { courses: missingCourses.join(", ") })}
          checked={choice.createCourses}
          onChange={(event) => onChoice({ ...choice, createCourses: event.currentTarget.checked })}
        />
      ) : null}
      {namesAlone(preview) ? (
        <Checkbox
          label={t("imports.makeLogins")}
          checked={choice.makeLogins}
          onChange={(event) => onChoice({ ...choice, makeLogins: event.currentTarget.checked })}
        />
      ) : null}
      <p role="status">{t("imports.rightOf", { right: isFileWrong ? 0 : rowsRight, count: rowsTotal })}</p>
      <Button kind="primary" disabled={isPending || isFileWrong || rowsRight === 0} onClick={onStart}>
        {t(isWhole ? "imports.start" : "imports.startRight", { count: isFileWrong ? 0 : rowsRight })}
      </Button>
      {errors.length > 0 ? <ImportFaults title={t("imports.faults")} faults={errors} /> : null}
    </div>
  );
}

/** People have usernames, and no column of the file does. */
function namesAlone({ fields, columns }: ImportPreview): boolean {
  return fields.some(({ name }) => name === "login") && columns.every(({ field }) => field !== "login");
}

/** Fields that a file needs, and that none of its columns means. */
function missingFields({ fields, columns }: ImportPreview): readonly string[] {
  return fields.filter(({ name, required }) => required && columns.every(({ field }) => field !== name)).map(({ name }) => name);
}

function leavesOut({ ignoreUnknown, columns }: Choice): boolean {
  return ignoreUnknown || columns !== null;
}

function PreviewTable({ preview, choice, onChoice }: Pick<ImportPreviewProps, "preview" | "choice" | "onChoice">) {
  const { t } = useTranslation();
  const { columns, fields, rows } = preview;
  const options = [
    { value: NOT_READ, label: t("imports.noMeaning") },
    ...fields.map(({ name, required }) => ({ value: name, label: `${t(`imports.fields.${name}`)}${required ? " *" : ""}` })),
  ];
  const current = columns.map(({ field }) => field ?? NOT_READ);
  const setColumn = (at: number, value: string): void =>
    onChoice({
      ...choice,
      // A field is that of one column: the other one that had it is not read any more.
      columns: current.map((field, i) => (i === at ? value : field === value ? NOT_READ : field)),
    });
  return (
    <TableScroll label={t("imports.preview")}>
      <Table className="import-table">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("imports.rowNumber")}</Table.Th>
            {columns.map(({ heading }, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: headings may stand twice, and columns do not move
              <Table.Th key={i}>
                <span className="import-heading">{heading}</span>
                <NativeSelect
                  aria-label={t("imports.meaningOf", { heading })}
                  data={options}
                  value={current[i] ?? NOT_READ}
                  onChange={(event) => setColumn(i, event.currentTarget.value)}
                />
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ line, cells }) => (
            <Table.Tr key={line}>
              <Table.Td className="text-muted">{line}</Table.Td>
              {columns.map((_, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns do not move
                <Table.Td key={i} className={current[i] === NOT_READ ? "import-unread" : ""}>
                  {cells[i] ?? ""}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableScroll>
  );
}

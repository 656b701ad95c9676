/** Shows all faults of a file, each beside its line and column. */
import type { ImportPreview } from "@lectern/client";
import { useTranslation } from "../../texts/use-translation.ts";

type Fault = ImportPreview["errors"][number];

export function ImportFaults({ title, faults }: { readonly title: string; readonly faults: readonly Fault[] }) {
  const { t, i18n } = useTranslation();
  const nameOf = (column: string) => (i18n.exists(`imports.fields.${column}`) ? t(`imports.fields.${column}`) : column);
  const placeOf = ({ line, column }: Fault) =>
    [line > 0 ? t("imports.place", { line }) : "", nameOf(column)].filter((part) => part !== "").join(" · ");
  return (
    <div className="error-box import-faults" role="alert">
      <strong>{title}</strong>
      <ul>
        {faults.map((fault) => (
          <li key={`${fault.line} ${fault.column} ${fault.message}`}>
            <b>{placeOf(fault)}</b>: {fault.message}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Shows the last day of a series, as an input of a form; the ends of the school's terms are offered. */
import { Button } from "@lectern/ui";
import { TextInput } from "@mantine/core";
import { useTranslation } from "../../texts/use-translation.ts";
import { useFormatDate } from "../school/school-time.ts";
import { useTerms } from "./use-terms.ts";

type UntilInputProps = {
  readonly value: string;
  readonly mistake: string | undefined;
  readonly onChange: (value: string) => void;
};

export function UntilInput({ value, mistake, onChange }: UntilInputProps) {
  const { t } = useTranslation();
  const day = useFormatDate();
  const terms = useTerms();
  return (
    <div className="until-input">
      <TextInput
        type="date"
        label={t("series.until")}
        description={t("series.untilHint")}
        {...(mistake ? { error: mistake } : {})}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      {terms
        .filter(({ endsOn }) => endsOn !== value)
        .map(({ id, name, endsOn }) => (
          <Button key={id} kind="quiet" onClick={() => onChange(endsOn)}>
            {t("series.untilTerm", { name, day: day(endsOn) })}
          </Button>
        ))}
    </div>
  );
}

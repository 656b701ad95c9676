/** Says before a candidate enters what is filmed, who looks at it, and how long it is kept. */
import { useTranslation } from "../../texts/use-translation.ts";
import type { SupervisionTerms } from "../attempt/exam-types.ts";

/** In the server's words for machines; one of a newer server is left out. */
const LINES = [
  "camera-required",
  "camera-optional",
  "screen",
  "phone",
  "seen-by-supervisors",
  "recorded",
  "not-recorded",
  "no-judging",
] as const;

export function Terms({ terms }: { readonly terms: SupervisionTerms }) {
  const { t } = useTranslation();
  const said = terms.lines.flatMap(({ code, days = 0 }) => {
    const known = LINES.find((line) => line === code);
    return known ? [{ code: known, days }] : [];
  });
  return (
    <section className="exam-noted" aria-labelledby="exam-filmed">
      <h2 id="exam-filmed">{t("exam.filmed.title")}</h2>
      <ul>
        {said.map(({ code, days }) => (
          <li key={code}>{t(`exam.filmed.lines.${code}`, { days })}</li>
        ))}
      </ul>
    </section>
  );
}

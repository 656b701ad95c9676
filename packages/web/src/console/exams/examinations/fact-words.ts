/** Names what is noted in an examination. */
import { FACT_KINDS } from "@lectern/exam";
import type { useTranslation } from "../../../texts/use-translation.ts";

/** In words; one of a newer server as it is. */
export function factWords(t: ReturnType<typeof useTranslation>["t"], fact: string): string {
  const known = FACT_KINDS.find((one) => one === fact);
  return known ? t(`exams.factWords.${known}`) : fact;
}

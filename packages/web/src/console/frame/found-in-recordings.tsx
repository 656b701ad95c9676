/** Shows the page of the console that searches in recordings, where the search over everything leads. */
import { RecordingSearch } from "../../recorded-words/recording-search.tsx";
import { useTranslation } from "../../texts/use-translation.ts";
import { useSchoolScope } from "../school/school-context.ts";

export function FoundInRecordings() {
  const { t } = useTranslation();
  const { school } = useSchoolScope();
  return (
    <>
      <h1>{t("words.all")}</h1>
      <RecordingSearch {...(school ? { schoolId: school.id } : {})} />
    </>
  );
}

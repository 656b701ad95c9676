/** Shows the stage of a small lesson in the studio: all are seen and heard on it, the teacher too. What is on it comes with the class. */
import { useTranslation } from "../texts/use-translation.ts";
import { StageRow } from "./publish/parts/stage-row.tsx";

export function PeopleTile({ onPlace }: { readonly onPlace: (place: HTMLElement | null) => void }) {
  const { t } = useTranslation();
  return (
    <section className="preview" aria-label={t("everybody")}>
      <StageRow className="of-people">
        <div className="stage-people" ref={onPlace} />
      </StageRow>
    </section>
  );
}

/** Adds questions of the school's bank to a section of a paper. */
import type { ExamPaper } from "@lectern/client";
import { Button, Drawer } from "@lectern/ui";
import { Checkbox, TextInput } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, unwrap } from "../../../session/api.ts";
import { errorMessage } from "../../../session/error-message.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { nonEmpty } from "../../list/url-filters.ts";

const SHOWN = 50;

type BankDrawerProps = {
  readonly paper: ExamPaper;
  /** Its id. */
  readonly section: string;
  readonly onAdded: (paper: ExamPaper) => void;
  readonly onClose: () => void;
};

export function BankDrawer({ paper, section, onAdded, onClose }: BankDrawerProps) {
  const { t } = useTranslation();
  const [search, setSearch] = useState("");
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [points, setPoints] = useState("1");
  const [error, setError] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const query = { schoolId: paper.schoolId, limit: SHOWN, ...nonEmpty({ search, courseId: paper.courseId ?? "" }) };
  const items = useQuery({
    queryKey: ["quiz-bank", "exams", query],
    queryFn: () => unwrap(api().GET("/api/v1/quiz-bank", { params: { query } })),
    placeholderData: keepPreviousData,
  });
  // A question of a poll has no right answer.
  const shown = (items.data?.items ?? []).filter(({ correct }) => correct !== null);
  const add = async (): Promise<void> => {
    setIsBusy(true);
    setError("");
    try {
      const changed = await unwrap(
        api().POST("/api/v1/papers/{paperId}/bank", {
          params: { path: { paperId: paper.id }, header: { "If-Match": `"v${paper.version}"` } },
          body: { items: [...chosen], section, points: Number(points) || 1 },
        }),
      );
      onAdded(changed);
    } catch (failure) {
      setError(errorMessage(failure, t("offline")));
      setIsBusy(false);
    }
  };
  return (
    <Drawer title={t("exams.fromBank")} closeLabel={t("close")} onClose={onClose}>
      <div className="fields-form">
        <TextInput type="search" label={t("search")} value={search} onChange={(event) => setSearch(event.target.value)} />
        <TextInput
          type="number"
          label={t("exams.pointsEach")}
          min={0.5}
          max={100}
          step={0.5}
          value={points}
          onChange={(event) => setPoints(event.target.value)}
        />
        {shown.length === 0 && items.isSuccess ? <p className="text-muted">{t("exams.noBankQuestions")}</p> : null}
        <ul className="bank-choices">
          {shown.map(({ id, text, type }) => (
            <li key={id}>
              <Checkbox
                label={text}
                description={t(`questionBank.types.${type}`)}
                checked={chosen.includes(id)}
                onChange={(event) => setChosen(event.target.checked ? [...chosen, id] : chosen.filter((one) => one !== id))}
              />
            </li>
          ))}
        </ul>
        {error ? (
          <p className="error-box" role="alert">
            {t("failed", { message: error })}
          </p>
        ) : null}
        <div className="form-end">
          <Button kind="primary" disabled={chosen.length === 0 || isBusy} onClick={() => void add()}>
            {t("exams.addChosen", { count: chosen.length })}
          </Button>
          <Button onClick={onClose}>{t("cancel")}</Button>
        </div>
      </div>
    </Drawer>
  );
}
